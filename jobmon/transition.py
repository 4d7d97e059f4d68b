"""How an incident changes: pure, total, and the same for the same event however often it comes.

An incident (or none), what happened, and the time go in; the incident as it is now and the
reason to tell people come out. Nothing here sends, stores or renders.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from jobmon.incident import MEANING_CHANGED, FailedRun, Incident, IncidentState, NotifyReason
from jobmon.incident_event import (
    Acknowledged,
    Change,
    IncidentEvent,
    Muted,
    RepairStarted,
    RunObserved,
    Unmuted,
    changed,
    nothing,
    unmuted,
)
from jobmon.observation import observe


def transition(incident: Incident | None, event: IncidentEvent, *, now: datetime) -> Change:
    """Say what an event makes of a job's incident.

    A change raises the incident's version; a duplicate or late event leaves it as it is.
    """
    match event:
        case RunObserved():
            return _stamped(incident, observe(incident, event, now=now))
        case Acknowledged() | RepairStarted() | Muted() | Unmuted():
            if incident is None or incident.state is IncidentState.RESOLVED:
                return nothing(incident)
            return _act(incident, event, now)
        case _:
            assert_never(event)


def _act(
    incident: Incident, event: Acknowledged | RepairStarted | Muted | Unmuted, now: datetime
) -> Change:
    match event:
        case Acknowledged():
            if incident.state is IncidentState.ACKNOWLEDGED:
                return nothing(incident)
            state = (
                IncidentState.REPAIRING
                if incident.state is IncidentState.REPAIRING
                else IncidentState.ACKNOWLEDGED
            )
            newer = replace(incident, state=state, acknowledged_by=event.by)
            return changed(newer, NotifyReason.ACKNOWLEDGED, now)
        case RepairStarted():
            newer = replace(
                incident,
                state=IncidentState.REPAIRING,
                repairing_by=event.by,
                repairing_run=event.run_id,
            )
            return changed(newer, NotifyReason.REPAIRING, now)
        case Muted():
            newer = replace(
                incident,
                muted_by=event.by,
                muted_until=event.until,
                muted_until_changed=event.until is None or event.only_this_cause,
                audible=False,
            )
            return changed(newer, NotifyReason.MUTED, now)
        case Unmuted():
            newer = replace(unmuted(incident), audible=True)
            return changed(newer, NotifyReason.UNMUTED, now)
        case _:
            assert_never(event)


def _stamped(before: Incident | None, change: Change) -> Change:
    """Note in a changed incident whether what failed, or why, is another one than before."""
    after = change.incident
    if after is None or (before is not None and after.version == before.version):
        return change
    has_other_cause = change.reason in MEANING_CHANGED
    if not has_other_cause and _failed(before) == _failed(after):
        return change
    cause_version = after.version if has_other_cause else after.cause_version
    newer = replace(after, failure_version=after.version, cause_version=cause_version)
    return replace(change, incident=newer)


def _failed(incident: Incident | None) -> tuple[object, ...]:
    latest: FailedRun | None = incident.latest_run if incident else None
    return (latest.run_id, latest.attempts_key, latest.repair_id) if latest else ()
