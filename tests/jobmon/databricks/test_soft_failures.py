import pytest

from jobmon.databricks.workspace import SdkWorkspace
from jobmon.demo.scenarios import SCENARIOS
from jobmon.demo.scenarios.building import notebook
from jobmon.demo.workspace import PretendWorkspace
from jobmon.run import RunId
from tests.jobmon.databricks.support import (
    RUN_ID,
    STARTED_AT,
    CountingLimiter,
    a_run_builder,
    connected,
)


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


def test_reports_leave_the_most_of_the_shared_rate_to_failures(pretend: PretendWorkspace) -> None:
    builder = a_run_builder()
    for number in range(3):
        builder.task(f"t{number}", notebook("/n"), output={})
    pretend.add(builder.build(result="SUCCESS"))
    limiter = CountingLimiter()
    workspace = connected(pretend, limiter=limiter)
    list(workspace.soft_failures(workspace.run(RunId(RUN_ID))))

    rates = {bucket.rpartition("-")[0]: rate for bucket, rate, _ in limiter.reserved}
    assert rates == {"databricks-reports": 5, "databricks-getoutput": 20}
    assert sum("reports" in bucket for bucket, _, _ in limiter.reserved) == 3
