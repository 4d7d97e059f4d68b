"""Events in the life of an incident, and what a series of them leads to."""

from datetime import datetime

from jobmon.incident import Incident, NotifyReason
from jobmon.incident_event import Acknowledged, Change, IncidentEvent, RepairStarted, RunObserved
from jobmon.run import Outcome
from jobmon.transition import transition
from tests.support.runs import a_diagnosis, a_run, a_success, at

FAILURE = RunObserved(run=a_run(1), diagnosis=a_diagnosis("oom"))
NEXT_SUCCESS = RunObserved(run=a_success(2, started=at(30)), diagnosis=a_diagnosis())
REPAIR_RUNNING = RunObserved(
    run=a_run(1, outcome=None, failed=(), repair=5), diagnosis=a_diagnosis()
)
REPAIR_FAILED = RunObserved(run=a_run(1, repair=5), diagnosis=a_diagnosis("oom"))
REPAIR_SUCCEEDED = RunObserved(run=a_success(1, repair=5), diagnosis=a_diagnosis())
NEXT_FAILURE = RunObserved(run=a_run(2, started=at(30)), diagnosis=a_diagnosis("oom"))
OTHER_CAUSE = RunObserved(run=a_run(2, started=at(30)), diagnosis=a_diagnosis("disk"))
CANCELLED = RunObserved(
    run=a_run(2, outcome=Outcome.CANCELLED, failed=(), started=at(30)), diagnosis=a_diagnosis()
)
REPAIR_CANCELLED = RunObserved(
    run=a_run(1, outcome=Outcome.CANCELLED, failed=(), repair=5), diagnosis=a_diagnosis()
)
ANA = Acknowledged(by="ana")
RERUN = RepairStarted(by="ana", run_id=FAILURE.run.run_id)


def after(*events: IncidentEvent, now: datetime | None = None) -> Change:
    """What a series of events leads to, one a minute."""
    change = Change(incident=None, reason=NotifyReason.NOTHING_NEW)
    for minute, event in enumerate(events):
        change = transition(change.incident, event, now=now or at(minute))
    return change


def the(change: Change) -> Incident:
    assert change.incident is not None
    return change.incident
