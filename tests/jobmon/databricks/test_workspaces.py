import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jobmon.databricks.client import (
    DISCOVERY_BUDGET_SECONDS,
    RETRY_BUDGET_SECONDS,
    SOCKET_TIMEOUT_SECONDS,
    is_set_up,
)
from jobmon.databricks.workspaces import SdkWorkspaces
from jobmon.demo.scenarios import training
from jobmon.demo.workspace import ApiError, Fault, FaultKind, PretendWorkspace
from jobmon.errors import CredentialError, PermanentError, TransientError
from jobmon.listening import reserve_port
from jobmon.ports.workspace import Workspaces
from jobmon.run import RunId, WorkspaceId
from jobmon.settings import Secret, WorkspaceSettings
from tests.jobmon.databricks.support import RUN_ID, STARTED_AT, CountingLimiter, SteppingClock

JOB_SECONDS = 120


def by_token(
    pretend: PretendWorkspace, *, name: str = "default", workspace_id: int | None = None
) -> WorkspaceSettings:
    return WorkspaceSettings(
        name=name, host=pretend.url, token=Secret(pretend.token), workspace_id=workspace_id
    )


def workspaces(*settings: WorkspaceSettings) -> Workspaces:
    return SdkWorkspaces(settings, limiter=CountingLimiter(), clock=SteppingClock())


def test_waits_nest_inside_each_other() -> None:
    assert SOCKET_TIMEOUT_SECONDS < RETRY_BUDGET_SECONDS < JOB_SECONDS
    assert DISCOVERY_BUDGET_SECONDS < RETRY_BUDGET_SECONDS


def test_the_id_of_a_workspace_is_asked_for_when_settings_do_not_say(
    pretend: PretendWorkspace,
) -> None:
    found = workspaces(by_token(pretend)).get(WorkspaceId(pretend.workspace_id))

    assert found.workspace_id == pretend.workspace_id


def test_events_of_several_workspaces_go_to_their_own() -> None:
    with PretendWorkspace(workspace_id=1) as one, PretendWorkspace(workspace_id=2) as two:
        two.add(training.failed(RUN_ID, STARTED_AT))
        both = workspaces(
            by_token(one, name="one", workspace_id=1), by_token(two, name="two", workspace_id=2)
        )

        assert both.get(WorkspaceId(2)).run(RunId(RUN_ID)).workspace_id == 2
        assert one.calls == ()
        assert both.get(WorkspaceId(1)).workspace_id == 1
        assert [workspace.workspace_id for workspace in both.all()] == [1, 2]


def test_a_workspace_that_is_not_configured_is_refused(pretend: PretendWorkspace) -> None:
    with pytest.raises(PermanentError, match=r"workspace 5 is not configured: .*jobmon\.toml"):
        workspaces(by_token(pretend)).get(WorkspaceId(5))


def test_several_workspaces_have_no_default(pretend: PretendWorkspace) -> None:
    with pytest.raises(PermanentError, match="several workspaces"):
        workspaces(by_token(pretend, name="a"), by_token(pretend, name="b")).get(None)


def test_a_service_principal_signs_in(pretend: PretendWorkspace) -> None:
    pretend.add(training.failed(RUN_ID, STARTED_AT))
    settings = WorkspaceSettings(
        host=pretend.url,
        client_id=pretend.client_id,
        client_secret=Secret(pretend.client_secret),
    )

    assert workspaces(settings).get(None).run(RunId(RUN_ID)).job_name == "train_models"


def test_variables_of_the_environment_do_not_win_over_a_configured_workspace(
    pretend: PretendWorkspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    profiles = tmp_path / "databrickscfg"
    profiles.write_text("[another]\nhost = http://127.0.0.1:1\n")
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(profiles))
    monkeypatch.setenv("DATABRICKS_HOST", "http://127.0.0.1:1")
    monkeypatch.setenv("DATABRICKS_TOKEN", "of another workspace")
    monkeypatch.setenv("DATABRICKS_CLIENT_ID", "other")
    monkeypatch.setenv("DATABRICKS_CLIENT_SECRET", "other")
    monkeypatch.setenv("DATABRICKS_CONFIG_PROFILE", "not-there")
    monkeypatch.setenv("DATABRICKS_WORKSPACE_ID", "99")
    pretend.add(training.failed(RUN_ID, STARTED_AT))

    found = workspaces(by_token(pretend)).get(None)

    assert found.workspace_id == pretend.workspace_id
    assert found.run(RunId(RUN_ID)).job_name == "train_models"


