import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jobmon.databricks.bounds import MAX_ERROR, MAX_LOGS
from jobmon.databricks.failures import SIDE_BY_SIDE
from jobmon.databricks.generic import is_generic
from jobmon.databricks.workspace import SdkWorkspace
from jobmon.demo.scenarios import SCENARIOS, data, training
from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.scenarios.ml import PLANTED_TOKEN
from jobmon.demo.workspace import ApiError, Fault, FaultKind, PretendWorkspace
from jobmon.diagnosis import TaskFailure
from jobmon.run import RunId
from tests.jobmon.databricks.support import (
    RUN_ID,
    STARTED_AT,
    CountingLimiter,
    SteppingClock,
    a_run_builder,
    connected,
)


def read(pretend: PretendWorkspace, scenario: str) -> list[TaskFailure]:
    pretend.add(SCENARIOS[scenario](RUN_ID, STARTED_AT))
    workspace = connected(pretend)
    run = workspace.run(RunId(RUN_ID))
    return list(workspace.failures(run, run.failed_tasks))


def test_every_failed_task_gives_its_own_failure(pretend: PretendWorkspace) -> None:
    failures = read(pretend, "training")

    assert len({failure.task_key for failure in failures}) == 19
    assert sum("customer_tenure_days" in failure.trace for failure in failures) == 18
    assert {failure.source for failure in failures} == {"/Workspace/ml/churn/train_one_model"}


def test_outputs_are_read_by_task_run_and_never_of_the_job_run(pretend: PretendWorkspace) -> None:
    read(pretend, "training")

    asked = {call.parameters["run_id"] for call in pretend.calls_to("/get-output")}
    assert str(RUN_ID) not in asked
    assert len(asked) == 19


def test_outputs_are_read_side_by_side() -> None:
    with PretendWorkspace(latency=0.05) as pretend:
        pretend.add(training.failed(RUN_ID, STARTED_AT))
        workspace = connected(pretend)
        run = workspace.run(RunId(RUN_ID))
        tasks = run.failed_tasks[: 2 * SIDE_BY_SIDE]

        started = time.perf_counter()
        list(workspace.failures(run, tasks))

        assert time.perf_counter() - started < 0.05 * len(tasks) / 2


def test_every_output_takes_a_slot_of_the_shared_limit(pretend: PretendWorkspace) -> None:
    pretend.add(training.failed(RUN_ID, STARTED_AT))
    limiter, clock = CountingLimiter(wait=timedelta(seconds=3)), SteppingClock()
    workspace = connected(pretend, limiter=limiter, clock=clock)
    run = workspace.run(RunId(RUN_ID))

    list(workspace.failures(run, run.failed_tasks))

    bucket = f"databricks-getoutput-{pretend.workspace_id}"
    assert limiter.reserved == [(bucket, 20.0, 20)] * 19
    assert clock.slept == [3.0] * 19


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
    (failure,) = read(pretend, "output_expired")

    assert "60 days" in failure.note
    assert failure.message


def test_secrets_are_redacted_before_anything_leaves(pretend: PretendWorkspace) -> None:
    (failure,) = read(pretend, "missing_secret")

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


def test_a_for_each_gives_one_failure_for_each_error_with_its_count(
    pretend: PretendWorkspace,
) -> None:
    failures = read(pretend, "for_each")

    counts = sorted((f.occurrences, f.error.partition(":")[0]) for f in failures)
    assert counts == [(3, "ValueError"), (6, "FileNotFoundError")]
    assert {f.task_key for f in failures} == {"load_stores"}
    assert all(f.trace and f.origin.startswith("iteration ") for f in failures)
    assert len(pretend.calls_to("/get-output")) == 5


def test_a_run_job_task_is_followed_into_the_run_it_started(pretend: PretendWorkspace) -> None:
    (failure,) = read(pretend, "child_job")

    assert failure.task_key == "run_erp"
    assert failure.error.startswith("ConnectionError")
    assert "load_erp, task load_orders" in failure.origin


