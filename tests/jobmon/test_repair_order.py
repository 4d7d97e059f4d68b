"""Repairs come one after the other whatever their ids are: Databricks gives them no order."""

from dataclasses import replace

import pytest

from jobmon.incident import FailedRun, IncidentState, NotifyReason
from jobmon.incident_event import RunObserved
from jobmon.recording import snapshot
from jobmon.repair_order import is_before_repair, is_repaired_since
from jobmon.run import Run
from tests.support.incidents import FAILURE, after, the
from tests.support.runs import a_diagnosis, a_run, a_success, at

any_order = pytest.mark.parametrize("ids", [(3000, 7000), (7000, 3000)], ids=["rising", "falling"])


def seen(run: Run) -> FailedRun:
    return snapshot(RunObserved(run=run, diagnosis=a_diagnosis("oom")), at())


def a_failed_repair(ids: tuple[int, int], number: int) -> RunObserved:
    run = a_run(1, repair=ids[number - 1], repairs=number)
    return RunObserved(run=run, diagnosis=a_diagnosis("oom"))


@any_order
def test_a_second_repair_that_succeeds_resolves(ids: tuple[int, int]) -> None:
    success = RunObserved(run=a_success(1, repair=ids[1], repairs=2), diagnosis=a_diagnosis())

    change = after(FAILURE, a_failed_repair(ids, 1), success)

    assert (change.reason, the(change).state) == (NotifyReason.RESOLVED, IncidentState.RESOLVED)


@any_order
def test_a_second_repair_that_fails_is_told_and_counted(ids: tuple[int, int]) -> None:
    change = after(FAILURE, a_failed_repair(ids, 1), a_failed_repair(ids, 2))

    assert change.reason is NotifyReason.STILL_FAILING
    assert the(change).failure_count == 3


@any_order
def test_a_second_repair_that_runs_is_seen(ids: tuple[int, int]) -> None:
    running = a_run(1, outcome=None, failed=(), repair=ids[1], repairs=2)
    event = RunObserved(run=running, diagnosis=a_diagnosis())

    assert after(FAILURE, a_failed_repair(ids, 1), event).reason is NotifyReason.REPAIRING


@any_order
def test_a_second_repair_that_fails_after_a_success_elsewhere_regresses(
    ids: tuple[int, int],
) -> None:
    success = RunObserved(run=a_success(2, started=at(30)), diagnosis=a_diagnosis())

    change = after(FAILURE, a_failed_repair(ids, 1), success, a_failed_repair(ids, 2))

    assert change.reason is NotifyReason.REGRESSED


@any_order
@pytest.mark.parametrize("late", [0, 1], ids=["the failure", "the first repair"])
def test_what_was_read_before_the_second_repair_and_comes_after_it_is_nothing_new(
    ids: tuple[int, int], late: int
) -> None:
    first = a_failed_repair(ids, 1)
    change = after(FAILURE, first, a_failed_repair(ids, 2), (FAILURE, first)[late])

    assert change.reason is NotifyReason.NOTHING_NEW


@any_order
def test_what_an_older_version_stored_without_the_number_keeps_its_place(
    ids: tuple[int, int],
) -> None:
    first, second = (a_failed_repair(ids, number).run for number in (1, 2))
    stored = replace(seen(first), repairs=0)

    assert is_repaired_since(second, stored)
    assert is_before_repair(FAILURE.run, stored)
    assert not is_repaired_since(first, stored)
    assert not is_before_repair(first, stored)
    assert seen(first) == stored, "an upgrade is no change of the run"
