"""One open problem of one job: from its first failed run until a run succeeds."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from jobmon.run import JobId, Outcome, RepairId, Run, RunId, WorkspaceId

REGRESSION_WINDOW = timedelta(hours=24)
REPAIR_SHOWS_WITHIN = timedelta(minutes=5)
"""A run that looks as before this long after its repair was started has no repair."""
MAX_RUNS_REMEMBERED = 50
MAX_FINGERPRINTS_REMEMBERED = 100
"""Of its causes the latest; as many as one of its runs had, where that is more."""


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    REPAIRING = "repairing"
    RESOLVED = "resolved"


class NotifyReason(StrEnum):
    """Why people are told, or why not."""

    FIRST_FAILURE = "first_failure"
    NEW_CAUSE = "new_cause"
    MORE_FAILED = "more_failed"
    LATE_CAUSE = "late_cause"
    """All of a run is read now, and a cause was found after it had been told."""
    STILL_FAILING = "still_failing"
    REGRESSED = "regressed"
    REPAIRING = "repairing"
    ACKNOWLEDGED = "acknowledged"
    MUTED = "muted"
    UNMUTED = "unmuted"
    RESOLVED = "resolved"
    REPAIR_STOPPED = "repair_stopped"
    NOTHING_NEW = "nothing_new"


MEANING_CHANGED = frozenset(
    {NotifyReason.FIRST_FAILURE, NotifyReason.NEW_CAUSE, NotifyReason.REGRESSED}
)
"""Reasons worth a person's attention, not only an edited message."""
FAILING = MEANING_CHANGED | {
    NotifyReason.MORE_FAILED,
    NotifyReason.LATE_CAUSE,
    NotifyReason.STILL_FAILING,
}
"""Reasons that come of a failure, and so say where it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseCount:
    """One cause of an incident, and how often it was seen."""

    fingerprint: str
    runs: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRun:
    """One failed run of an incident, as it was when last read."""

    run_id: RunId
    attempts_key: str
    repair_id: int
    outcome: Outcome | None
    started_at: datetime | None
    failed_count: int
    seen_at: datetime
    complete: bool = True
    """Whether the run had ended and every output was read when it was looked at."""
    git_commit: str = ""
    repairs: int = field(default=0, compare=False)
    """How many repairs it had: their ids have no order. Older versions did not store it."""
    cause_count: int = field(default=0, compare=False)
    """How many causes it had: an incident forgets none of so many."""
    ended_at: datetime | None = field(default=None, compare=False)
    """None while it goes on, and where an older version stored it."""
    late_cause: bool = field(default=False, compare=False)
    """A cause was found after it had been told, and is told by mail when all is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One job's incident as part of a platform incident."""

    incident_id: str
    job_name: str
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An open problem of one job in one workspace."""

    incident_id: str
    workspace_id: WorkspaceId
    job_key: str
    """The job's id, or the run's own id where a run belongs to no job."""
    job_id: JobId | None
    job_name: str
    state: IncidentState
    opened_at: datetime
    """When the run that opened it ended; when that was seen failing, if it went on."""
    updated_at: datetime
    opened_by: RunId | None = None
    """The run that opened it: `runs` forgets the first of many."""
    version: int = 1
    """Rises with each change; buttons carry it, so that a stale click is noticed."""
    failure_version: int = 0
    """The version with which what failed last changed: another run, other attempts of it."""
    cause_version: int = 0
    """The version with which a cause appeared, or the incident began anew."""
    runs: tuple[FailedRun, ...] = ()
    causes: tuple[CauseCount, ...] = ()
    failure_count: int = 0
    """Failures since the incident opened: failed runs, and repairs that failed again."""
    destinations: tuple[str, ...] = ()
    """Where it has been told, so that later changes reach the same places."""
    platform_key: str = ""
    """The platform incident that tells of this one too; empty when it stands for itself."""
    members: tuple[Member, ...] = ()
    """Of a platform incident: the jobs that fail with its cause."""
    acknowledged_by: str = ""
    repairing_by: str = ""
    repairing_run: RunId | None = None
    """The run that was repaired or started anew."""
    muted_until: datetime | None = None
    muted_by: str = ""
    muted_until_changed: bool = False
    """Whether a new cause lifts the mute, also before its end."""
    audible: bool = False
    """Somebody unmuted it: mutes of its cause do not hold for this incident."""
    untold: bool = False
    """Muted from its first failure on: no message shows it."""
    mentioned: tuple[str, ...] = ()
    """Who has been mentioned since it opened: nobody is twice."""
    merged_into: str = ""
    """The incident in which this one is told; empty when it stands for itself."""
    resolved_at: datetime | None = None
    """When the run that succeeded ended, however late that was seen."""
    resolved_by_run: RunId | None = None
    """For `jobmon incidents --json`: no decision asks for it."""
    resolved_started_at: datetime | None = None
    """When the run that succeeded had started: an older failure comes too late."""
    resolved_how: str = ""
    """`repair`, `retry`, `next run` or `new code`."""
    regressions: int = 0

    @property
    def latest_run(self) -> FailedRun | None:
        """The failed run that started last."""
        return max(self.runs, key=_started) if self.runs else None

    def is_muted(self, now: datetime) -> bool:
        """Whether people asked not to be told for now."""
        if self.muted_until is None:
            return self.muted_until_changed
        return now < self.muted_until


def job_key(run: Run) -> str:
    """What an incident is about: the job, or a one-time run for itself."""
    return str(run.job_id) if run.job_id else run_key(run.run_id)


def run_key(run_id: RunId) -> str:
    """The key of a run whose job is not known, or that has none."""
    return f"run-{run_id}"


def incident_id(
    workspace_id: WorkspaceId, key: str, opened_by: RunId, repair_id: RepairId | None = None
) -> str:
    """The same failure opens the same incident, however often it is read; a repair's its own."""
    text = f"{workspace_id}/{key}/{opened_by}" + (f"/{repair_id}" if repair_id else "")
    return "inc-" + hashlib.sha256(text.encode()).hexdigest()[:16]


def _started(run: FailedRun) -> datetime:
    return run.started_at or run.seen_at
