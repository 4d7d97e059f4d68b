"""A job or run that is not there: the command line says which there is, and what lists it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from jobmon.cli import main
from jobmon.cli.exit_codes import EXIT_UNREADABLE
from jobmon.demo.scenarios import training
from jobmon.demo.workspace import PretendWorkspace

ENDED = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendWorkspace]:
    with PretendWorkspace() as running:
        monkeypatch.setenv("DATABRICKS_HOST", running.url)
        monkeypatch.setenv("DATABRICKS_TOKEN", running.token)
        failed = training.failed(77, ENDED)
        failed.run["run_name"] = "train_models"
        running.add(failed)
        yield running


def runs(name: str) -> Result:
    return CliRunner().invoke(main, ["runs", name])


def test_runs_of_a_job_are_listed(workspace: PretendWorkspace) -> None:
    assert "77" in runs("train_models").stdout


def test_a_name_gives_the_terminal_no_orders(workspace: PretendWorkspace) -> None:
    failed = training.failed(78, ENDED)
    failed.run["run_name"] = "\x1b[31mred \x1b]8;;https://evil.example\x07click"
    workspace.add(failed)

    result = CliRunner().invoke(main, ["runs"])

    assert "red" in result.stdout
    assert not set(result.stdout) & set("\x07\x1b")


def test_the_nearest_name_is_given(workspace: PretendWorkspace) -> None:
    result = runs("train_model")

    assert result.exit_code == EXIT_UNREADABLE
    assert f"no job with the name or id `train_model` in workspace {workspace.url}" in result.stderr
    assert "Did you mean `train_models`? `jobmon runs` lists the newest runs" in result.stderr


@pytest.mark.parametrize("name", ["zzz", "4711"])
def test_where_no_name_is_near_it_says_what_lists_them(
    workspace: PretendWorkspace, name: str
) -> None:
    result = runs(name)

    assert result.exit_code == EXIT_UNREADABLE
    assert f"`{name}`" in result.stderr
    assert "Did you mean" not in result.stderr
    assert "`jobmon runs` lists the newest runs of all jobs." in result.stderr


@pytest.mark.parametrize(
    "command",
    [["diagnose", "999"], ["rerun", "999"], ["cancel", "999"], ["watch", "999"]],
    ids=" ".join,
)
def test_a_run_that_is_not_there_is_told_with_what_lists_runs(
    workspace: PretendWorkspace, command: list[str]
) -> None:
    result = CliRunner().invoke(main, command)

    assert result.exit_code == EXIT_UNREADABLE
    assert f"There is no run 999 in workspace {workspace.url}" in result.stderr
    assert "`jobmon runs` lists the newest." in result.stderr
