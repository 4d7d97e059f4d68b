"""An event that is answered 202 is in Redis or on disk."""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest
import redis.exceptions
from structlog.testing import capture_logs

from jobmon.embedded import EmbeddedServer
from jobmon.ports.queue import Message, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.run import JobId, RunEvent, RunEventKind, RunId, WorkspaceId
from jobmon.settings_reader import read_settings
from jobmon.store.client import Client, Profile, connect
from jobmon.store.redis_store import RedisStore
from tests.support.waiting import wait_until
from tests.support.web import web_client
from webhook.absence import Absence
from webhook.drainer import Drainer
from webhook.intake import Intake, Taken
from webhook.spool import Spool
from webhook.state import state_of
from webhook.tally import Tally

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def event(run: int = 501) -> RunEvent:
    """A failed run."""
    return RunEvent(
        kind=RunEventKind.FAILED,
        workspace_id=WorkspaceId(42),
        run_id=RunId(run),
        job_id=JobId(7),
        job_name="nightly",
        received_at=NOW,
    )


def test_an_event_is_in_its_runs_mailbox(client: Client, tmp_path: Path) -> None:
    queue = RqJobQueue(client)
    intake = Intake(queue, Spool(tmp_path, limit=10))

    assert intake.take(event()) is Taken.ACCEPTED
    assert intake.take(event()) is Taken.DUPLICATE

    lease = queue.take(WorkKind.DIAGNOSE, "42-501")
    assert lease is not None
    assert len(lease.messages) == 1


def test_without_redis_events_wait_on_disk_and_go_in_when_it_is_back(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "redis")
    server.start()
    client = connect(server.url, Profile.WEB)
    spool = Spool(tmp_path / "data", limit=10)
    intake = Intake(RqJobQueue(client), spool)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    server.stop()

    assert [intake.take(event(run)) for run in (1, 2)] == [Taken.SPOOLED, Taken.SPOOLED]
    assert spool.depth() == 2

    drainer = Drainer(intake, Tally(RedisStore(client))).start()
    server.start()
    wait_until(lambda: spool.depth() == 0)
    drainer.stop()
    queue = RqJobQueue(client)
    assert all(queue.take(WorkKind.DIAGNOSE, f"42-{run}") for run in (1, 2))
    client.close()
    server.stop()


def test_a_server_that_takes_no_writes_is_like_one_that_is_away(
    client: Client, redis_url: str, tmp_path: Path
) -> None:
    spool = Spool(tmp_path, limit=10)
    client.config_set("maxmemory", "1")
    try:
        taken = Intake(RqJobQueue(connect(redis_url, Profile.WEB)), spool).take(event())
    finally:
        client.config_set("maxmemory", "0")

    assert taken is Taken.SPOOLED
    assert spool.depth() == 1


class Counting(RqJobQueue):
    """Counts how often it is asked to take events."""

    asked = 0

    def put_all(self, messages: Sequence[Message]) -> tuple[bool, ...]:
        self.asked += 1
        return super().put_all(messages)


