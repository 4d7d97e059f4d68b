"""How an incident changes: pure, total, and the same for the same event however often it comes.

An incident (or none), what happened, and the time go in; the incident as it is now and the
reason to tell people come out. Nothing here sends, stores or renders.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from jobmon.incident import Incident, IncidentState, NotifyReason
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
            return observe(incident, event, now=now)
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
