"""What can happen to an incident, and what comes of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobmon.cause_group import RunDiagnosis
from jobmon.incident import REGRESSION_WINDOW, Incident, IncidentState, NotifyReason
from jobmon.run import Run, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class RunObserved:
    """A run was read and its failures, if any, were diagnosed."""

    run: Run
    diagnosis: RunDiagnosis
    tell_quiet_ends: bool = False
    """Whether a cancelled or skipped run counts as a failure here."""
    regression_window: timedelta = REGRESSION_WINDOW
    last_good: Run | None = None
    """The latest good run of the job, as far as one was seen before this look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Somebody said that they look after it."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairStarted:
    """Somebody started a repair of a run, or a new run."""

    by: str
    run_id: RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class Muted:
    """Somebody wants to hear no more, until a time or until the cause changes."""

    by: str
    until: datetime | None = None
    only_this_cause: bool = False
    """A new cause lifts it, also before its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmuted:
    """Somebody wants to hear of it again."""

    by: str


IncidentEvent = RunObserved | Acknowledged | RepairStarted | Muted | Unmuted


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The incident as it is now (none if there is nothing to track), and why to tell."""

    incident: Incident | None
    reason: NotifyReason


def unmuted(incident: Incident, *, only_until_changed: bool = False) -> Incident:
    """Lift a mute; or only one that was to last until the cause changes."""
    if only_until_changed and not incident.muted_until_changed:
        return incident
    return replace(incident, muted_until=None, muted_until_changed=False, muted_by="")


def changed(incident: Incident, reason: NotifyReason, now: datetime) -> Change:
    """A change that others may see: the version rises."""
    newer = replace(incident, version=incident.version + 1, updated_at=now)
    return Change(incident=newer, reason=reason)


def nothing(incident: Incident | None) -> Change:
    """No change."""
    return Change(incident=incident, reason=NotifyReason.NOTHING_NEW)


def without_repair(incident: Incident) -> Incident:
    """As it was before its repair, which is over."""
    state = IncidentState.ACKNOWLEDGED if incident.acknowledged_by else IncidentState.OPEN
    return replace(incident, state=state, repairing_by="", repairing_run=None)
