"""How fast diagnosis is: `python -m bench.classify [--corpus CORPUS] [--megabytes 1 10 100]`.

Ordinary texts are the catalogue's own samples; driver logs are written to a temporary file with
one error near the start, in the middle or near the end. Beside it, in the same run and on the
same lines: the same patterns in one RE2 set, one after the other with `re`, all of them as one
alternation, and ripgrep looking for the same literal parts (when it is installed).
"""

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.diagnosis import files_of
from bench.diagnosis import read as labelled
from bench.engines import filters_of, one_automaton, patterns_of
from bench.measure import table
from jobmon.cli.diagnose_text import diagnose_text, failure_of
from jobmon.diagnosis import TaskFailure
from rules.engine import classify
from rules.pattern_set import PatternSet
from rules.ruleset import RuleSet, load
from rules.samples import Sample, all_samples

MEGABYTE = 1_000_000
QUIET = (
    "26/11/24 02:13:{:02d} INFO TaskSetManager: Finished task {}.0 in stage 7.0 (TID {}) in 812 ms",
    "26/11/24 02:13:{:02d} INFO BlockManagerInfo: Added broadcast_{}_piece0 in memory (size: {} B)",
    "26/11/24 02:13:{:02d} DEBUG DAGScheduler: submitted stage {} with {} missing parents",
    "26/11/24 02:13:{:02d} INFO FileScanRDD: reading s3://lake/raw/part-{}.parquet, range 0-{}",
)
ERROR = """\
26/11/24 02:14:09 ERROR Executor: Exception in task 3.0 in stage 7.0 (TID 41)
org.apache.spark.SparkException: Job aborted due to stage failure
\tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:2981)
Caused by: java.io.IOException: No space left on device
\tat java.io.FileOutputStream.writeBytes(Native Method)
"""
SEEN = ("texts", "seen", "median, us", "mean, us", "99 of 100 within, us")
LOGS = ("driver log", "error at", "ms", "MB/s", "memory, MB", "named")
PLACES = {"start": 0.02, "middle": 0.5, "end": 0.98}
SLOW_BYTES = 200_000
"""How much text the slow rivals get: their speed does not depend on it."""


def quiet_lines() -> Iterator[str]:
    number = 0
    while True:
        line = QUIET[number % len(QUIET)]
        yield line.format(number % 60, number % 997, 100_000 + number)
        number += 1


def write_log(path: Path, size: int, place: float) -> None:
    """Write a log of about `size` bytes with one error at a place between 0 and 1."""
    written, told = 0, False
    with path.open("w") as file:
        for line in quiet_lines():
            if not told and written >= size * place:
                written += file.write(ERROR)
                told = True
            written += file.write(f"{line}\n")
            if written >= size:
                return


