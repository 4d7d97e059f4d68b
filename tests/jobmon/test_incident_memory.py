"""What an incident remembers, counts and forgets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jobmon.incident import IncidentState, NotifyReason
from jobmon.incident_event import Muted, RunObserved, Unmuted
from jobmon.transition import transition
from tests.support.incidents import (
    ANA,
    CANCELLED,
    FAILURE,
    NEXT_FAILURE,
    NEXT_SUCCESS,
    OTHER_CAUSE,
    REPAIR_FAILED,
    REPAIR_SUCCEEDED,
    after,
    the,
)
from tests.support.runs import a_diagnosis, a_run, a_success, at


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


def test_a_repair_that_fails_long_after_its_run_was_over_is_a_new_incident() -> None:
    resolved = after(FAILURE, NEXT_SUCCESS)

    change = transition(resolved.incident, REPAIR_FAILED, now=at(60 * 48))
    again = transition(resolved.incident, REPAIR_FAILED, now=at(60 * 49))

    assert change.reason is NotifyReason.FIRST_FAILURE
    assert the(change).incident_id != the(resolved).incident_id
    assert the(again).incident_id == the(change).incident_id


def test_a_regression_keeps_the_incident_and_its_message() -> None:
    resolved = after(FAILURE, REPAIR_SUCCEEDED)
    regressed = transition(resolved.incident, NEXT_FAILURE, now=at(40))

    assert the(regressed).incident_id == the(resolved).incident_id
    assert the(regressed).regressions == 1
    assert the(regressed).resolved_at is None


def test_a_repair_of_the_run_that_had_resolved_can_fail_again() -> None:
    again = RunObserved(run=a_run(1, repair=6, repairs=2), diagnosis=a_diagnosis("oom"))

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


def test_the_name_of_the_job_is_the_latest_that_a_run_said() -> None:
    renamed = replace(NEXT_FAILURE, run=replace(NEXT_FAILURE.run, job_name="hourly"))
    nameless = replace(NEXT_FAILURE, run=replace(NEXT_FAILURE.run, job_name=""))

    assert the(after(FAILURE, renamed)).job_name == "hourly"
    assert the(after(FAILURE, nameless)).job_name == "nightly"


def test_a_mute_until_the_cause_changes_ends_with_a_new_cause() -> None:
    muted = after(FAILURE, Muted(by="ana"))
    assert the(muted).is_muted(at(60))

    same = transition(muted.incident, NEXT_FAILURE, now=at(40))
    assert the(same).is_muted(at(60))
    other = transition(muted.incident, OTHER_CAUSE, now=at(40))
    assert not the(other).is_muted(at(60))


def test_a_mute_of_this_cause_ends_with_a_new_one_before_its_end() -> None:
    muted = after(FAILURE, Muted(by="ana", until=at(90), only_this_cause=True))

    assert the(transition(muted.incident, NEXT_FAILURE, now=at(40))).is_muted(at(60))
    assert not the(transition(muted.incident, OTHER_CAUSE, now=at(40))).is_muted(at(60))


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


@pytest.mark.parametrize("count", [100, 101, 150])
def test_a_run_that_fails_as_before_is_no_news_however_many_causes_it_has(count: int) -> None:
    causes = [f"cause{number:03}" for number in range(count)]
    many = RunObserved(run=a_run(1), diagnosis=a_diagnosis(*causes))
    begun = RunObserved(run=a_run(2, started=at(30)), diagnosis=a_diagnosis(*causes[:9], pending=1))
    same = RunObserved(run=a_run(2, started=at(30)), diagnosis=a_diagnosis(*causes))

    first_read = after(many, ANA, Muted(by="ana"), begun)
    all_read = transition(first_read.incident, same, now=at(40))

    assert first_read.reason is NotifyReason.STILL_FAILING
    assert all_read.reason is NotifyReason.MORE_FAILED
    assert the(all_read).state is IncidentState.ACKNOWLEDGED
    assert the(all_read).is_muted(at(60))


def test_the_causes_of_a_run_with_many_are_forgotten_with_the_run() -> None:
    causes = [f"cause{number:03}" for number in range(150)]
    change = after(RunObserved(run=a_run(1), diagnosis=a_diagnosis(*causes)))
    assert len(the(change).causes) == 150
    for number in range(2, 60):
        event = RunObserved(run=a_run(number, started=at(number)), diagnosis=a_diagnosis("oom"))
        change = transition(change.incident, event, now=at(number))

    assert len(the(change).causes) == 100


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


@pytest.mark.parametrize(
    ("ended", "reason"),
    [(23, NotifyReason.REGRESSED), (26, NotifyReason.FIRST_FAILURE)],
    ids=["within a day", "after a day"],
)
def test_the_regression_window_is_about_when_runs_ended_however_late_they_are_seen(
    ended: int, reason: NotifyReason
) -> None:
    resolved = after(FAILURE, NEXT_SUCCESS)
    run = a_run(9, started=at(60 * ended - 5), ended_at=at(60 * ended))
    failure = RunObserved(run=run, diagnosis=a_diagnosis("oom"))

    assert transition(resolved.incident, failure, now=at(60 * 40)).reason is reason


def test_it_lasts_from_the_end_of_the_failure_to_that_of_the_success_however_late_seen() -> None:
    failure = RunObserved(run=a_run(1, ended_at=at(10)), diagnosis=a_diagnosis("oom"))
    success = RunObserved(
        run=a_success(2, started=at(30), ended_at=at(40)), diagnosis=a_diagnosis()
    )

    incident = the(after(failure, success, now=at(90)))

    assert (incident.opened_at, incident.resolved_at) == (at(10), at(40))
