"""`jobmon rerun` and `cancel` act on runs, say why not, and are in the audit trail."""

import os
import pwd
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmon.action import COMMAND_LINE, ActionKind
from jobmon.cli import main
from jobmon.cli.exit_codes import EXIT_UNREADABLE
from jobmon.demo.scenarios import training
from jobmon.demo.workspace import PretendWorkspace
from jobmon.embedded import EmbeddedServer
from jobmon.store.client import Client, Profile, connect
from jobmon.store.redis_store import RedisStore

RUN_ID = 77
ENDED = datetime.now(UTC) - timedelta(hours=1)
ME = f"{pwd.getpwuid(os.getuid()).pw_name}@{socket.gethostname()}"


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[PretendWorkspace]:
    with PretendWorkspace() as running:
        monkeypatch.setenv("DATABRICKS_HOST", running.url)
        monkeypatch.setenv("DATABRICKS_TOKEN", running.token)
        monkeypatch.delenv("REDIS_URL", raising=False)
        monkeypatch.setenv("JOBMON_DATA_DIR", str(tmp_path))
        yield running


def run(command: str, **env: str) -> Result:
    return CliRunner(env=env).invoke(main, [command, str(RUN_ID)])


def add_a_running_one(workspace: PretendWorkspace) -> None:
    running = training.failed(RUN_ID, ENDED)
    running.run["state"] = {"life_cycle_state": "RUNNING"}
    running.run["status"] = {"state": "RUNNING"}
    workspace.add(running)


def test_a_run_that_has_ended_is_not_asked_to_stop(workspace: PretendWorkspace) -> None:
    workspace.add(training.failed(RUN_ID, ENDED))

    result = run("cancel")

    assert result.exit_code == EXIT_UNREADABLE
    assert f"run 77 has ended already: failed, at {ENDED:%Y-%m-%d}" in result.stderr
    assert "jobmon diagnose 77" in result.stderr
    assert not workspace.calls_to("runs/cancel")


def test_a_run_that_goes_on_is_asked_to_stop(workspace: PretendWorkspace) -> None:
    add_a_running_one(workspace)

    result = run("cancel")

    assert result.exit_code == 0, result.output
    assert "Run 77 was asked to stop." in result.stdout
    assert workspace.calls_to("runs/cancel")


def test_the_number_of_a_tasks_run_stops_nothing(workspace: PretendWorkspace) -> None:
    add_a_running_one(workspace)
    task_run = workspace.content.runs[RUN_ID]["tasks"][0]["run_id"]

    result = CliRunner().invoke(main, ["cancel", str(task_run)])

    assert result.exit_code == EXIT_UNREADABLE
    assert "`cancel 77` stops the whole run" in result.stderr
    assert not workspace.calls_to("runs/cancel")


def test_a_repair_is_in_the_audit_trail_with_who_asked_and_how(
    workspace: PretendWorkspace, client: Client, redis_url: str
) -> None:
    workspace.add(training.failed(RUN_ID, ENDED))

    result = run("rerun", REDIS_URL=redis_url)

    assert result.exit_code == 0, result.output
    assert not result.stderr
    (outcome,) = RedisStore(client).audit()
    assert (outcome.done, outcome.action.kind, outcome.action.run_id) == (True, "rerun", RUN_ID)
    assert (outcome.action.actor.user_id, outcome.action.actor.via) == (ME, COMMAND_LINE)
    shown = CliRunner(env={"REDIS_URL": redis_url}).invoke(main, ["audit"]).output
    assert f"{ME} (command line)  rerun {outcome.action.target}  (run 77)  done: Repair" in shown


def test_no_tasks_chosen_is_not_all_of_them(workspace: PretendWorkspace) -> None:
    workspace.add(training.failed(RUN_ID, ENDED))

    result = CliRunner().invoke(main, ["rerun", str(RUN_ID), "--tasks", " , "])

    assert result.exit_code != 0
    assert "--tasks load,train" in result.stderr
    assert not workspace.calls_to("runs/repair")


@pytest.mark.parametrize("command", [ActionKind.CANCEL, ActionKind.RERUN])
def test_what_was_not_done_is_in_the_audit_trail_with_why(
    workspace: PretendWorkspace, client: Client, redis_url: str, command: ActionKind
) -> None:
    if command is ActionKind.RERUN:
        add_a_running_one(workspace)
    else:
        workspace.add(training.failed(RUN_ID, ENDED))

    result = run(command, REDIS_URL=redis_url)

    assert result.exit_code == EXIT_UNREADABLE
    (outcome,) = RedisStore(client).audit()
    assert (outcome.done, outcome.action.kind) == (False, command)
    assert outcome.text in result.stderr


def test_the_embedded_server_of_the_data_directory_is_found(workspace: PretendWorkspace) -> None:
    add_a_running_one(workspace)
    server = EmbeddedServer(Path(os.environ["JOBMON_DATA_DIR"]))
    server.start()
    try:
        result = run("cancel")
        (outcome,) = RedisStore(connect(server.url, Profile.WEB)).audit()
    finally:
        server.stop()

    assert outcome.done
    assert not result.stderr


@pytest.mark.parametrize("address", ["", "redis://127.0.0.1:9/0"], ids=["no-server", "no-answer"])
def test_what_cannot_be_recorded_is_done_and_one_line_says_so(
    workspace: PretendWorkspace, address: str
) -> None:
    add_a_running_one(workspace)

    result = run("cancel", REDIS_URL=address)

    assert result.exit_code == 0
    assert workspace.calls_to("runs/cancel")
    (line,) = result.stderr.splitlines()
    assert line.startswith("Not in the audit trail: Redis does not answer. Set REDIS_URL")
