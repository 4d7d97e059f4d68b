"""Commands that need Redis say so when it does not answer."""

import pytest
from click.testing import CliRunner

from jobmon.cli import main


@pytest.mark.parametrize("command", [["incidents"], ["replay"], ["audit"]], ids=" ".join)
def test_a_redis_that_does_not_answer_is_a_line_and_no_trace(
    command: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    nowhere = tmp_path_factory.mktemp("x")
    result = CliRunner(env={"REDIS_URL": "", "JOBMON_DATA_DIR": str(nowhere)}).invoke(main, command)

    assert result.exit_code == 4
    assert "Redis does not answer" in result.output
    assert isinstance(result.exception, SystemExit)