def test_clients_are_made_once_also_when_threads_ask_together(pretend: PretendWorkspace) -> None:
    shared = workspaces(by_token(pretend))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: id(shared.get(None)), range(32)))

    assert len(set(found)) == 1
    assert len(pretend.calls_to("databricks-config")) == 1


def test_a_forked_process_makes_its_own_client(pretend: PretendWorkspace) -> None:
    shared = workspaces(by_token(pretend))
    shared.get(None)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if shared.get(None).workspace_id == pretend.workspace_id else 2
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert len(pretend.calls_to("databricks-config")) == 2


def test_making_a_client_does_not_wait_for_a_dead_host() -> None:
    settings = WorkspaceSettings(
        host=f"http://127.0.0.1:{reserve_port()}", token=Secret("t"), workspace_id=1
    )

    # The SDK's discovery keeps real time, whatever clock it is given.
    started = time.monotonic()
    found = workspaces(settings).get(None)

    assert time.monotonic() - started < 5
    with pytest.raises(TransientError, match="cannot connect to"):
        found.run(RunId(1))


def test_wrong_credentials_are_said_to_be_wrong_without_being_shown(
    pretend: PretendWorkspace,
) -> None:
    secret = "dapi-wrong-token"
    settings = WorkspaceSettings(host=pretend.url, token=Secret(secret))

    with pytest.raises(CredentialError) as caught:
        workspaces(settings).get(None).run(RunId(1))

    said = str(caught.value)
    assert "run 1" in said
    assert pretend.url in said
    assert secret not in said
    assert "Config" not in said
    assert "auth_type" not in said


def test_missing_credentials_name_the_variables_to_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in os.environ if name.startswith(("DATABRICKS_", "ARM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CredentialError, match="DATABRICKS_TOKEN"):
        workspaces(WorkspaceSettings(config_file=tmp_path / "none")).get(None)
    assert not is_set_up(WorkspaceSettings(config_file=tmp_path / "none"))
    assert is_set_up(WorkspaceSettings(host="adb-1.invalid"))


def test_a_host_without_credentials_is_not_taken_for_a_service_principal(
    pretend: PretendWorkspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    settings = WorkspaceSettings(
        name="lab", host=pretend.url, config_file=tmp_path / "none", in_file=True
    )

    with pytest.raises(CredentialError, match=r"lab: give it in jobmon\.toml a host"):
        workspaces(settings).get(None)


def test_a_service_principal_with_a_wrong_secret_is_said_to_be_refused(
    pretend: PretendWorkspace,
) -> None:
    settings = WorkspaceSettings(
        host=pretend.url, client_id=pretend.client_id, client_secret=Secret("hunter2")
    )

    with pytest.raises(CredentialError, match="service principal for run 1") as caught:
        workspaces(settings).get(None).run(RunId(1))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path="/runs/get", kind=FaultKind.STATUS, status=500),
        Fault(path="/runs/get", kind=FaultKind.STATUS, status=502),
        Fault(path="/runs/get", kind=FaultKind.STATUS, status=503, times=100, retry_after=5),
        Fault(path="/runs/get", kind=FaultKind.STATUS, status=429, times=100, retry_after=5),
        Fault(path="/runs/get", kind=FaultKind.DROP, times=100),
        Fault(path="/runs/get", kind=FaultKind.NONSENSE),
    ],
    ids=lambda fault: f"{fault.kind} {fault.status}",
)
def test_a_trouble_that_may_pass_is_transient(pretend: PretendWorkspace, fault: Fault) -> None:
    found = workspaces(by_token(pretend)).get(None)
    pretend.fail(fault)

    with pytest.raises(TransientError, match="run 1"):
        found.run(RunId(1))


def test_a_dropped_connection_is_tried_again_for_a_read(pretend: PretendWorkspace) -> None:
    pretend.add(training.failed(RUN_ID, STARTED_AT))
    found = workspaces(by_token(pretend)).get(None)
    pretend.fail(Fault(path="/runs/get", kind=FaultKind.DROP))

    assert found.run(RunId(RUN_ID)).run_id == RUN_ID


def test_the_clients_configuration_is_never_part_of_a_refusal(pretend: PretendWorkspace) -> None:
    refused = ApiError(403, "INVALID_PARAMETER_VALUE", "This workspace is being deleted.")
    built = pretend.add(training.failed(RUN_ID, STARTED_AT))
    task_run_id = built.run["tasks"][1]["run_id"]
    pretend.content.outputs[task_run_id] = refused
    found = workspaces(by_token(pretend)).get(None)
    run = found.run(RunId(RUN_ID))

    (failure,) = found.failures(run, [task for task in run.tasks if task.run_id == task_run_id])

    assert "This workspace is being deleted" in failure.note
    assert "auth_type" not in failure.note
