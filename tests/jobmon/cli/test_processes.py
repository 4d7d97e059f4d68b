"""`jobmon worker` and `jobmon scheduler`, started before there is a Redis."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click import Command
from click.testing import CliRunner

from jobmon.cli.exit_codes import EXIT_FAILED
from jobmon.cli.processes import scheduler, worker
from jobmon.embedded import EmbeddedServer
from tests.support.waiting import wait_until


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with TemporaryDirectory(prefix="jobmon-") as name:
        not_started = EmbeddedServer(Path(name))
        yield not_started
        not_started.stop()


@pytest.mark.parametrize("process", ["worker", "scheduler"])
def test_a_process_says_that_it_waits_for_redis_and_that_it_is_there(
    server: EmbeddedServer, tmp_path: Path, process: str
) -> None:
    log = tmp_path / "log"
    with log.open("wb") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", "jobmon", process],
            env={"PATH": os.environ["PATH"], "REDIS_URL": server.url},
            stderr=output,
        )
    try:
        wait_until(lambda: "redis.waited_for" in log.read_text(encoding="utf-8"), within=30)
        server.start()
        wait_until(lambda: "redis.connected" in log.read_text(encoding="utf-8"), within=30)
    finally:
        running.terminate()
        running.wait(30)


@pytest.mark.parametrize("process", [worker, scheduler], ids=["worker", "scheduler"])
def test_a_process_that_does_not_start_says_all_that_is_wrong(
    tmp_path: Path, process: Command
) -> None:
    rule = tmp_path / "X101-broken" / "rule.toml"
    rule.parent.mkdir()
    rule.write_text("bad", encoding="utf-8")
    environ = {"PORT": "many", "REDIS_URL": "", "JOBMON_RULES_PATH": str(tmp_path)}

    result = CliRunner(env=environ).invoke(process, [])

    assert result.exit_code == EXIT_FAILED
    for said in ("PORT: ", "REDIS_URL is not set", f"{rule}: is not TOML"):
        assert f"✗ {said}" in result.output
