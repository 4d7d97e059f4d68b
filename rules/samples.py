"""Samples beside a rule: texts that it must win, and near misses that it must not."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jobmon.diagnosis import Diagnosis, TaskFailure
from jobmon.errors import SettingsError
from jobmon.run import Termination
from rules.engine import conclude, examine
from rules.loader import CATALOG, RULE_FILE, shown_path
from rules.ruleset import RuleSet

_FAILURE_KEYS = frozenset(
    [
        "error",
        "trace",
        "message",
        "logs",
        "termination_code",
        "termination_type",
        "termination_message",
        "cluster_code",
        "task_type",
    ]
)
_EXPECT_KEYS = frozenset({"captures", "winner"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One text and what the rule beside it must make of it."""

    code: str
    name: str
    file: str
    failure: TaskFailure
    captures: dict[str, str] = field(default_factory=dict)
    winner: str = ""
    source: str = ""

    @property
    def must_match(self) -> bool:
        """Whether the rule has to win it; otherwise it must not."""
        return self.name.startswith("match_")

    @property
    def id(self) -> str:
        """`PY101-match_import_in_notebook`."""
        return f"{self.code}-{self.name}"


def samples_of(folder: Path) -> Iterator[Sample]:
    """Read the samples of one rule's folder."""
    code = folder.name.split("-", 1)[0]
    for file in sorted((folder / "samples").glob("*.toml")):
        yield read_sample(file, code)


def all_samples(root: Path = CATALOG) -> list[Sample]:
    """Read the samples of every rule at or below a folder."""
    return [sample for folder in _folders(root) for sample in samples_of(folder)]


def _folders(root: Path) -> list[Path]:
    return sorted(file.parent for file in root.rglob(RULE_FILE))


def read_sample(file: Path, code: str) -> Sample:
    """Read one sample; raises SettingsError that says what is wrong with it."""
    shown = shown_path(file)
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise SettingsError((f"{shown}: is not TOML: {exc}. Put texts into ''' quotes.",)) from exc
    failure, expect = table.get("failure"), table.get("expect", {})
    if not isinstance(failure, dict) or not isinstance(expect, dict):
        raise SettingsError((f"{shown}: has no [failure] table. Write the text under it.",))
    if not file.stem.startswith(("match_", "ignore_")):
        raise SettingsError((f"{shown}: is called neither match_… nor ignore_…. Rename it.",))
    unknown = (failure.keys() - _FAILURE_KEYS) | (expect.keys() - _EXPECT_KEYS)
    if unknown:
        known = ", ".join(sorted(_FAILURE_KEYS | _EXPECT_KEYS))
        raise SettingsError(
            (f"{shown}: unknown key {', '.join(sorted(unknown))}.\n  Use one of: {known}.",)
        )
    return Sample(
        code=code,
        name=file.stem,
        file=shown,
        failure=_failure(failure),
        captures=dict(expect.get("captures", {})),
        winner=str(expect.get("winner", "")),
        source=str(table.get("source", "")),
    )


def _failure(table: dict[str, str]) -> TaskFailure:
    termination = None
    if any(key.startswith("termination_") for key in table):
        termination = Termination(
            code=table.get("termination_code", ""),
            type=table.get("termination_type", ""),
            message=table.get("termination_message", ""),
        )
    return TaskFailure(
        task_key="sample",
        task_type=table.get("task_type", ""),
        termination=termination,
        cluster_code=table.get("cluster_code", ""),
        error=table.get("error", ""),
        trace=table.get("trace", ""),
        message=table.get("message", ""),
        logs=table.get("logs", ""),
    )


def judge(sample: Sample, ruleset: RuleSet) -> list[str]:
    """Run a sample against all rules; returns what is not as its name says, best nothing."""
    examination = examine(sample.failure, ruleset)
    diagnosis = conclude(examination)
    finding = diagnosis.finding
    won_by = finding.rule if finding else "no rule"
    if not sample.must_match:
        if won_by == sample.code:
            return [f"{sample.id}: is won by {sample.code}, which should ignore it"]
        if sample.winner and won_by != sample.winner:
            return [f"{sample.id}: is won by {_shown(diagnosis)}, not by {sample.winner}"]
        return []
    if won_by != sample.code or finding is None:
        return [f"{sample.id}: is won by {_shown(diagnosis)}, not by {sample.code}"]
    found = dict(finding.entities) | examination.candidates[0].captures
    return [
        f"{sample.id}: {name} is {found.get(name)!r}, not {value!r}"
        for name, value in sample.captures.items()
        if found.get(name) != value
    ]


def _shown(diagnosis: Diagnosis) -> str:
    if diagnosis.finding is None:
        return f"no rule (headline: {diagnosis.headline!r})"
    ranked = ", ".join((diagnosis.finding.rule, *diagnosis.also_matched[:4]))
    return f"{diagnosis.finding.rule} (ranked: {ranked})"


def run(paths: Iterable[Path], ruleset: RuleSet) -> tuple[int, list[str]]:
    """Judge the samples at or below the paths; returns how many, and every complaint.

    A rule without a sample that it must win is one: nothing shows that it ever fires.
    """
    count, complaints = 0, []
    for folder in (folder for path in paths for folder in _folders(path)):
        samples = list(samples_of(folder))
        count += len(samples)
        complaints += [complaint for sample in samples for complaint in judge(sample, ruleset)]
        if not any(sample.must_match for sample in samples):
            lack = "has no samples/match_….toml: nothing shows that it ever fires"
            complaints.append(f"{folder.name}: {lack}")
    return count, complaints
