"""Commands that need Redis say so when it does not answer."""

import click
import pytest
from click.testing import CliRunner
from redis.exceptions import (
    AuthenticationError,
    NoPermissionError,
    OutOfMemoryError,
    TimeoutError,  # noqa: A004
)

from jobmon.cli import main
from jobmon.cli.shell import in_words


@pytest.mark.parametrize("command", [["incidents"], ["replay"], ["audit"]], ids=" ".join)
def test_a_redis_that_does_not_answer_is_a_line_and_no_trace(
    command: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    nowhere = tmp_path_factory.mktemp("x")
    result = CliRunner(env={"REDIS_URL": "", "JOBMON_DATA_DIR": str(nowhere)}).invoke(main, command)

    assert result.exit_code == 4
    assert "Redis does not answer" in result.output
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AuthenticationError("WRONGPASS"), "refuses our user or password"),
        (NoPermissionError("NOPERM"), "refuses our user or password"),
        (OutOfMemoryError("OOM"), "Redis refuses: OOM"),
        (TimeoutError("slow"), "Redis does not answer"),
    ],
)
def test_a_redis_that_refuses_is_not_one_that_does_not_answer(error: Exception, said: str) -> None:
    @click.command()
    @in_words
    def command() -> None:
        raise error

    result = CliRunner().invoke(command)

    assert result.exit_code == 4
    assert said in result.output
