from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from jobmon.databricks.bounds import MAX_ERROR, MAX_LOGS
from jobmon.databricks.client import RETRY_BUDGET_SECONDS
from jobmon.databricks.failures import SIDE_BY_SIDE
from jobmon.databricks.generic import is_generic
from jobmon.databricks.outputs import ARRIVAL_MARGIN, GET_OUTPUT_BURST, GET_OUTPUT_RATE
from jobmon.databricks.workspace import SdkWorkspace
from jobmon.demo.scenarios import SCENARIOS, training
from jobmon.demo.scenarios.building import failed_output, notebook
from jobmon.demo.scenarios.ml import PLANTED_TOKEN
from jobmon.demo.workspace import ApiError, Fault, FaultKind, PretendWorkspace
from jobmon.run import RunId
from tests.jobmon.databricks.support import (
    RUN_ID,
    STARTED_AT,
    CountingLimiter,
    SteppingClock,
    a_run_builder,
    connected,
    failures_of,
)


def test_every_failed_task_gives_its_own_failure(pretend: PretendWorkspace) -> None:
    failures = failures_of(pretend, "training")

    assert len({failure.task_key for failure in failures}) == 19
    assert sum("customer_tenure_days" in failure.trace for failure in failures) == 18
    assert {failure.source for failure in failures} == {"/Workspace/ml/churn/train_one_model"}


def test_outputs_are_read_by_task_run_and_never_of_the_job_run(pretend: PretendWorkspace) -> None:
    failures_of(pretend, "training")

    asked = {call.parameters["run_id"] for call in pretend.calls_to("/get-output")}
    assert str(RUN_ID) not in asked
    assert len(asked) == 19


def test_outputs_are_read_side_by_side(pretend: PretendWorkspace) -> None:
    class Gate(CountingLimiter):
        """Lets nobody through before so many stand at it."""

        together = Barrier(SIDE_BY_SIDE, timeout=10)

        def reserve(
            self, bucket: str, *, rate: float, burst: int, at_most: timedelta | None = None
        ) -> timedelta:
            self.together.wait()
            return super().reserve(bucket, rate=rate, burst=burst, at_most=at_most)

    pretend.add(training.failed(RUN_ID, STARTED_AT))
    workspace = connected(pretend, limiter=Gate())
    run = workspace.run(RunId(RUN_ID))

    failures = list(workspace.failures(run, run.failed_tasks[:SIDE_BY_SIDE]))

    assert len(failures) == SIDE_BY_SIDE


def test_every_output_takes_a_slot_of_the_shared_limit(pretend: PretendWorkspace) -> None:
    pretend.add(training.failed(RUN_ID, STARTED_AT))
    limiter, clock = CountingLimiter(wait=timedelta(seconds=3)), SteppingClock()
    workspace = connected(pretend, limiter=limiter, clock=clock)
    run = workspace.run(RunId(RUN_ID))

    list(workspace.failures(run, run.failed_tasks))

    bucket = f"databricks-getoutput-{pretend.workspace_id}"
    assert limiter.reserved == [(bucket, GET_OUTPUT_RATE, GET_OUTPUT_BURST)] * 19
    assert (GET_OUTPUT_RATE, GET_OUTPUT_BURST) == (20, 20)
    assert clock.slept == [3.0 + ARRIVAL_MARGIN.total_seconds()] * 19


def test_whoever_has_only_so_long_gets_the_first_task_and_what_has_its_turn_by_then(
    pretend: PretendWorkspace,
) -> None:
    pretend.add(training.failed(RUN_ID, STARTED_AT))
    workspace = connected(pretend, limiter=CountingLimiter(wait=timedelta(seconds=3)))
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks, within=timedelta(seconds=2))

    assert failure.task_key == run.failed_tasks[0].task_key
    assert len(pretend.calls_to("/get-output")) == 1


