from jobmon.databricks.workspace import SdkWorkspace
from jobmon.demo.scenarios.building import RunBuilder, notebook
from jobmon.demo.workspace import PretendWorkspace
from jobmon.run import RunId
from tests.jobmon.databricks.support import (
    RUN_ID,
    a_run_builder,
    failures_of,
)


def test_a_driver_that_died_is_told_by_its_cluster_and_its_log(pretend: PretendWorkspace) -> None:
    (failure,) = failures_of(pretend, "driver_out_of_memory")

    assert failure.cluster_code == "DRIVER_OUT_OF_MEMORY"
    assert "java.lang.OutOfMemoryError: Java heap space" in failure.logs
    assert "password=[redacted]" in failure.logs


def test_a_lost_spot_instance_is_told_by_its_cluster(pretend: PretendWorkspace) -> None:
    (failure,) = failures_of(pretend, "spot_instance_lost")

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


def test_half_a_token_where_a_driver_log_was_cut_is_not_shown(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    builder = _with_volume_log(0, delivered=True)
    log = b"dapi0123456789abcdef0123456789abcdef\n" * 5_000 + b"GC overhead limit exceeded\n"
    builder.files["/Volumes/ops/logs/c-1/driver/stderr"] = log
    pretend.add(builder.build())
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert "GC overhead limit exceeded" in failure.logs
    assert "cdef" not in failure.logs


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
