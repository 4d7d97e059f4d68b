"""Who waits at a terminal is told at once why a host does not answer, and what names it."""

import logging
import socket
from pathlib import Path

import pytest

from jobmon.databricks.client import Patience
from jobmon.databricks.workspaces import SdkWorkspaces
from jobmon.demo.workspace import PretendWorkspace
from jobmon.errors import CredentialError, TransientError
from jobmon.listening import reserve_port
from jobmon.ports.workspace import Workspace
from jobmon.run import RunId
from jobmon.settings import Secret, WorkspaceSettings
from tests.jobmon.databricks.support import CountingLimiter, SteppingClock


def for_a_person(settings: WorkspaceSettings) -> Workspace:
    return SdkWorkspaces(
        (settings,), limiter=CountingLimiter(), clock=SteppingClock(), patience=Patience.PERSON
    ).get(None)


def refusal_of(settings: WorkspaceSettings) -> str:
    with pytest.raises((TransientError, CredentialError)) as caught:
        for_a_person(settings)
    return str(caught.value)


def test_a_host_that_refuses_is_named_with_the_key_to_change() -> None:
    host = f"http://127.0.0.1:{reserve_port()}"

    said = refusal_of(WorkspaceSettings(host=host, token=Secret("t")))

    assert said == f"no answer from {host}: it refused the connection. Check DATABRICKS_HOST."


def test_a_service_principal_is_not_blamed_for_a_host_that_is_not_there() -> None:
    host = f"http://127.0.0.1:{reserve_port()}"
    settings = WorkspaceSettings(
        host=host, client_id="a", client_secret=Secret("b"), name="lab", in_file=True
    )

    said = refusal_of(settings)

    assert "refused the connection. Check the host of workspace lab in jobmon.toml." in said


def test_a_name_that_nobody_knows_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    said = refusal_of(WorkspaceSettings(host="adb-1.invalid", token=Secret("t")))

    assert said == (
        "no answer from https://adb-1.invalid: there is no such name (DNS). Check DATABRICKS_HOST."
    )


def test_a_connection_that_times_out_is_said_to_do_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_args: object, **_kwargs: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket.socket, "connect", never)

    said = refusal_of(WorkspaceSettings(host="http://127.0.0.1:9", token=Secret("t")))

    assert "timed out. Check DATABRICKS_HOST." in said


def test_nothing_is_logged_in_the_sdks_own_words(caplog: pytest.LogCaptureFixture) -> None:
    host = f"http://127.0.0.1:{reserve_port()}"
    settings = WorkspaceSettings(host=host, token=Secret("t"), workspace_id=1)

    with caplog.at_level(logging.WARNING):
        SdkWorkspaces((settings,), limiter=CountingLimiter()).get(None)

    assert not caplog.records


def test_a_host_that_answers_is_used(pretend: PretendWorkspace) -> None:
    found = for_a_person(WorkspaceSettings(host=pretend.url, token=Secret(pretend.token)))

    with pytest.raises(Exception, match="run 1 is unknown"):
        found.run(RunId(1))


def test_the_host_of_a_profile_is_asked_too(tmp_path: Path) -> None:
    file = tmp_path / "profiles"
    file.write_text(
        f"[lab]\nhost = http://127.0.0.1:{reserve_port()}\nauth_type = databricks-cli\n"
    )

    said = refusal_of(WorkspaceSettings(profile="lab", config_file=file))

    assert "refused the connection" in said
    assert f"Check the host of profile lab in {file}." in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "which does not exist"),
        ("", "which has none"),
        ("[DEFAULT]\nhost = x\n[prod]\nhost = y\n[__settings__]\n", "which has: DEFAULT, prod."),
    ],
    ids=["no file", "no profile", "others"],
)
def test_a_profile_that_is_not_there_is_named_with_those_that_are(
    tmp_path: Path, content: str | None, said: str
) -> None:
    file = tmp_path / "profiles"
    if content is not None:
        file.write_text(content)

    told = refusal_of(WorkspaceSettings(profile="prd", config_file=file))

    assert f"there is no profile 'prd' in {file}, {said}" in told
    assert "DATABRICKS_CONFIG_PROFILE" in told


def test_a_file_of_profiles_that_cannot_be_read_is_named_without_its_content(
    tmp_path: Path,
) -> None:
    file = tmp_path / "profiles"
    file.write_text("token = dapi-secret\n")

    said = refusal_of(WorkspaceSettings(profile="lab", config_file=file))

    assert str(file) in said
    assert "dapi-secret" not in said
