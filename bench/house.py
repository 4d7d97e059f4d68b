"""Processes to measure, started as `jobmon up` starts them, and gone at the end."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep

from jobmon.cli.up import programs
from jobmon.embedded import EmbeddedServer
from jobmon.listening import reserve_port
from jobmon.settings import Settings
from jobmon.store.client import Client, Profile, connect

ROOT = Path(__file__).parent.parent
USER, PASSWORD = "databricks", "bench-password"
WEB = "webhook.app:create_app()"
START_SECONDS = 30.0


@contextmanager
def server() -> Iterator[tuple[str, Client, Path]]:
    """An empty embedded server: its address, a client, and a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="jobmon-bench-") as name:
        folder = Path(name)
        embedded = EmbeddedServer(folder)
        embedded.start()
        client = connect(embedded.url, Profile.WORKER)
        try:
            yield embedded.url, client, folder
        finally:
            client.close()
            embedded.stop()


@contextmanager
def web(app: str, redis_url: str, folder: Path) -> Iterator[int]:
    """A web process as `jobmon up` starts it, for this application; its port."""
    port = reserve_port()
    command = programs(replace(Settings(), port=port), host="127.0.0.1")[0].command
    command = tuple(app if part == WEB else part for part in command)
    with program(command, environment(redis_url, folder, port=port), folder / "web.log"):
        wait_for_port(port)
        yield port


@contextmanager
def program(
    command: tuple[str, ...], environ: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A running program; ended when the block is."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def jobmon(*arguments: str) -> tuple[str, ...]:
    """A jobmon command."""
    return (sys.executable, "-m", "jobmon", *arguments)


def environment(redis_url: str, folder: Path, *, port: int = 0, **more: str) -> dict[str, str]:
    """Settings of a jobmon that is configured for nothing outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JOBMON_")}
    return {
        **kept,
        "REDIS_URL": redis_url,
        "PORT": str(port),
        "JOBMON_DATA_DIR": str(folder / "data"),
        "JOBMON_WEBHOOK_USERNAME": USER,
        "JOBMON_WEBHOOK_PASSWORD": PASSWORD,
        **more,
    }


def wait_for_port(port: int) -> float:
    """Wait until somebody listens; the seconds it took."""
    began = monotonic()
    while monotonic() - began < START_SECONDS:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return monotonic() - began
        sleep(0.005)
    raise TimeoutError(f"nothing listens on port {port}")