def test_one_output_that_cannot_be_read_costs_the_others_nothing(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    builder = a_run_builder()
    refused = ApiError(403, "PERMISSION_DENIED", "User x does not have View permission.")
    broken = ApiError(500, "INTERNAL_ERROR", "Made up.")
    builder.task("good", notebook("/n"), result="FAILED", output=failed_output("ValueError: x"))
    builder.task("secret", notebook("/n"), result="FAILED", output=refused)
    builder.task("broken", notebook("/n"), result="FAILED", output=broken)
    pretend.add(builder.build())
    run = workspace.run(RunId(RUN_ID))

    failures = {f.task_key: f for f in workspace.failures(run, run.failed_tasks)}

    assert failures["good"].error == "ValueError: x"
    assert "CAN VIEW" in failures["secret"].note
    assert "could not be read" in failures["broken"].note
    assert pretend.token not in failures["secret"].note
    assert "Config" not in failures["secret"].note


def test_an_output_that_is_gone_is_said_to_be(pretend: PretendWorkspace) -> None:
    (failure,) = failures_of(pretend, "output_expired")

    assert "60 days" in failure.note
    assert failure.message


def test_secrets_are_redacted_before_anything_leaves(pretend: PretendWorkspace) -> None:
    (failure,) = failures_of(pretend, "missing_secret")

    assert "connecting with token [redacted]" in failure.logs
    assert PLANTED_TOKEN not in repr(failure)


def test_long_texts_keep_their_head_and_tail_and_say_what_was_cut(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    builder = a_run_builder()
    output = failed_output(
        "first " + "x" * 2 * MAX_ERROR + " last", logs="start " + "y" * 2 * MAX_LOGS + " end"
    )
    builder.task("a", notebook("/n"), result="FAILED", output=output)
    pretend.add(builder.build())
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert failure.error.startswith("first ")
    assert failure.error.endswith(" last")
    assert "characters cut]" in failure.error
    assert len(failure.error) < MAX_ERROR + 100
    assert len(failure.logs) < MAX_LOGS + 100


def test_the_output_of_a_task_that_has_just_ended_is_looked_for_again(
    pretend: PretendWorkspace,
) -> None:
    clock = SteppingClock(STARTED_AT)
    builder = a_run_builder()
    builder.task("a", notebook("/n"), result="FAILED", output={}, seconds=0)
    pretend.add(builder.build())
    workspace = connected(pretend, clock=clock)
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert clock.slept == [0.5, 1.0, 2.0]
    assert failure.task_key == "a"


def test_an_old_output_that_is_empty_is_taken_as_it_is(pretend: PretendWorkspace) -> None:
    clock = SteppingClock(STARTED_AT + timedelta(days=1))
    builder = a_run_builder()
    builder.task("a", notebook("/n"), result="FAILED", output={})
    pretend.add(builder.build())
    workspace = connected(pretend, clock=clock)
    run = workspace.run(RunId(RUN_ID))

    list(workspace.failures(run, run.failed_tasks))

    assert clock.slept == []


def test_an_output_jobmon_may_not_read_is_not_waited_for(pretend: PretendWorkspace) -> None:
    clock = SteppingClock(STARTED_AT)
    builder = a_run_builder()
    refused = ApiError(403, "PERMISSION_DENIED", "No.")
    builder.task("a", notebook("/n"), result="FAILED", output=refused, seconds=0)
    pretend.add(builder.build())
    workspace = connected(pretend, clock=clock)
    run = workspace.run(RunId(RUN_ID))

    list(workspace.failures(run, run.failed_tasks))

    assert clock.slept == []


def test_a_sql_tasks_error_is_taken_from_its_output(pretend: PretendWorkspace) -> None:
    (failure,) = failures_of(pretend, "sql")

    assert failure.error.startswith("[DIVIDE_BY_ZERO]")


def test_a_dbt_task_keeps_its_log_and_points_to_the_artifacts(pretend: PretendWorkspace) -> None:
    (failure,) = failures_of(pretend, "dbt")

    assert "Database Error in model fct_orders" in failure.logs
    assert "artifacts" in failure.note


def test_a_throttled_output_is_waited_for_as_long_as_asked(pretend: PretendWorkspace) -> None:
    pretend.add(SCENARIOS["table_not_found"](RUN_ID, STARTED_AT))
    clock = SteppingClock(datetime.now(UTC))
    workspace = connected(pretend, clock=clock)
    run = workspace.run(RunId(RUN_ID))
    throttled = Fault(path="/get-output", kind=FaultKind.STATUS, status=429, retry_after=7)
    pretend.fail(throttled)

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert "TABLE_OR_VIEW_NOT_FOUND" in failure.error
    assert any(7 <= slept < 9 for slept in clock.slept)


def test_a_long_throttling_is_left_to_the_queue_and_told_to_all_workers(
    pretend: PretendWorkspace,
) -> None:
    pretend.add(SCENARIOS["table_not_found"](RUN_ID, STARTED_AT))
    limiter, clock = CountingLimiter(), SteppingClock()
    workspace = connected(pretend, limiter=limiter, clock=clock)
    run = workspace.run(RunId(RUN_ID))
    pretend.fail(Fault(path="/get-output", kind=FaultKind.STATUS, status=429, retry_after=300))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert "throttling" in failure.note
    assert limiter.paused == [
        (f"databricks-getoutput-{pretend.workspace_id}", timedelta(seconds=300))
    ]
    assert max(clock.slept) <= RETRY_BUDGET_SECONDS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Workload failed, see run output for details",
        "Run failed with error message",
        "Task a failed with message: Workload failed, see run output for details.",
    ],
)
def test_a_text_that_only_points_elsewhere_is_generic(text: str) -> None:
    assert is_generic(text)
    assert is_generic(f"{text} This caused all downstream tasks to get skipped.") or not text
    assert not is_generic("ValueError: Workload failed, see run output for details")
