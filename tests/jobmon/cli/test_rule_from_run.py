"""`jobmon rules new --from-run` makes a sample of what a run failed with."""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jobmon.cli.exit_codes import EXIT_USAGE
from jobmon.cli.rules import rules
from jobmon.demo.scenarios import training
from jobmon.demo.workspace import PretendWorkspace

ENDED = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[PretendWorkspace]:
    monkeypatch.chdir(tmp_path)
    with PretendWorkspace() as running:
        monkeypatch.setenv("DATABRICKS_HOST", running.url)
        monkeypatch.setenv("DATABRICKS_TOKEN", running.token)
        yield running


def made_from(run_id: int) -> Result:
    return CliRunner().invoke(rules, ["new", "X101", "of-a-run", "--from-run", str(run_id)])


def test_what_the_run_failed_with_is_the_sample(
    workspace: PretendWorkspace, tmp_path: Path
) -> None:
    workspace.add(training.failed(77, ENDED))

    result = made_from(77)

    assert result.exit_code == 0, result.output
    sample = (tmp_path / "X101-of-a-run" / "samples" / "match_first.toml").read_text()
    text = tomllib.loads(sample)["failure"]["error"]
    assert "[UNRESOLVED_COLUMN.WITH_SUGGESTION]" in text
    assert "\x1b" not in text


def test_a_run_that_is_not_there_is_told_and_nothing_is_written(
    workspace: PretendWorkspace, tmp_path: Path
) -> None:
    result = made_from(78)

    assert "There is no run 78" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_sample_comes_from_one_place(workspace: PretendWorkspace) -> None:
    arguments = ["new", "X101", "of-a-run", "--from-run", "77", "--from-text", "-"]

    result = CliRunner().invoke(rules, arguments, input="text")

    assert result.exit_code == EXIT_USAGE
    assert not workspace.calls_to("runs/get")
