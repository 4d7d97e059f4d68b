"""One incident per job, from its first failed run until a run succeeds."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from jobmon.incident import MAX_RUNS_REMEMBERED, IncidentState, NotifyReason
from jobmon.incident_event import IncidentEvent, RunObserved
from jobmon.run import Outcome, Run
from jobmon.transition import transition
from tests.support.incidents import (
    ANA,
    CANCELLED,
    FAILURE,
    NEXT_FAILURE,
    NEXT_SUCCESS,
    OTHER_CAUSE,
    REPAIR_CANCELLED,
    REPAIR_FAILED,
    REPAIR_RUNNING,
    REPAIR_SUCCEEDED,
    RERUN,
    after,
    the,
)
from tests.support.runs import a_diagnosis, a_run, a_success, at

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
    "a repair that runs after a later success is nothing new": (
        [FAILURE, NEXT_SUCCESS, REPAIR_RUNNING],
        IncidentState.RESOLVED,
        NotifyReason.NOTHING_NEW,
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
    "nobody can take what is not there": ([ANA], None, NotifyReason.NOTHING_NEW),
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
    "a success of which nobody knows when it began resolves": (
        [
            FAILURE,
            RunObserved(run=replace(a_success(2), started_at=None), diagnosis=a_diagnosis()),
        ],
        IncidentState.RESOLVED,
        NotifyReason.RESOLVED,
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


UNREPAIRED = RunObserved(run=a_run(1, outcome=None), diagnosis=a_diagnosis("oom"))
OLD, NEW = NotifyReason.NOTHING_NEW, NotifyReason.REPAIR_STOPPED


@pytest.mark.parametrize(
    ("events", "minutes", "reason"),
    [
        ([FAILURE, RERUN, FAILURE], 5, NEW),
        ([FAILURE, RERUN, FAILURE], 4, OLD),
        ([FAILURE, FAILURE], 60, OLD),
        ([UNREPAIRED, RERUN, UNREPAIRED], 60, OLD),
        ([FAILURE, NEXT_FAILURE, RERUN, NEXT_FAILURE], 60, OLD),
    ],
    ids=["none shows", "may show yet", "none asked for", "the run goes on", "another run"],
)
def test_a_repair_that_does_not_show_in_its_run_has_stopped(
    events: Sequence[IncidentEvent], minutes: int, reason: NotifyReason
) -> None:
    *earlier, look = events
    before = the(after(*earlier, now=at()))

    assert transition(before, look, now=at(minutes)).reason is reason


def test_an_incident_knows_the_run_that_opened_it_when_its_runs_are_too_many_to_remember() -> None:
    failures = [
        RunObserved(run=a_run(number, started=at(number)), diagnosis=a_diagnosis("oom"))
        for number in range(1, MAX_RUNS_REMEMBERED + 3)
    ]
    incident = after(*failures).incident

    assert incident is not None
    assert incident.opened_by == 1
    assert len(incident.runs) == MAX_RUNS_REMEMBERED


def test_a_run_beside_the_one_that_succeeded_is_told_when_it_fails_later() -> None:
    beside = a_run(3, started=at(20), ended_at=at(90))
    event = RunObserved(run=beside, diagnosis=a_diagnosis("disk"))

    resolved = the(after(FAILURE, NEXT_SUCCESS))
    change = transition(resolved, event, now=at(90))
    late = replace(event, run=replace(beside, ended_at=at(0.5)))

    assert change.reason is NotifyReason.REGRESSED
    assert transition(resolved, late, now=at(90)).reason is NotifyReason.NOTHING_NEW


def test_a_success_that_was_over_before_the_run_beside_it_failed_does_not_resolve() -> None:
    failure = replace(FAILURE, run=a_run(1, ended_at=at(30)))
    beside = RunObserved(run=a_success(2, started=at(10), ended_at=at(20)), diagnosis=a_diagnosis())
    after_it = replace(beside, run=replace(beside.run, ended_at=at(31)))

    assert after(failure, beside).reason is NotifyReason.NOTHING_NEW
    assert after(beside, failure).reason is NotifyReason.FIRST_FAILURE
    assert after(failure, after_it).reason is NotifyReason.RESOLVED


GOOD = a_success(8, started=at(30), ended_at=at(40))


@pytest.mark.parametrize(
    ("run", "state"),
    [
        (a_run(1, ended_at=at(10)), IncidentState.RESOLVED),
        (a_run(1, ended_at=at(50)), IncidentState.OPEN),
        (a_run(1, outcome=None), IncidentState.OPEN),
        (a_run(9, started=at(31), ended_at=at(35)), IncidentState.OPEN),
        (a_run(8, started=at(30), repair=5, ended_at=at(40)), IncidentState.OPEN),
    ],
    ids=["over before it", "failed after it", "goes on", "began after it", "its own repair"],
)
def test_a_failure_that_is_seen_after_a_good_run_is_open_unless_that_one_came_later(
    run: Run, state: IncidentState
) -> None:
    event = RunObserved(run=run, diagnosis=a_diagnosis("oom"), last_good=GOOD)

    first = transition(None, event, now=at(60))
    again = transition(the(first), event, now=at(61))

    assert (the(first).state, first.reason) == (state, NotifyReason.FIRST_FAILURE)
    assert again.reason is NotifyReason.NOTHING_NEW


def test_a_failure_seen_late_that_is_over_says_what_resolved_it() -> None:
    event = RunObserved(
        run=a_run(1, ended_at=at(10), git_commit="old"),
        diagnosis=a_diagnosis("oom"),
        last_good=replace(GOOD, git_commit="new"),
    )

    incident = the(transition(None, event, now=at(60)))

    assert (incident.resolved_by_run, incident.resolved_how) == (GOOD.run_id, "new code")
    assert (incident.resolved_at, incident.failure_count) == (GOOD.ended_at, 1)


def test_a_regression_seen_late_that_is_over_leaves_the_incident_resolved() -> None:
    resolved = the(after(FAILURE, NEXT_SUCCESS))
    good = a_success(4, started=at(90), ended_at=at(95))
    missed = a_run(3, started=at(60), ended_at=at(65))
    event = RunObserved(run=missed, diagnosis=a_diagnosis("disk"), last_good=good)

    change = transition(resolved, event, now=at(100))

    assert change.reason is NotifyReason.REGRESSED
    assert (the(change).state, the(change).regressions) == (IncidentState.RESOLVED, 1)
