"""`jobmon up`: one command that keeps everything running, and ends it soon."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis.exceptions import RedisError

from jobmon.cli.demo import demo
from jobmon.cli.exit_codes import EXIT_FAILED, EXIT_USAGE
from jobmon.cli.up import ANYWHERE
from jobmon.cli.up import up as command
from jobmon.embedded import EmbeddedServer
from jobmon.listening import reserve_port
from jobmon.store.client import Profile, connect
from tests.support.waiting import wait_until


@contextmanager
def up(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`jobmon up` with nothing configured; what it says is in `folder/log`."""
    environ = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "JOBMON_DATA_DIR": str(folder),
        "JOBMON_WORKERS": "1",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jobmon", "up"],
            env=environ,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def pid_of_redis(folder: Path) -> int:
    client = connect(f"unix://{folder}/redis.sock", Profile.WEB)
    try:
        return int(client.info("server")["process_id"])
    except RedisError:
        return 0
    finally:
        client.close()


def test_a_redis_that_is_killed_comes_back_and_ctrl_c_ends_everything_by_itself() -> None:
    port = reserve_port()
    with tempfile.TemporaryDirectory(prefix="jobmon-") as name, up(Path(name), port) as process:
        folder = Path(name)
        wait_until(lambda: is_ready(port), within=60, every=0.2)
        first = pid_of_redis(folder)
        calm = (folder / "log").read_text(encoding="utf-8")

        os.kill(first, signal.SIGKILL)

        second = wait_until(lambda: pid_of_redis(folder) not in {0, first} and is_ready(port))
        assert second
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert calm.count("DATABRICKS_TOKEN") == 1
        assert "[warning" not in calm
        assert "[error" not in calm
        assert "supervisor.killed" not in (folder / "log").read_text(encoding="utf-8")


def test_a_port_that_is_taken_is_said_and_nothing_is_started() -> None:
    with (
        socket.create_server((ANYWHERE, 0)) as other,
        tempfile.TemporaryDirectory(prefix="jobmon-") as name,
        up(Path(name), other.getsockname()[1]) as process,
    ):
        assert process.wait(60) == EXIT_FAILED
        log = (Path(name) / "log").read_text(encoding="utf-8")

    assert log.startswith("✗ PORT: port ")
    assert len(log.splitlines()) == 1


@pytest.mark.parametrize("redis_url", ["", "redis://127.0.0.1:9/0"], ids=["own Redis", "another"])
def test_a_data_directory_that_cannot_be_written_is_said_and_nothing_is_started(
    tmp_path: Path, redis_url: str
) -> None:
    (tmp_path / "data").touch()

    done = subprocess.run(
        [sys.executable, "-m", "jobmon", "up"],
        env={
            "PATH": os.environ["PATH"],
            "PORT": str(reserve_port()),
            "REDIS_URL": redis_url,
            "JOBMON_DATA_DIR": str(tmp_path / "data"),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == EXIT_FAILED
    assert done.stderr.startswith("✗ JOBMON_DATA_DIR: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_the_demo_refuses_a_port_that_cannot_be_one(port: str) -> None:
    result = CliRunner().invoke(demo, ["--port", port])

    assert result.exit_code == EXIT_USAGE
    assert "0<=x<=65535" in result.output


def test_the_demo_refuses_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = CliRunner().invoke(demo, ["--port", str(other.getsockname()[1])])

    assert result.exit_code == EXIT_FAILED
    assert "--port: port " in result.output


def test_the_servers_program_is_the_one_that_settings_name(tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "PORT": str(reserve_port()),
        "JOBMON_DATA_DIR": str(tmp_path),
        "JOBMON_REDIS_BIN": "/bin/false",
    }
    done = subprocess.run(
        [sys.executable, "-m", "jobmon", "up"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "the embedded server did not start" in done.stderr


def test_what_fails_before_the_programs_run_leaves_no_server_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "webhook-password").mkdir()
    servers: list[EmbeddedServer] = []
    start = EmbeddedServer.start

    def noted(server: EmbeddedServer) -> None:
        start(server)
        servers.append(server)

    monkeypatch.setattr(EmbeddedServer, "start", noted)
    environ = {
        "PORT": str(reserve_port()),
        "JOBMON_DATA_DIR": str(tmp_path),
        "REDIS_URL": None,
    }

    result = CliRunner(env=environ).invoke(command)

    assert isinstance(result.exception, IsADirectoryError)
    with pytest.raises(RedisError):
        connect(servers[0].url, Profile.WEB).ping()


def test_a_broken_rule_is_told_before_anything_is_started(tmp_path: Path) -> None:
    rule = tmp_path / "rules" / "X101-broken" / "rule.toml"
    rule.parent.mkdir(parents=True)
    rule.write_text("bad", encoding="utf-8")
    environ = {
        "JOBMON_RULES_PATH": str(tmp_path / "rules"),
        "JOBMON_DATA_DIR": str(tmp_path / "data"),
        "PORT": str(reserve_port()),
    }

    result = CliRunner(env=environ).invoke(command)

    assert result.exit_code == EXIT_FAILED
    assert f"✗ {rule}: is not TOML" in result.output
    assert not (tmp_path / "data").exists()


def test_all_that_is_wrong_is_told_together(tmp_path: Path) -> None:
    rule = tmp_path / "rules" / "X101-broken" / "rule.toml"
    rule.parent.mkdir(parents=True)
    rule.write_text("bad", encoding="utf-8")
    (tmp_path / "data").touch()
    with socket.create_server((ANYWHERE, 0)) as other:
        environ = {
            "PORT": str(other.getsockname()[1]),
            "REDIS_URL": "redis://localhost?no_such_option=1",
            "JOBMON_WORKERS": "many",
            "JOBMON_RULES_PATH": str(tmp_path / "rules"),
            "JOBMON_RULES_DISABLE": "NOSUCH",
            "JOBMON_DATA_DIR": str(tmp_path / "data"),
        }
        result = CliRunner(env=environ).invoke(command)

    assert result.exit_code == EXIT_FAILED
    for said in ("PORT", "REDIS_URL", "JOBMON_WORKERS", rule, "JOBMON_RULES_DISABLE"):
        assert result.output.count(f"✗ {said}: ") == 1
    assert "✗ JOBMON_DATA_DIR: " in result.output


def test_a_port_that_is_no_number_is_not_taken_for_another(tmp_path: Path) -> None:
    environ = {"PORT": "many", "JOBMON_DATA_DIR": str(tmp_path / "data")}

    result = CliRunner(env=environ).invoke(command)

    assert result.output.startswith("✗ PORT: expected a whole number")
    assert len(result.output.splitlines()) == 1
