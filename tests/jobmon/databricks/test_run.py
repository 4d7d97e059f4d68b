from datetime import timedelta

import pytest
from databricks.sdk import WorkspaceClient

from jobmon.databricks.api import Api
from jobmon.databricks.outcomes import outcome_of, termination_of
from jobmon.databricks.workspace import SdkWorkspace
from jobmon.demo.scenarios import training
from jobmon.demo.scenarios.building import notebook
from jobmon.demo.workspace import Fault, FaultKind, PretendWorkspace
from jobmon.errors import NotFound, PermanentError, TransientError
from jobmon.run import JobId, Outcome, RunId, TaskKind
from tests.jobmon.databricks.support import RUN_ID, STARTED_AT, a_run_builder, connected


def test_a_run_is_read_with_its_root_and_downstream_failures(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    pretend.add(training.failed(RUN_ID, STARTED_AT))

    run = workspace.run(RunId(RUN_ID))

    assert run.job_name == "train_models"
    assert run.outcome is Outcome.FAILED
    assert len(run.tasks) == 25
    assert len(run.failed_tasks) == 19
    assert [task.task_key for task in run.downstream_tasks] == ["publish_models"]
    assert run.environment == "prod"
    assert ("team", "ml-platform") in run.tags
    assert run.started_at == STARTED_AT


def test_all_pages_of_tasks_are_read(pretend: PretendWorkspace, workspace: SdkWorkspace) -> None:
    builder = a_run_builder()
    for number in range(250):
        builder.task(f"task_{number}", notebook("/n"))
    pretend.add(builder.build(result="SUCCESS"))

    assert len(workspace.run(RunId(RUN_ID)).tasks) == 250


def test_only_the_latest_attempt_of_a_task_counts(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    builder = a_run_builder()
    builder.task("load", notebook("/n"), result="FAILED")
    second = builder.task("load", notebook("/n"), attempt=1)
    pretend.add(builder.build(result="SUCCESS"))

    (task,) = workspace.run(RunId(RUN_ID)).tasks

    assert (task.run_id, task.outcome) == (second, Outcome.SUCCEEDED)


def test_a_task_runs_id_gives_the_job_run(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    builder = a_run_builder()
    task_run_id = builder.task("load", notebook("/n"), result="FAILED")
    pretend.add(builder.build())

    assert workspace.run(RunId(task_run_id)).run_id == RUN_ID


def test_urls_have_the_form_that_everybody_may_open(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    builder = a_run_builder(job_id=42)
    task_run_id = builder.task("load", notebook("/n"))
    pretend.add(builder.build(result="SUCCESS"))

    run = workspace.run(RunId(RUN_ID))

    query = f"?o={pretend.workspace_id}"
    assert run.url == f"{pretend.url}/jobs/42/runs/{RUN_ID}{query}"
    assert run.tasks[0].url == f"{pretend.url}/jobs/42/runs/{task_run_id}{query}"


def test_a_task_tells_what_it_runs_where_and_how_often_it_may_try(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    builder = a_run_builder()
    builder.task("a", {**notebook("/n", cluster="c-1"), "max_retries": 3}, attempt=1)
    builder.task("b", notebook("/m"), after=["a"])
    pretend.add(builder.build(result="SUCCESS"))

    first, second = workspace.run(RunId(RUN_ID)).tasks

    assert (first.kind, first.source, first.compute) == (TaskKind.NOTEBOOK, "/n", "c-1")
    assert first.retries_left == 2
    assert (second.compute, second.depends_on) == ("serverless", ("a",))


@pytest.mark.parametrize(
    ("name", "environment"),
    [("[dev ana] etl", "dev"), ("[prod] etl", "prod"), ("[urgent] etl", ""), ("etl", "")],
)
def test_the_bundle_prefix_tells_the_environment(
    pretend: PretendWorkspace, workspace: SdkWorkspace, name: str, environment: str
) -> None:
    builder = a_run_builder(name=name)
    builder.task("load", notebook("/n"))
    pretend.add(builder.build(result="SUCCESS"))

    assert workspace.run(RunId(RUN_ID)).environment == environment


def test_tags_of_the_job_are_read_when_they_are_wanted(pretend: PretendWorkspace) -> None:
    builder = a_run_builder()
    builder.task("load", notebook("/n"))
    pretend.add(builder.build(result="SUCCESS"))
    pretend.tag_job(42, owner="ana")

    assert connected(pretend, read_job_tags=True).run(RunId(RUN_ID)).tags == (("owner", "ana"),)
    assert connected(pretend).run(RunId(RUN_ID)).tags == ()


def test_a_run_is_not_read_without_tags_that_are_only_away(pretend: PretendWorkspace) -> None:
    builder = a_run_builder()
    builder.task("load", notebook("/n"))
    pretend.add(builder.build(result="SUCCESS"))
    pretend.fail(Fault(path="/jobs/get", kind=FaultKind.STATUS, status=500))

    with pytest.raises(TransientError):
        connected(pretend, read_job_tags=True).run(RunId(RUN_ID))


def test_a_run_in_the_older_format_is_its_own_only_task(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    builder = a_run_builder(name="legacy")
    builder.task("x", notebook("/n"))
    built = builder.build()
    built.run["task"] = {"notebook_task": {"notebook_path": "/old"}}
    built.run["tasks"] = []
    pretend.add(built)

    run = workspace.run(RunId(RUN_ID))

    assert [(task.task_key, task.run_id, task.source) for task in run.tasks] == [
        ("legacy", RUN_ID, "/old")
    ]
    assert run.failed_tasks == run.tasks


def test_an_unknown_run_is_not_found(workspace: SdkWorkspace) -> None:
    with pytest.raises(
        NotFound,
        match=r"run 7 is unknown to workspace http.*another.*60 days",
    ):
        workspace.run(RunId(7))


def test_a_host_without_the_api_is_not_called_a_deleted_run(pretend: PretendWorkspace) -> None:
    client = WorkspaceClient(host=pretend.url, token=pretend.token, auth_type="pat")

    with pytest.raises(PermanentError, match="not as a Databricks workspace") as caught:
        Api(client.api_client, host=pretend.url).get("/api/2.9/jobs/runs/get", {}, what="run 7")

    assert not isinstance(caught.value, NotFound)


def test_recent_runs_are_the_completed_ones_since_then_newest_first(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    for number in range(60):
        begun = STARTED_AT + timedelta(minutes=number)
        pretend.add(training.succeeded(RUN_ID + number, begun))
    pretend.repair_outcome(training.JOB_ID, takes=3600)
    active = workspace.run_now(JobId(training.JOB_ID), token="t")

    since = STARTED_AT + timedelta(minutes=10)
    runs = list(workspace.recent_runs(since=since))

    assert [run.run_id for run in runs] == [RUN_ID + n for n in range(59, 9, -1)]
    assert runs[0].tasks == ()
    assert len(list(workspace.recent_runs(since=since, limit=3))) == 3
    assert len(list(workspace.recent_runs(since=since, limit=None))) == 50
    assert workspace.runs_of(JobId(training.JOB_ID), limit=2)[0].run_id == active


def test_codes_that_this_version_does_not_know_are_kept() -> None:
    details = {"code": "CLUSTER_TERMINATED_BY_USER", "type": "NEW_TYPE", "message": "m"}
    body = {"status": {"state": "TERMINATED", "termination_details": details}}

    termination = termination_of(body)

    assert outcome_of(body) is Outcome.FAILED
    assert termination is not None
    assert (termination.code, termination.type) == ("CLUSTER_TERMINATED_BY_USER", "NEW_TYPE")


def _status(code: str, message: str = "") -> dict[str, object]:
    details = {"code": code, "message": message}
    return {"status": {"state": "TERMINATED", "termination_details": details}}


def _state(life_cycle: str, result: str = "", message: str = "") -> dict[str, object]:
    return {
        "state": {
            "life_cycle_state": life_cycle,
            "result_state": result,
            "state_message": message,
        }
    }


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (_status("SUCCESS"), Outcome.SUCCEEDED),
        (_status("SUCCESS_WITH_FAILURES"), Outcome.SUCCEEDED_WITH_FAILURES),
        (_status("USER_CANCELED"), Outcome.CANCELLED),
        (_status("CANCELED", "Run timed out."), Outcome.TIMED_OUT),
        (_status("SKIPPED", "An upstream task failed."), Outcome.UPSTREAM_FAILED),
        (_status("SKIPPED", "An upstream task was canceled."), Outcome.UPSTREAM_CANCELLED),
        (_status("MAX_CONCURRENT_RUNS_EXCEEDED"), Outcome.SKIPPED),
        (_status("DISABLED"), Outcome.DISABLED),
        (_status("LIBRARY_INSTALLATION_ERROR"), Outcome.FAILED),
        ({"status": {"state": "TERMINATING"}}, None),
        ({"status": {"state": "RUNNING"}}, None),
        (_state("TERMINATED", "TIMEDOUT"), Outcome.TIMED_OUT),
        (_state("TERMINATED", "EXCLUDED"), Outcome.EXCLUDED),
        (_state("INTERNAL_ERROR", "FAILED"), Outcome.FAILED),
        (_state("INTERNAL_ERROR"), Outcome.FAILED),
        (_state("SKIPPED", message="An upstream task failed."), Outcome.UPSTREAM_FAILED),
        (_state("SKIPPED", message="Another run is active."), Outcome.SKIPPED),
        (_state("TERMINATED", "SOMETHING_NEW"), Outcome.UNKNOWN),
        (_state("RUNNING"), None),
        ({}, None),
    ],
    ids=lambda value: None if isinstance(value, dict) else str(value),
)
def test_states_of_both_generations_map_to_an_outcome(
    body: dict[str, object], outcome: Outcome | None
) -> None:
    assert outcome_of(body) is outcome
