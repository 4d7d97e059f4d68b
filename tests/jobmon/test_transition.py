"""One incident per job, from its first failed run until a run succeeds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jobmon.incident import Incident, IncidentState, NotifyReason
from jobmon.incident_event import (
    Acknowledged,
    Change,
    IncidentEvent,
    Muted,
    RepairStarted,
    RunObserved,
    Unmuted,
)
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


CASES: dict[str, tuple[Sequence[IncidentEvent], IncidentState | None, NotifyReason]] = {
    "a success of a healthy job is nothing": (
        [NEXT_SUCCESS],
        None,
        NotifyReason.NOTHING_NEW,
    ),
    "the first failure opens": ([FAILURE], IncidentState.OPEN, NotifyReason.FIRST_FAILURE),
    "the same look again is nothing new": (
        [FAILURE, FAILURE],
        IncidentState.OPEN,
        NotifyReason.NOTHING_NEW,
    ),
    "the next failed run with the same cause is still failing": (
        [FAILURE, NEXT_FAILURE],
        IncidentState.OPEN,
        NotifyReason.STILL_FAILING,
    ),
    "another cause is told as new": (
        [FAILURE, OTHER_CAUSE],
        IncidentState.OPEN,
        NotifyReason.NEW_CAUSE,
    ),
    "a later success resolves": (
        [FAILURE, NEXT_SUCCESS],
        IncidentState.RESOLVED,
        NotifyReason.RESOLVED,
    ),
    "a repair that succeeds resolves": (
        [FAILURE, REPAIR_SUCCEEDED],
        IncidentState.RESOLVED,
        NotifyReason.RESOLVED,
    ),
    "a repair started elsewhere is seen": (
        [FAILURE, REPAIR_RUNNING],
        IncidentState.REPAIRING,
        NotifyReason.REPAIRING,
    ),
    "a repair that fails again is still failing": (
        [FAILURE, REPAIR_RUNNING, REPAIR_FAILED],
        IncidentState.OPEN,
        NotifyReason.STILL_FAILING,
    ),
    "the failure before the repair, delivered after it, is nothing new": (
        [FAILURE, REPAIR_FAILED, FAILURE],
        IncidentState.OPEN,
        NotifyReason.NOTHING_NEW,
    ),
    "a cancelled run of a healthy job is quiet": (
        [CANCELLED],
        None,
        NotifyReason.NOTHING_NEW,
    ),
    "a cancelled run does not resolve": (
        [FAILURE, CANCELLED],
        IncidentState.OPEN,
        NotifyReason.NOTHING_NEW,
    ),
    "a cancelled repair opens again": (
        [FAILURE, RERUN, REPAIR_CANCELLED],
        IncidentState.OPEN,
        NotifyReason.REPAIR_STOPPED,
    ),
    "somebody takes it": ([FAILURE, ANA], IncidentState.ACKNOWLEDGED, NotifyReason.ACKNOWLEDGED),
    "taking it twice is nothing new": (
        [FAILURE, ANA, ANA],
        IncidentState.ACKNOWLEDGED,
        NotifyReason.NOTHING_NEW,
    ),
    "a recurrence leaves it taken": (
        [FAILURE, ANA, NEXT_FAILURE],
        IncidentState.ACKNOWLEDGED,
        NotifyReason.STILL_FAILING,
    ),
    "a new cause needs somebody again": (
        [FAILURE, ANA, OTHER_CAUSE],
        IncidentState.OPEN,
        NotifyReason.NEW_CAUSE,
    ),
    "a repair that failed leaves it taken": (
        [FAILURE, ANA, RERUN, REPAIR_FAILED],
        IncidentState.ACKNOWLEDGED,
        NotifyReason.STILL_FAILING,
    ),
    "a rerun from here is repairing": (
        [FAILURE, RERUN],
        IncidentState.REPAIRING,
        NotifyReason.REPAIRING,
    ),
    "taking it during a repair keeps it repairing": (
        [FAILURE, RERUN, ANA],
        IncidentState.REPAIRING,
        NotifyReason.ACKNOWLEDGED,
    ),
    "a failure within a day of the success regresses": (
        [FAILURE, REPAIR_SUCCEEDED, NEXT_FAILURE],
        IncidentState.OPEN,
        NotifyReason.REGRESSED,
    ),
    "an old failure after the success is too late": (
        [
            NEXT_FAILURE,
            RunObserved(run=a_success(3, started=at(60)), diagnosis=a_diagnosis()),
            FAILURE,
        ],
        IncidentState.RESOLVED,
        NotifyReason.NOTHING_NEW,
    ),
    "nothing can be done about a resolved incident": (
        [FAILURE, NEXT_SUCCESS, ANA],
        IncidentState.RESOLVED,
        NotifyReason.NOTHING_NEW,
    ),
    "a success that began before the failing run does not resolve": (
        [NEXT_FAILURE, RunObserved(run=a_success(1, started=at(0)), diagnosis=a_diagnosis())],
        IncidentState.OPEN,
        NotifyReason.NOTHING_NEW,
    ),
    "succeeded with failures is a failure": (
        [
            RunObserved(
                run=a_run(1, outcome=Outcome.SUCCEEDED_WITH_FAILURES), diagnosis=a_diagnosis("oom")
            )
        ],
        IncidentState.OPEN,
        NotifyReason.FIRST_FAILURE,
    ),
    "a success whose notebook reports failed parts is a failure": (
        [RunObserved(run=a_success(1), diagnosis=a_diagnosis("models"))],
        IncidentState.OPEN,
        NotifyReason.FIRST_FAILURE,
    ),
}


@pytest.mark.parametrize(("events", "state", "reason"), CASES.values(), ids=CASES.keys())
def test_a_series_of_events_leads_to(
    events: Sequence[IncidentEvent], state: IncidentState | None, reason: NotifyReason
) -> None:
    change = after(*events)

    assert change.reason is reason
    assert (change.incident.state if change.incident else None) is state


def test_more_failed_tasks_of_a_run_that_goes_on_are_an_edit_not_news() -> None:
    first = RunObserved(run=a_run(1, outcome=None), diagnosis=a_diagnosis("oom"))
    more = RunObserved(
        run=a_run(1, outcome=None, failed=["load", "train"]), diagnosis=a_diagnosis("oom", "disk")
    )

    assert after(first, more).reason is NotifyReason.MORE_FAILED


def test_an_older_partial_look_that_comes_late_is_nothing_new() -> None:
    partial = RunObserved(run=a_run(1), diagnosis=a_diagnosis("oom", pending=3))

    assert after(FAILURE, partial).reason is NotifyReason.NOTHING_NEW


def test_a_failure_long_after_the_success_is_a_new_incident() -> None:
    resolved = after(FAILURE, NEXT_SUCCESS)
    later = at(60 * 25)
    failure = RunObserved(run=a_run(9, started=later), diagnosis=a_diagnosis("oom"))

    change = transition(resolved.incident, failure, now=later)

    assert change.reason is NotifyReason.FIRST_FAILURE
    assert the(change).incident_id != the(resolved).incident_id


def test_a_regression_keeps_the_incident_and_its_message() -> None:
    resolved = after(FAILURE, REPAIR_SUCCEEDED)
    regressed = transition(resolved.incident, NEXT_FAILURE, now=at(40))

    assert the(regressed).incident_id == the(resolved).incident_id
    assert the(regressed).regressions == 1
    assert the(regressed).resolved_at is None


def test_a_repair_of_the_run_that_had_resolved_can_fail_again() -> None:
    again = RunObserved(run=a_run(1, repair=6), diagnosis=a_diagnosis("oom"))

    assert after(FAILURE, REPAIR_SUCCEEDED, again).reason is NotifyReason.REGRESSED


def test_how_it_was_resolved_is_said() -> None:
    assert the(after(FAILURE, NEXT_SUCCESS)).resolved_how == "next run"
    assert the(after(FAILURE, REPAIR_SUCCEEDED)).resolved_how == "repair"
    retried = RunObserved(run=a_success(1), diagnosis=a_diagnosis())
    assert the(after(FAILURE, retried)).resolved_how == "retry"


def test_failures_are_counted_once_for_each_run_and_repair() -> None:
    incident = the(after(FAILURE, FAILURE, REPAIR_FAILED, NEXT_FAILURE))

    assert incident.failure_count == 3
    assert [cause.runs for cause in incident.causes] == [3]


def test_a_mute_until_the_cause_changes_ends_with_a_new_cause() -> None:
    muted = after(FAILURE, Muted(by="ana"))
    assert the(muted).is_muted(at(60))

    same = transition(muted.incident, NEXT_FAILURE, now=at(40))
    assert the(same).is_muted(at(60))
    other = transition(muted.incident, OTHER_CAUSE, now=at(40))
    assert not the(other).is_muted(at(60))


def test_a_mute_with_an_end_ends() -> None:
    muted = the(after(FAILURE, Muted(by="ana", until=at(30))))

    assert muted.is_muted(at(29))
    assert not muted.is_muted(at(30))
    assert not the(after(FAILURE, Muted(by="ana"), Unmuted(by="bo"))).is_muted(at(1))


def test_cancelled_runs_are_told_where_that_is_wanted() -> None:
    assert after(replace(CANCELLED, tell_quiet_ends=True)).reason is NotifyReason.FIRST_FAILURE


def test_each_change_raises_the_version_and_nothing_else_does() -> None:
    versions = [
        the(after(*events)).version
        for events in ([FAILURE], [FAILURE, FAILURE], [FAILURE, NEXT_FAILURE, ANA])
    ]

    assert versions == [1, 1, 3]


def test_what_is_remembered_stays_bounded() -> None:
    change = after(FAILURE)
    for number in range(2, 300):
        event = RunObserved(
            run=a_run(number, started=at(number)), diagnosis=a_diagnosis(f"cause{number}")
        )
        change = transition(change.incident, event, now=at(number))

    assert len(the(change).runs) == 50
    assert len(the(change).causes) == 100
    assert the(change).failure_count == 299


def test_one_time_runs_have_incidents_of_their_own() -> None:
    first = the(after(RunObserved(run=a_run(1, job=None), diagnosis=a_diagnosis("oom"))))
    second = the(after(RunObserved(run=a_run(2, job=None), diagnosis=a_diagnosis("oom"))))

    assert first.incident_id != second.incident_id
    assert first.job_key == "run-1"


@pytest.mark.parametrize("window", [timedelta(0), timedelta(hours=1)], ids=["none", "an hour"])
def test_the_regression_window_is_a_setting(window: timedelta) -> None:
    resolved = after(FAILURE, NEXT_SUCCESS)
    failure = RunObserved(
        run=a_run(9, started=at(61)), diagnosis=a_diagnosis("oom"), regression_window=window
    )

    assert transition(resolved.incident, failure, now=at(62)).reason is NotifyReason.FIRST_FAILURE
