"""Start-up: how long until the help is shown, until the web process answers, until a worker works.

    python -m bench.startup [--rounds 5]

Beside a bare interpreter and beside the imports alone, in the same run; medians.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from bench.house import ROOT, environment, jobmon, program, server
from bench.measure import machine, table
from jobmon.cli.up import programs
from jobmon.listening import reserve_port
from jobmon.settings import Settings
from jobmon.store.client import Client

START_SECONDS = 30.0
HEAD = ("what", "ms", "to python -c pass", "target ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    print(machine())
    with ExitStack() as stack:
        url, client, folder = stack.enter_context(server())
        measured: dict[str, tuple[Callable[[], float], str]] = {
            "python -c pass": (lambda: _command(sys.executable, "-c", "pass"), ""),
            "import flask, redis": (
                lambda: _command(sys.executable, "-c", "import flask, redis"),
                "",
            ),
            "import databricks.sdk": (
                lambda: _command(sys.executable, "-c", "import databricks.sdk"),
                "",
            ),
            "jobmon --help": (lambda: _command(*jobmon("--help")), "150"),
            "jobmon worker --help": (lambda: _command(*jobmon("worker", "--help")), ""),
            "web process answers": (lambda: _web(url, folder), "1,000"),
            "worker takes jobs": (lambda: _worker(url, client, folder), "3,000"),
        }
        times: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(rounds):
            for name, (measure, _target) in measured.items():
                times[name].append(measure())
    bare = statistics.median(times["python -c pass"])
    rows = []
    for name, (_measure, target) in measured.items():
        median = statistics.median(times[name])
        rows.append((name, median * 1000, median / bare, target))
    table("Start-up, medians", HEAD, rows)


def _command(*command: str) -> float:
    began = monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return monotonic() - began


def _web(redis_url: str, folder: Path) -> float:
    port = reserve_port()
    settings = Settings(port=port)
    command = programs(settings, host="127.0.0.1")[0].command
    began = monotonic()
    with program(command, environment(redis_url, folder, port=port), folder / "web.log"):
        while monotonic() - began < START_SECONDS:
            try:
                with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                    json.load(answer)
                    return monotonic() - began
            except (URLError, OSError):
                sleep(0.005)
    raise TimeoutError("the web process did not answer")


def _worker(redis_url: str, client: Client, folder: Path) -> float:
    client.flushall()
    began = monotonic()
    with program(jobmon("worker"), environment(redis_url, folder), folder / "worker.log"):
        while monotonic() - began < START_SECONDS:
            if client.scard("rq:workers"):
                return monotonic() - began
            sleep(0.005)
    raise TimeoutError("the worker did not register")


if __name__ == "__main__":
    main()