def test_a_redis_that_hangs_is_waited_for_once_and_found_back_by_the_drainer(
    tmp_path: Path,
) -> None:
    server = EmbeddedServer(tmp_path / "redis")
    server.start()
    client = connect(server.url, Profile.WEB)
    queue, spool = Counting(client), Spool(tmp_path / "data", limit=1000)
    intake = Intake(queue, spool, Absence(clock=lambda: 1000.0))
    drainer = Drainer(intake, Tally(RedisStore(client)))
    queue.ping()
    assert server.pid is not None

    os.kill(server.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(32) as threads:
        taken = set(threads.map(lambda run: intake.take(event(run)), range(1, 101)))
    drainer.look()
    asked_meanwhile = queue.asked
    os.kill(server.pid, signal.SIGCONT)
    drainer.look()

    assert taken == {Taken.SPOOLED}
    assert asked_meanwhile == 1
    assert spool.depth() == 0
    assert all(queue.take(WorkKind.DIAGNOSE, f"42-{run}") for run in range(1, 101))
    assert intake.take(event(101)) is Taken.ACCEPTED
    client.close()
    server.stop()


class Leaving(RqJobQueue):
    """Answers while it is there."""

    is_there = False

    def ping(self) -> None:
        if not self.is_there:
            raise redis.exceptions.ConnectionError


def test_a_look_finds_redis_back_though_nothing_waits_on_disk(
    client: Client, tmp_path: Path
) -> None:
    queue, absence = Leaving(client), Absence(clock=lambda: 1000.0)
    intake = Intake(queue, Spool(tmp_path, limit=10), absence)
    with pytest.raises(redis.exceptions.ConnectionError):
        intake.drain()
    queue.is_there = True

    intake.drain()

    assert intake.take(event()) is Taken.ACCEPTED


def test_it_is_said_once_that_redis_is_away_and_when_it_is_back(
    client: Client, tmp_path: Path
) -> None:
    queue = Leaving(client)
    drainer = Drainer(Intake(queue, Spool(tmp_path, limit=10)), Tally(RedisStore(client)))

    with capture_logs() as said:
        for queue.is_there in (False, False, False, True, True):
            drainer.look()

    assert [entry["event"] for entry in said] == ["redis.away", "redis.back"]


@pytest.fixture
def web_server() -> Iterator[int]:
    """What a proxy answers on Redis' port when it takes us for a browser."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_something_else_on_redis_port_is_like_a_redis_that_is_away(
    web_server: int, tmp_path: Path
) -> None:
    settings = read_settings(
        {
            "REDIS_URL": f"redis://127.0.0.1:{web_server}",
            "JOBMON_WEBHOOK_USERNAME": "databricks",
            "JOBMON_WEBHOOK_PASSWORD": "secret",
            "JOBMON_DATA_DIR": str(tmp_path),
        }
    )
    with web_client(settings) as web:
        state_of(web.application).drainer.stop()
        taken = state_of(web.application).intake.take(event())
        report = web.get("/readyz")
        metrics = web.get("/metrics")

    assert taken is Taken.SPOOLED
    assert report.status_code == 503
    assert report.get_json()["spool_depth"] == 1
    assert "jobmon_redis_up 0.0" in metrics.text


UNREADABLE = {
    "torn": b'{"torn',
    "no UTF-8": msgspec.json.encode(event()).replace(b"nightly", b"night\xff\xfe"),
    "flipped byte": msgspec.json.encode(event()).replace(b'"run_id"', b'"run_id\xa2'),
    "newer kind": msgspec.json.encode(event()).replace(b"jobs.on_failure", b"jobs.on_retry"),
    "nested without end": b"[" * 5000,
}


@pytest.mark.parametrize("line", UNREADABLE.values(), ids=list(UNREADABLE))
def test_a_line_that_cannot_be_read_is_kept_and_those_after_it_go_in(
    client: Client, tmp_path: Path, line: bytes
) -> None:
    spool = Spool(tmp_path, limit=10)
    for item in (line, msgspec.json.encode(event())):
        spool.append(item)
    queue = RqJobQueue(client)

    with capture_logs() as said:
        drained = Intake(queue, spool).drain()

    assert drained == 1
    assert queue.take(WorkKind.DIAGNOSE, "42-501")
    assert spool.depth() == 0
    kept = tmp_path / "spool.unreadable.jsonl"
    assert kept.read_bytes() == line + b"\n"
    assert kept.stat().st_mode & 0o077 == 0
    assert [(entry["event"], entry["log_level"], entry["lines"]) for entry in said] == [
        ("spool.unreadable", "error", 1)
    ]


def test_the_drainer_survives_whatever_happens_and_tries_again(
    client: Client, tmp_path: Path
) -> None:
    class Ill(RqJobQueue):
        tries = 0

        def put(self, message: Message, **_: Any) -> bool:
            self.tries += 1
            if self.tries == 1:
                raise RuntimeError("nobody thought of this")
            return super().put(message)

    spool = Spool(tmp_path, limit=10)
    spool.append(msgspec.json.encode(event()))
    queue = Ill(client)

    with capture_logs() as said:
        drainer = Drainer(Intake(queue, spool), Tally(RedisStore(client)))
        drainer.look()
        drainer.look()

    assert spool.depth() == 0
    assert queue.take(WorkKind.DIAGNOSE, "42-501")
    assert [entry["event"] for entry in said] == ["drainer.crashed", "spool.drained"]
