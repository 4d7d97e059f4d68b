"""`jobmon cancel` asks what runs to stop, and says of an ended run how it ended."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from jobmon.cli.rerun import cancel
from jobmon.cli.shell import EXIT_UNREADABLE
from jobmon.demo.scenarios import training
from jobmon.demo.workspace import PretendWorkspace

RUN_ID = 77
ENDED = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendWorkspace]:
    with PretendWorkspace() as running:
        monkeypatch.setenv("DATABRICKS_HOST", running.url)
        monkeypatch.setenv("DATABRICKS_TOKEN", running.token)
        yield running


def cancelled() -> Result:
    return CliRunner().invoke(cancel, [str(RUN_ID)])


def test_a_run_that_has_ended_is_not_asked_to_stop(workspace: PretendWorkspace) -> None:
    workspace.add(training.failed(RUN_ID, ENDED))

    result = cancelled()

    assert result.exit_code == EXIT_UNREADABLE
    assert "run 77 has ended already: failed, at 2026-11-23 06:" in result.stderr
    assert "jobmon diagnose 77" in result.stderr
    assert not workspace.calls_to("runs/cancel")


def test_a_run_that_goes_on_is_asked_to_stop(workspace: PretendWorkspace) -> None:
    running = training.failed(RUN_ID, ENDED)
    running.run["state"] = {"life_cycle_state": "RUNNING"}
    running.run["status"] = {"state": "RUNNING"}
    workspace.add(running)

    result = cancelled()

    assert result.exit_code == 0, result.output
    assert "Run 77 was asked to stop." in result.stdout
    assert workspace.calls_to("runs/cancel")
