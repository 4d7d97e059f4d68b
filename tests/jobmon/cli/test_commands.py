"""What all commands share: an unreachable Databricks is one line, and help is whole."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmon.cli import main
from jobmon.cli.exit_codes import EXIT_UNREADABLE, EXIT_USAGE
from jobmon.cli.run_number import RUN_NUMBER


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


@pytest.mark.parametrize(
    "address",
    [
        "5",
        "https://adb-1.azuredatabricks.net/jobs/1/runs/5?o=7474651234567890",
        "https://dbc-1.cloud.databricks.com/jobs/1/runs/5",
        "https://dbc-1.cloud.databricks.com/?o=7#job/1/run/5",
    ],
)
def test_a_run_is_named_by_its_number_or_its_page(address: str) -> None:
    assert RUN_NUMBER.convert(address, None, None).run_id == 5


@pytest.mark.parametrize("said", ["abc", "0", "9" * 20, "https://a.example.com/jobs/5"])
def test_what_is_no_run_is_told_with_what_to_give(said: str) -> None:
    result = CliRunner().invoke(main, ["diagnose", said])

    assert result.exit_code == EXIT_USAGE
    assert "is no run: give its number, or the address of its page" in " ".join(
        result.output.split()
    )


def test_a_mistyped_command_is_told_with_the_nearest() -> None:
    result = CliRunner().invoke(main, ["diagnos", "5"])

    assert result.exit_code == EXIT_USAGE
    assert "No such command 'diagnos'. Did you mean 'diagnose'?" in result.output


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