def best_of(times: int, action: Callable[[], object]) -> float:
    """Return the seconds of the quickest of several runs."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        action()
        found.append(time.perf_counter() - begun)
    return min(found)


def ordinary(ruleset: RuleSet, failures: list[TaskFailure]) -> list[list[str]]:
    """Time each text when it is seen for the first time, and once more after all the others."""
    rows = []
    for seen in ("for the first time", "again"):
        seconds = sorted(best_of(1, partial(classify, failure, ruleset)) for failure in failures)
        rows.append(
            [
                str(len(seconds)),
                seen,
                f"{statistics.median(seconds) * 1e6:.0f}",
                f"{statistics.mean(seconds) * 1e6:.0f}",
                f"{seconds[int(len(seconds) * 0.99)] * 1e6:.0f}",
            ]
        )
    return rows


def logs(ruleset: RuleSet, megabytes: list[int], folder: Path) -> list[list[str]]:
    rows = []
    for size in megabytes:
        for name, place in PLACES.items():
            path = folder / "driver.log"
            write_log(path, size * MEGABYTE, place)
            seconds = best_of(2, partial(read, path, ruleset))
            memory, rule = traced(path, ruleset)
            speed = f"{size / seconds:.0f}"
            rows.append([f"{size} MB", name, f"{seconds * 1e3:.0f}", speed, memory, rule])
    return rows


def read(path: Path, ruleset: RuleSet) -> str:
    with path.open("rb") as stream:
        finding = diagnose_text(stream, ruleset).finding
    return finding.rule if finding else "unknown"


def traced(path: Path, ruleset: RuleSet) -> tuple[str, str]:
    tracemalloc.start()
    rule = read(path, ruleset)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return f"{peak / MEGABYTE:.0f}", rule


def rivals(ruleset: RuleSet, patterns: list[str], folder: Path) -> list[list[str]]:
    path = folder / "part.log"
    write_log(path, SLOW_BYTES, PLACES["end"])
    text = path.read_text()
    lines = text.split("\n")
    compiled = [re.compile(pattern, re.MULTILINE) for pattern in patterns]
    whole = re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.MULTILINE)
    encoded = text.encode()
    automaton, filters = one_automaton(patterns), filters_of(patterns)
    cases: dict[str, Callable[[], object]] = {
        "by their literals first (Aho-Corasick, as here)": lambda: ruleset.lines.patterns.hits(
            text
        ),
        "by their literals first (RE2's own filters)": lambda: [
            one.Match(encoded) for one in filters
        ],
        "one automaton of all (RE2 set)": lambda: automaton.Match(encoded),
        "`re`, one pattern after the other": lambda: [p.search(text) for p in compiled],
        "`re`, one alternation, line by line": lambda: [whole.search(line) for line in lines[:200]],
    }
    rows = []
    for name, action in cases.items():
        part = len("\n".join(lines[:200])) if "alternation" in name else len(text)
        rows.append([name, f"{part / MEGABYTE / best_of(1, action):.2f}"])
    rows.append(["ripgrep, the literal parts", ripgrep(patterns, folder)])
    return rows


def unlike_texts(patterns: list[str]) -> list[list[str]]:
    """Time what matches all patterns on the samples, each seen once, by what has seen nothing."""
    said_by_samples = [text for text in map(said, all_samples()) if text]
    texts = [text.encode() for text in said_by_samples]
    together, filters = PatternSet(patterns), filters_of(patterns)
    compiled = [re.compile(pattern, re.MULTILINE) for pattern in patterns]
    automaton = one_automaton(patterns)
    few = said_by_samples[:20]
    rows = []
    for name, action, number in (
        ("by their literals first (Aho-Corasick, as here)",
         lambda: [together.hits(text) for text in said_by_samples], len(texts)),
        ("by their literals first (RE2's own filters)",
         lambda: [one.Match(text) for text in texts for one in filters], len(texts)),
        ("one automaton of all (RE2 set)",
         lambda: [automaton.Match(text) for text in texts], len(texts)),
        ("`re`, one pattern after the other",
         lambda: [p.search(text) for p in compiled for text in few], len(few)),
    ):  # fmt: skip
        rows.append([name, f"{best_of(1, action) / number * 1e6:,.0f}"])
    return rows


def said(sample: Sample) -> str:
    failure = sample.failure
    return f"{failure.error}\n{failure.trace}\n{failure.message}\n{failure.logs}".strip()


def ripgrep(patterns: list[str], folder: Path) -> str:
    """Return its speed on a log of 10 MB, process start included."""
    program = shutil.which("rg")
    if program is None:
        return "not installed"
    words = {max(re.findall(r"[\w ]{4,}", pattern), key=len, default="") for pattern in patterns}
    literals, log = folder / "literals", folder / "driver.log"
    literals.write_text("\n".join(sorted(word for word in words if word.strip())))
    write_log(log, 10 * MEGABYTE, PLACES["end"])
    command = [program, "--count", "--fixed-strings", "--file", str(literals), str(log)]
    seconds = best_of(3, lambda: subprocess.run(command, capture_output=True, check=False))
    return f"{10 / seconds:.0f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="labelled texts, seen before the samples")
    parser.add_argument("--megabytes", nargs="+", type=int, default=[1, 10, 100])
    arguments = parser.parse_args()
    begun = time.perf_counter()
    ruleset = load()
    print(f"{len(ruleset)} rules loaded in {(time.perf_counter() - begun) * 1e3:.0f} ms")
    if arguments.corpus:
        entries = [entry for file in files_of(arguments.corpus) for entry in labelled(file)]
        texts = [failure_of(entry["text"], entry["field"]) for entry in entries]
        table("Labelled texts", SEEN, ordinary(ruleset, texts))
    samples = [sample.failure for sample in all_samples()]
    table("The catalogue's samples", SEEN, ordinary(ruleset, samples))
    patterns = patterns_of(ruleset)
    title = f"{len(patterns)} patterns"
    table(f"{title} on texts unlike each other", ("how", "us a text"), unlike_texts(patterns))
    with tempfile.TemporaryDirectory() as folder:
        table("Driver logs", LOGS, logs(ruleset, arguments.megabytes, Path(folder)))
        rivalry = rivals(ruleset, patterns, Path(folder))
        table(f"{title} on the same log", ("how", "MB/s"), rivalry)
    return 0


if __name__ == "__main__":
    sys.exit(main())
