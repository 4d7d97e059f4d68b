"""What the outside ends a command with is one line and an exit code, never a trace."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from jobmon.cli import COMMANDS, main
from jobmon.cli.exit_codes import EXIT_BROKEN_PIPE, EXIT_INTERRUPTED, EXIT_UNREADABLE

JOBMON = (sys.executable, "-m", "jobmon")
FULL = Path("/dev/full")


def ended_by(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> Result:
    @click.command()
    def command() -> None:
        raise error

    monkeypatch.setitem(COMMANDS, "ending", (f"{__name__}:ending", ""))
    monkeypatch.setattr(sys.modules[__name__], "ending", command, raising=False)
    return CliRunner().invoke(main, ["ending"])


def test_ctrl_c_ends_a_command_as_shells_expect_it(monkeypatch: pytest.MonkeyPatch) -> None:
    result = ended_by(KeyboardInterrupt(), monkeypatch)

    assert result.exit_code == EXIT_INTERRUPTED == 128 + signal.SIGINT
    assert result.output == "\nStopped.\n"


def test_a_file_that_the_system_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    error = PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/srv/\x1b[31mrules")

    result = ended_by(error, monkeypatch)

    assert result.exit_code == EXIT_UNREADABLE
    assert "rules: permission denied. Name a place that is there" in result.output
    assert "\x1b" not in result.output


def test_an_error_that_is_ours_keeps_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    error = ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))

    assert ended_by(error, monkeypatch).exception is error


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("command", [["--help"], ["rules", "list"]], ids=" ".join)
def test_an_output_that_is_full_is_one_line(command: list[str]) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            [*JOBMON, *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert done.returncode == EXIT_UNREADABLE
    assert done.stderr == (
        "✗ no space left on device: check where the output goes to, and what is read\n"
    )


def test_a_reader_that_has_gone_is_no_fault_to_speak_of() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*JOBMON, "rules", "list"], stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)

    assert (done.returncode, done.stderr) == (EXIT_BROKEN_PIPE, b"")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = CliRunner().invoke(
        main, ["rules", "new", "X901", "some-thing", "--into", str(tmp_path / "file" / "x")]
    )

    assert result.exit_code == EXIT_UNREADABLE
    assert f"{tmp_path / 'file' / 'x'}" in result.output.replace("\n", "")
