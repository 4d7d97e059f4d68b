"""`jobmon check --connect` asks the live parts, each with the address that jobmon would use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmon.cli.check import check
from jobmon.cli.exit_codes import EXIT_FAILED
from jobmon.demo.workspace import Fault, FaultKind, PretendWorkspace
from jobmon.embedded import EmbeddedServer
from jobmon.store.client import Client


@pytest.fixture
def environ(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    with PretendWorkspace() as workspace:
        monkeypatch.setenv("REDIS_URL", redis_url)
        monkeypatch.setenv("DATABRICKS_HOST", workspace.url)
        monkeypatch.setenv("DATABRICKS_TOKEN", workspace.token)
        yield monkeypatch


def connected() -> str:
    return CliRunner().invoke(check, ["--connect"]).output


def test_the_live_server_is_asked(environ: pytest.MonkeyPatch, client: Client) -> None:
    assert "✓ Redis: version" in connected()


def test_without_an_address_the_server_of_a_running_up_is_asked(
    environ: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environ.delenv("REDIS_URL")
    environ.setenv("JOBMON_DATA_DIR", str(tmp_path))
    server = EmbeddedServer(tmp_path)
    server.start()
    try:
        running = connected()
    finally:
        server.stop()

    assert "✓ Redis: version" in running
    assert f"✓ Redis: none runs in {tmp_path}; `jobmon up` will start" in connected()


def test_a_host_that_is_no_workspace_is_not_called_a_deleted_run(
    environ: pytest.MonkeyPatch,
) -> None:
    with PretendWorkspace() as host:
        environ.setenv("DATABRICKS_HOST", host.url)
        environ.setenv("DATABRICKS_TOKEN", host.token)
        host.fail(Fault(path="/jobs/runs/list", kind=FaultKind.STATUS, status=404))
        said = connected()

    assert f"✗ Databricks: {host.url} answers, but not as a Databricks workspace" in said
    assert "deleted" not in said


def test_each_workspace_that_does_not_answer_is_named(
    environ: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspaces = "\n".join(
        f'[[workspaces]]\nname = "{name}"\nworkspace_id = {number}\ntoken_env = "TOKEN"\n'
        'host = "http://127.0.0.1:9"'
        for number, name in enumerate(("one", "two"), start=1)
    )
    (tmp_path / "jobmon.toml").write_text(workspaces, encoding="utf-8")
    environ.setenv("JOBMON_CONFIG", str(tmp_path / "jobmon.toml"))
    environ.setenv("TOKEN", "dapi1")
    said = connected()

    for name in ("one", "two"):
        assert f"✗ Databricks: workspace {name}: no answer from http://127.0.0.1:9" in said
        assert f"Check the host of workspace {name} in jobmon.toml." in said


def test_a_live_server_that_may_forget_is_refused(
    environ: pytest.MonkeyPatch, client: Client
) -> None:
    client.config_set("maxmemory-policy", "allkeys-lru")
    client.config_set("appendfsync", "no")
    try:
        said = connected()
    finally:
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("appendfsync", "everysec")

    assert "✗ Redis: maxmemory-policy is allkeys-lru" in said
    assert "✗ Redis: appendfsync is no" in said


def test_a_server_that_is_away_is_said_without_its_address(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("REDIS_URL", "redis://user:hunter2@127.0.0.1:1/0")
    said = connected()

    assert "✗ Redis: no answer" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("asked", ["family=0", "retry=3", "db=abc"])
def test_what_redis_client_does_not_know_is_said_without_asking_anybody(
    environ: pytest.MonkeyPatch, asked: str
) -> None:
    environ.setenv("REDIS_URL", f"redis://:hunter2@127.0.0.1/0?{asked}")
    result = CliRunner().invoke(check)

    assert result.exit_code == EXIT_FAILED
    assert "✗ REDIS_URL: the client cannot read it" in result.output
    assert "hunter2" not in result.output


def test_an_address_that_only_the_client_finds_unreadable_is_said(
    environ: pytest.MonkeyPatch,
) -> None:
    environ.setenv("REDIS_URL", "redis://user:hunter2@127.0.0.1/0?db=abc")
    said = connected()

    assert said.count("REDIS_URL: the client cannot read it") == 1
    assert "hunter2" not in said
