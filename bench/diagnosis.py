"""How right the diagnoses are, on labelled texts: `python -m bench.diagnosis CORPUS [-v]`.

CORPUS is a folder of JSONL files (or one file); each line has `text`, `field`, `category`,
`root_cause_line`, `entities` and `transient`. JOBMON_CORPUS names it otherwise.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.baseline import decide
from bench.measure import table
from jobmon.cli.diagnose_text import failure_of, record_of
from rules.causes import clean
from rules.engine import classify
from rules.ruleset import load

Entry = dict[str, Any]
Answer = dict[str, Any]


@dataclass
class Score:
    """Sums over the texts of one file."""

    texts: int = 0
    right: int = 0
    named: int = 0
    named_right: int = 0
    lines: int = 0
    entities: int = 0
    entities_found: int = 0
    permanent: int = 0
    burned: int = 0
    transient: int = 0
    transient_seen: int = 0
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def add(self, entry: Entry, answer: Answer) -> None:
        wanted, got = entry["category"], answer["category"]
        self.texts += 1
        self.right += wanted == got
        self.named += got != "unknown"
        self.named_right += wanted == got != "unknown"
        self.lines += same_line(answer["root_cause"], entry["root_cause_line"])
        self.entities += len(entry["entities"])
        found = answer["entities"]
        self.entities_found += sum(found.get(k) == v for k, v in entry["entities"].items())
        advised = answer["rerun"] == "likely_to_help"
        self.permanent += entry["transient"] is False
        self.burned += entry["transient"] is False and advised
        self.transient += entry["transient"] is True
        self.transient_seen += entry["transient"] is True and advised
        self.pairs.append((wanted, got))

    def macro_f1(self) -> float:
        categories = {wanted for wanted, _ in self.pairs}
        return sum(self._f1(category) for category in categories) / max(1, len(categories))

    def _f1(self, category: str) -> float:
        hits = sum(pair == (category, category) for pair in self.pairs)
        total = sum((w == category) + (g == category) for w, g in self.pairs)
        return 2 * hits / total if total else 0.0

    def row(self) -> list[str]:
        return [
            str(self.texts),
            percent(self.right, self.texts),
            percent(self.named, self.texts),
            percent(self.named_right, self.named),
            f"{self.macro_f1():.2f}",
            percent(self.lines, self.texts),
            percent(self.entities_found, self.entities),
            f"{self.burned} of {self.permanent}",
            f"{self.transient_seen} of {self.transient}",
        ]


HEADS = [
    *("texts", "accuracy", "coverage", "precision when named", "macro-F1", "root line"),
    *("entities", "reruns advised for permanent", "for transient"),
]


def percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def same_line(answer: str, wanted: str) -> bool:
    return clean(answer).strip() == clean(wanted).strip()


def by_rules() -> Callable[[Entry], Answer]:
    ruleset = load()
    return lambda entry: record_of(classify(failure_of(entry["text"], entry["field"]), ruleset))


def by_tree(entry: Entry) -> Answer:
    category, line, entities = decide(entry["text"])
    return {
        "category": category,
        "rule": None,
        "root_cause": line,
        "entities": entities,
        "rerun": "unknown",
    }


def read(path: Path) -> list[Entry]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def files_of(corpus: Path) -> list[Path]:
    return sorted(corpus.glob("*.jsonl")) if corpus.is_dir() else [corpus]


def score(files: Iterable[Path], answer: Callable[[Entry], Answer]) -> dict[str, Score]:
    scores = {"all": Score()}
    for file in files:
        scores[file.stem] = Score()
        for entry in read(file):
            given = answer(entry)
            scores[file.stem].add(entry, given)
            scores["all"].add(entry, given)
    return scores


def show_wrong(files: Iterable[Path], answer: Callable[[Entry], Answer], *, full: bool) -> None:
    for file in files:
        for entry in read(file):
            given = answer(entry)
            faults = faults_of(entry, given)
            if faults:
                print(f"{entry['id']} {given['rule']}: {'; '.join(faults)}")
                if full:
                    print("\n".join(f"    {line}" for line in entry["text"].split("\n")[:40]))


def faults_of(entry: Entry, given: Answer) -> list[str]:
    faults = []
    if given["category"] != entry["category"]:
        faults.append(f"{given['category']} instead of {entry['category']}")
    if not same_line(given["root_cause"], entry["root_cause_line"]):
        faults.append(f"line {given['root_cause'][:90]!r} not {entry['root_cause_line'][:90]!r}")
    lost = {k: v for k, v in entry["entities"].items() if given["entities"].get(k) != v}
    if lost:
        faults.append(f"entities {given['entities']} lack {lost}")
    if entry["transient"] is False and given["rerun"] == "likely_to_help":
        faults.append("BURNS a rerun")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", default=os.environ.get("JOBMON_CORPUS"))
    parser.add_argument("-v", "--verbose", action="count", default=0, help="show what is wrong")
    arguments = parser.parse_args()
    if not arguments.corpus:
        parser.error("name the corpus, or set JOBMON_CORPUS")
    files = files_of(Path(arguments.corpus))
    rules = by_rules()
    scores = {"rules": score(files, rules), "five branches": score(files, by_tree)}
    rows = [
        [f"{name}, {file}", *found.row()]
        for name, by_file in scores.items()
        for file, found in by_file.items()
    ]
    table("How right the diagnoses are", ["", *HEADS], rows)
    wrong = Counter(pair for pair in scores["rules"]["all"].pairs if pair[0] != pair[1])
    print("\nConfused (is, was said to be):")
    for (wanted, got), count in wrong.most_common(40):
        print(f"  {count:3} {wanted} -> {got}")
    if arguments.verbose:
        show_wrong(files, rules, full=arguments.verbose > 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
