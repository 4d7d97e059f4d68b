"""An event that is answered 202 is in Redis or on disk."""

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

from jobmon.embedded import EmbeddedServer
from jobmon.ports.queue import WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.run import JobId, RunEvent, RunEventKind, RunId, WorkspaceId
from jobmon.store.client import Client, Profile, connect
from jobmon.store.redis_store import RedisStore
from tests.support.waiting import wait_until
from webhook.drainer import Drainer
from webhook.intake import Intake, Taken
from webhook.spool import Spool
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


def test_a_torn_line_does_not_keep_the_others_from_going_in(client: Client, tmp_path: Path) -> None:
    spool = Spool(tmp_path, limit=10)
    spool.append(b'{"torn')
    intake = Intake(RqJobQueue(client), spool)
    with (tmp_path / "spool.jsonl").open("ab") as file:
        file.write(b"\n")

    assert intake.drain() == 1
    assert spool.depth() == 0
