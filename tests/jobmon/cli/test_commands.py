"""What all commands share: an unreachable Databricks is one line, and help is whole."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmon.cli import main
from jobmon.cli.exit_codes import EXIT_UNREADABLE


@pytest.mark.parametrize(
    "command",
    [["diagnose", "1"], ["watch", "1"], ["runs"], ["rerun", "1"], ["cancel", "1"]],
    ids=" ".join,
)
def test_a_host_that_does_not_answer_is_one_line_that_names_it(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABRICKS_HOST", "http://127.0.0.1:9")
    monkeypatch.setenv("DATABRICKS_TOKEN", "dapi1")

    result = CliRunner().invoke(main, command)

    assert result.exit_code == EXIT_UNREADABLE
    assert result.output == (
        "✗ no answer from http://127.0.0.1:9: it refused the connection. Check DATABRICKS_HOST.\n"
    )


@pytest.mark.parametrize("command", [["rules"], ["slack"], ["routes"]], ids=" ".join)
def test_no_line_of_help_is_cut(command: list[str]) -> None:
    said = CliRunner().invoke(main, [*command, "--help"]).output

    assert "..." not in said.partition("Commands:")[2]


def test_no_color_is_heeded(tmp_path: Path) -> None:
    environ = {"JOBMON_DATA_DIR": str(tmp_path)}
    coloured = CliRunner(env=environ).invoke(main, ["check"], color=True).output
    plain = CliRunner(env={**environ, "NO_COLOR": "1"}).invoke(main, ["check"], color=True).output

    assert "\x1b[" in coloured
    assert "\x1b[" not in plain
    assert "everything checked is fine" in plain
