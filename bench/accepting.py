"""Accepting webhooks: the real endpoint beside less and beside Alertmanager.

    python -m bench.accepting [--seconds 1.5] [--rounds 9]

Every subject runs under gunicorn as `jobmon up` starts it, with the same load generator on the
same machine, in short turns: a machine that is faster for a while is so for all of them. Medians
are shown; a ratio is the median of the ratios of each round, with the smallest and the largest.
Alertmanager is measured when it is installed.
"""

import argparse
import base64
import json
import shutil
import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from operator import methodcaller
from pathlib import Path

from bench.house import PASSWORD, USER, WEB, program, server, wait_for_port, web
from bench.load import Measured, drive, post
from bench.measure import machine, table
from jobmon.listening import reserve_port
from jobmon.store.client import Client

Requests = Callable[[], Iterator[bytes]]
PATH = "/webhooks/databricks"
REAL, PUSHES, OK, ALERTMANAGER = "jobmon", "Flask that pushes", "Flask ok", "Alertmanager"
HEAD = (
    "endpoint", "req/s", "to pushes", "from", "to", "p50 ms", "p99", "p99.9",
    "at half the load: p50", "p99", "p99.9",
)  # fmt: skip
ALERTMANAGER_CONFIG = """
route: {receiver: nobody, group_by: [run_id], group_wait: 1h}
receivers: [{name: nobody}]
"""
_ids = count(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    print(machine())
    with ExitStack() as stack:
        url, client, folder = stack.enter_context(server())
        subjects = {
            REAL: (stack.enter_context(web(WEB, url, folder)), events),
            PUSHES: (stack.enter_context(web("bench.flask_apps:pushes()", url, folder)), events),
            OK: (stack.enter_context(web("bench.flask_apps:ok()", url, folder)), events),
        }
        if shutil.which("prometheus-alertmanager"):
            subjects[ALERTMANAGER] = (stack.enter_context(alertmanager(folder)), alerts)
        _compare(subjects, client, seconds=asked.seconds, rounds=asked.rounds)
        _round_trips(subjects, client)


def _compare(
    subjects: dict[str, tuple[int, Requests]], client: Client, *, seconds: float, rounds: int
) -> None:
    full: dict[str, list[Measured]] = {name: [] for name in subjects}
    half: dict[str, list[Measured]] = {name: [] for name in subjects}
    for port, requests in subjects.values():
        drive(port, requests(), seconds=1)
    for _ in range(rounds):
        for name, (port, requests) in subjects.items():
            client.flushall()
            full[name].append(drive(port, requests(), seconds=seconds))
            _check(client, name, full[name][-1])
            client.flushall()
            rate = full[name][-1].rate / 2
            half[name].append(drive(port, requests(), seconds=seconds, rate=rate))
    rows = []
    for name in subjects:
        rate = _median(full[name], lambda run: run.rate)
        pairs = zip(full[name], full[PUSHES], strict=True)
        ratios = [run.rate / pushes.rate for run, pushes in pairs]
        tails = [
            _median(runs[name], methodcaller("ms", share))
            for runs in (full, half)
            for share in (0.5, 0.99, 0.999)
        ]
        spread = (statistics.median(ratios), min(ratios), max(ratios))
        rows.append((name, rate, *spread, *tails))
    table("Accepting, 16 connections, unique events", HEAD, rows)


def _check(client: Client, name: str, measured: Measured) -> None:
    """What was answered 202 is in Redis, one for one."""
    kept = {REAL: lambda: client.zcard("jobmon:wake"), PUSHES: lambda: client.llen("bench:pushed")}
    if name in kept and kept[name]() != len(measured.times):
        raise SystemExit(f"{name} took {len(measured.times)} events and kept {kept[name]()}")
    if measured.refused:
        raise SystemExit(f"{name} refused {measured.refused} requests")


def _round_trips(subjects: dict[str, tuple[int, Requests]], client: Client) -> None:
    """Reads that the server did from its clients' sockets, for each event."""
    rows = []
    for name in (REAL, PUSHES):
        port, requests = subjects[name]
        before = client.info("stats")["total_reads_processed"]
        sent = len(drive(port, requests(), seconds=2, connections=1).times)
        trips = client.info("stats")["total_reads_processed"] - before - 1
        rows.append((name, sent, trips / sent))
    head = ("endpoint", "events", "round trips an event")
    table("Redis round trips, one event after the other", head, rows)


def events() -> Iterator[bytes]:
    """A failure of a run of its own each, as Databricks posts it."""
    credentials = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    for number in _ids:
        body = {
            "event_type": "jobs.on_failure",
            "workspace_id": 7474651234567890,
            "run": {"run_id": 412_000_000_000 + number},
            "job": {"job_id": 620417733102851, "name": "train_models"},
        }
        yield post(PATH, json.dumps(body).encode(), authorization=f"Basic {credentials}")


def alerts() -> Iterator[bytes]:
    """The same as alerts."""
    for number in _ids:
        labels = {"alertname": "run_failed", "run_id": str(number), "job": "train_models"}
        yield post("/api/v2/alerts", json.dumps([{"labels": labels}]).encode())


@contextmanager
def alertmanager(folder: Path) -> Iterator[int]:
    """An Alertmanager that tells nobody."""
    port = reserve_port()
    config = folder / "alertmanager.yml"
    config.write_text(ALERTMANAGER_CONFIG, encoding="utf-8")
    command = (
        "prometheus-alertmanager", f"--config.file={config}", f"--storage.path={folder / 'am'}",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error",
    )  # fmt: skip
    with program(command, {}, folder / "alertmanager.log"):
        wait_for_port(port)
        yield port


def _median(runs: list[Measured], figure: Callable[[Measured], float]) -> float:
    return statistics.median(figure(run) for run in runs)


if __name__ == "__main__":
    main()
