"""How a run is rerun: repaired, run anew, or not at all; in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jobmon.diagnosis import Rerun
from jobmon.repair import Way, gone, plan_rerun, why_ask_first
from jobmon.run import JobId, Outcome, Run, RunId, TaskRun, TaskRunId, WorkspaceId

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FAILED = Run(
    workspace_id=WorkspaceId(1),
    run_id=RunId(5),
    job_id=JobId(9),
    outcome=Outcome.FAILED,
    started_at=NOW - timedelta(hours=1),
    tasks=(TaskRun(task_key="load", run_id=TaskRunId(6), outcome=Outcome.FAILED),),
)


@pytest.mark.parametrize(
    "outcome", [Outcome.FAILED, Outcome.TIMED_OUT, Outcome.CANCELLED, Outcome.UNKNOWN]
)
def test_a_failed_run_is_repaired(outcome: Outcome) -> None:
    plan = plan_rerun(replace(FAILED, outcome=outcome), now=NOW)

    assert (plan.way, plan.why) == (Way.REPAIR, "")


def test_the_whole_is_run_anew_only_when_asked_for() -> None:
    assert plan_rerun(FAILED, now=NOW, everything=True).way is Way.ANEW


@pytest.mark.parametrize("everything", [True, False])
def test_an_active_run_is_left_alone(*, everything: bool) -> None:
    plan = plan_rerun(replace(FAILED, outcome=None), now=NOW, everything=everything)

    assert plan.way is Way.NOT
    assert "still active" in plan.why


def test_a_run_that_needs_none_is_not_repaired() -> None:
    succeeded = plan_rerun(replace(FAILED, outcome=Outcome.SUCCEEDED), now=NOW)
    overtaken = plan_rerun(FAILED, now=NOW, newer_success=True)

    assert (succeeded.way, overtaken.way) == (Way.NOT, Way.NOT)
    assert "nothing to repair" in succeeded.why
    assert "newer run of this job has succeeded" in overtaken.why


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (replace(FAILED, started_at=NOW - timedelta(days=61)), "older than 60 days"),
        (replace(FAILED, outcome=Outcome.SKIPPED), "skipped before it began"),
    ],
    ids=["expired", "skipped"],
)
def test_what_cannot_be_repaired_is_run_anew_and_says_why(run: Run, why: str) -> None:
    plan = plan_rerun(run, now=NOW)

    assert plan.way is Way.ANEW
    assert why in plan.why


def test_chosen_tasks_are_never_turned_into_a_whole_run() -> None:
    expired = replace(FAILED, started_at=NOW - timedelta(days=61))

    assert plan_rerun(expired, now=NOW, tasks=("load",)).way is Way.NOT
    assert gone(5, tasks=("load",)).way is Way.NOT


def test_the_whole_job_and_chosen_tasks_are_two_wishes() -> None:
    plan = plan_rerun(FAILED, now=NOW, everything=True, tasks=("load",))

    assert plan.way is Way.NOT
    assert "Ask for one of the two" in plan.why


def test_a_task_that_is_not_there_is_answered_with_the_nearest() -> None:
    plan = plan_rerun(FAILED, now=NOW, tasks=("laod",))

    assert plan.way is Way.NOT
    assert "Did you mean load?" in plan.why


def test_a_forgotten_run_can_only_be_run_anew() -> None:
    assert gone(5).way is Way.ANEW


def test_only_a_hopeless_rerun_asks_first() -> None:
    assert "a column is missing" in why_ask_first(Rerun.UNLIKELY_TO_HELP, "a column is missing")
    assert not why_ask_first(Rerun.UNKNOWN, "x")
    assert not why_ask_first(Rerun.LIKELY_TO_HELP, "x")