def test_runs_that_start_runs_are_followed_three_deep(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    for level in range(6):
        builder = a_run_builder(RUN_ID + level * 10**6, name=f"level_{level}")
        child = {"run_job_output": {"run_id": RUN_ID + (level + 1) * 10**6}}
        spec = {"run_job_task": {"job_id": 42}}
        builder.task("call", spec, result="FAILED", output=child)
        pretend.add(builder.build())
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert "level_3" in failure.origin
    assert "level_4" not in failure.origin
    assert "three deep" in failure.note


def test_a_pipeline_task_is_told_by_its_event_log(pretend: PretendWorkspace) -> None:
    (failure,) = read(pretend, "pipeline")

    assert "EXPECTATION_VIOLATION" in failure.error
    assert "FlowExecution.scala:214" in failure.trace
    assert failure.origin.startswith("pipeline update ")


def test_errors_of_a_pipelines_earlier_update_are_not_told(pretend: PretendWorkspace) -> None:
    earlier = data.pipeline_failed(RUN_ID, STARTED_AT - timedelta(days=1))
    later = data.pipeline_failed(RUN_ID, STARTED_AT)
    pretend.add(replace(later, events=earlier.events))
    workspace = connected(pretend)
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert failure.error == ""
    assert "no error of this update" in failure.note


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


def test_a_nested_notebook_is_found_by_the_id_in_the_text(pretend: PretendWorkspace) -> None:
    (failure,) = read(pretend, "nested_notebook")

    assert failure.error.startswith("AssertionError: ledger is out of balance")
    assert failure.origin.startswith("nested notebook run ")


def test_a_sql_tasks_error_is_taken_from_its_output(pretend: PretendWorkspace) -> None:
    (failure,) = read(pretend, "sql")

    assert failure.error.startswith("[DIVIDE_BY_ZERO]")


def test_a_dbt_task_keeps_its_log_and_points_to_the_artifacts(pretend: PretendWorkspace) -> None:
    (failure,) = read(pretend, "dbt")

    assert "Database Error in model fct_orders" in failure.logs
    assert "artifacts" in failure.note


def test_a_driver_that_died_is_told_by_its_cluster_and_its_log(pretend: PretendWorkspace) -> None:
    (failure,) = read(pretend, "driver_out_of_memory")

    assert failure.cluster_code == "DRIVER_OUT_OF_MEMORY"
    assert "java.lang.OutOfMemoryError: Java heap space" in failure.logs
    assert "password=[redacted]" in failure.logs


def test_a_lost_spot_instance_is_told_by_its_cluster(pretend: PretendWorkspace) -> None:
    (failure,) = read(pretend, "spot_instance_lost")

    assert failure.cluster_code == "SPOT_INSTANCE_TERMINATION"
    assert "reclaimed" in failure.message


def _with_volume_log(size: int, *, delivered: bool) -> RunBuilder:
    builder = a_run_builder()
    builder.task("a", notebook("/n", cluster="c-1"), result="FAILED", output={})
    destination = "/Volumes/ops/logs"
    builder.clusters["c-1"] = {"cluster_log_conf": {"volumes": {"destination": destination}}}
    if delivered:
        log = b"x" * size + b"\njava.lang.OutOfMemoryError: GC overhead limit exceeded\n"
        builder.files[f"{destination}/c-1/driver/stderr"] = log
    return builder


def test_only_the_end_of_a_long_driver_log_is_read_from_a_volume(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    pretend.add(_with_volume_log(3_000_000, delivered=True).build())
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert "GC overhead limit exceeded" in failure.logs
    assert len(failure.logs) < 300_000


def test_a_driver_log_that_was_not_delivered_is_said_to_be(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    pretend.add(_with_volume_log(0, delivered=False).build())
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert "not delivered yet" in failure.note


def test_a_cluster_is_asked_once_however_many_tasks_ran_on_it(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    builder = a_run_builder()
    builder.clusters["c-1"] = {"termination_reason": {"code": "SPOT_INSTANCE_TERMINATION"}}
    for number in range(12):
        spec = notebook("/n", cluster="c-1")
        builder.task(f"t{number}", spec, result="CLOUD_FAILURE", output={})
    pretend.add(builder.build())
    run = workspace.run(RunId(RUN_ID))

    failures = list(workspace.failures(run, run.failed_tasks))

    assert {failure.cluster_code for failure in failures} == {"SPOT_INSTANCE_TERMINATION"}
    assert len(pretend.calls_to("/clusters/get")) == 1


def test_a_successful_notebook_that_reports_failures_is_read(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    pretend.add(SCENARIOS["failed_parts"](RUN_ID, STARTED_AT))

    (failure,) = workspace.soft_failures(workspace.run(RunId(RUN_ID)))

    assert failure.message.startswith("3 of 12 models failed: forecast_dk")
    assert "forecast_pt: LinAlgError: Singular matrix" in failure.error


@pytest.mark.parametrize(
    "result",
    ["", "done", "[1, 2]", '{"status": "ok", "failed": 0}', '{"rows": 12}', "{broken", "{" * 5000],
)
def test_an_ordinary_exit_value_reports_no_failure(
    pretend: PretendWorkspace, workspace: SdkWorkspace, result: str
) -> None:
    builder = a_run_builder()
    builder.task("a", notebook("/n"), output={"notebook_output": {"result": result}})
    pretend.add(builder.build(result="SUCCESS"))

    assert list(workspace.soft_failures(workspace.run(RunId(RUN_ID)))) == []


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
