"""The diagnoses of one run's failed tasks, put together by cause."""

from collections.abc import Iterable
from dataclasses import dataclass

from jobmon.diagnosis import Diagnosis, Rerun, TaskFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDiagnosis:
    """The diagnosis of one failed task run, with what belongs beside it in a message."""

    failure: TaskFailure
    diagnosis: Diagnosis


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseGroup:
    """The failed tasks of one run that share a fingerprint: one paragraph with a count."""

    fingerprint: str
    diagnosis: Diagnosis
    task_keys: tuple[str, ...]
    """The first `MAX_NAMED_TASKS`, in the run's order."""
    count: int
    origin: str = ""
    note: str = ""
    excerpt: tuple[str, ...] = ()
    """The decisive lines, bounded, for quoting in a message."""


MAX_NAMED_TASKS = 50
MAX_EXCERPT_LINES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDiagnosis:
    """What is known about the failures of one run, largest cause group first."""

    groups: tuple[CauseGroup, ...] = ()
    failed_count: int = 0
    downstream_count: int = 0
    pending_count: int = 0
    """Failed tasks whose output has not been read yet: more is coming."""
    notes: tuple[str, ...] = ()

    @property
    def fingerprints(self) -> frozenset[str]:
        """The distinct causes."""
        return frozenset(group.fingerprint for group in self.groups)

    @property
    def rerun(self) -> Rerun:
        """Advice for the whole run: no rerun helps while one cause stays."""
        advice = {group.diagnosis.rerun for group in self.groups}
        if Rerun.UNLIKELY_TO_HELP in advice:
            return Rerun.UNLIKELY_TO_HELP
        return Rerun.LIKELY_TO_HELP if advice == {Rerun.LIKELY_TO_HELP} else Rerun.UNKNOWN


def group_causes(diagnoses: Iterable[TaskDiagnosis]) -> tuple[CauseGroup, ...]:
    """Put tasks with one fingerprint together; the largest group first, then the first seen."""
    members: dict[str, list[TaskDiagnosis]] = {}
    for item in diagnoses:
        members.setdefault(item.diagnosis.fingerprint, []).append(item)
    groups = [_group(fingerprint, items) for fingerprint, items in members.items()]
    return tuple(sorted(groups, key=lambda group: -group.count))


def _group(fingerprint: str, items: list[TaskDiagnosis]) -> CauseGroup:
    first = items[0]
    return CauseGroup(
        fingerprint=fingerprint,
        diagnosis=first.diagnosis,
        task_keys=tuple(item.failure.task_key for item in items[:MAX_NAMED_TASKS]),
        count=sum(item.failure.occurrences for item in items),
        origin=first.failure.origin,
        note=first.failure.note,
        excerpt=_excerpt(first.diagnosis),
    )


def _excerpt(diagnosis: Diagnosis) -> tuple[str, ...]:
    finding = diagnosis.finding
    quoted = [line.text for line in finding.evidence] if finding else []
    return tuple(dict.fromkeys([diagnosis.headline, *quoted]))[:MAX_EXCERPT_LINES]
