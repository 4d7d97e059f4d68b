"""A real worker process, killed, stopped and cut off."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobmon.embedded import EmbeddedServer
from jobmon.ports.queue import Urgency, WorkKind
from jobmon.queue.functions import JOB_FUNCTIONS
from jobmon.queue.lua import ALSO_WHEN_FULL
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.queue.timeouts import ALIVE
from jobmon.redis_answers import text_of
from jobmon.store.client import Client, Profile, connect
from tests.jobmon.queue import table_of_jobs
from tests.jobmon.queue.conftest import Post, message
from tests.jobmon.queue.table_of_jobs import FINISHED, RELEASE, STARTED
from tests.support.waiting import wait_until

Start = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.setitem(JOB_FUNCTIONS, WorkKind.DELIVER, f"{table_of_jobs.__name__}.run")
    started: list[subprocess.Popen[bytes]] = []

    def start_worker(url: str) -> "subprocess.Popen[bytes]":
        ready = tmp_path / f"ready{len(started)}"
        with (tmp_path / f"said{len(started)}").open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", table_of_jobs.__name__, url, str(ready)],
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        started.append(process)
        wait_until(ready.exists, within=30)
        return process

    yield start_worker
    for process in started:
        process.kill()
        process.wait()


ONE = {Urgency.SOON: 1, Urgency.BULK: 0}
OURS = {b"rq:queues", STARTED.encode(), RELEASE.encode(), FINISHED.encode()}
"""Bounded by the number of queues, and the test's own."""


def lasting(client: Client) -> set[bytes]:
    """The keys without an end."""
    return {key for key in client.scan_iter() if client.ttl(key) == -1}


def finished(client: Client) -> list[bytes]:
    """The ids of the messages whose work has ended."""
    return [text_of(item).encode() for item in client.lrange(FINISHED, 0, -1)]


def test_a_job_of_a_killed_worker_is_taken_by_another(
    post: Post, redis_url: str, start: Start
) -> None:
    first = start(redis_url)
    post.queue.put(message("one"))
    wait_until(lambda: post.client.llen(STARTED) == 1)

    first.kill()
    first.wait()
    post.client.set(RELEASE, 1)
    start(redis_url)
    post.let_time_pass()  # the lease runs out
    post.queue.revive()

    assert wait_until(lambda: finished(post.client)) == [b"one"]
    assert post.client.llen(STARTED) == 2


def test_a_worker_that_is_told_to_stop_finishes_its_job_first(
    post: Post, redis_url: str, start: Start
) -> None:
    worker = start(redis_url)
    post.queue.put(message("one"))
    wait_until(lambda: post.client.llen(STARTED) == 1)

    worker.send_signal(signal.SIGTERM)
    post.queue.put(message("two", key="other"))
    post.client.set(RELEASE, 1)

    assert worker.wait(20) == 0
    assert finished(post.client) == [b"one"]
    assert post.jobs() == 1, "the other job is still there for the next worker"


def test_an_idle_worker_ends_soon_when_told_to(post: Post, redis_url: str, start: Start) -> None:
    post.client.set(RELEASE, 1)
    worker = start(redis_url)
    post.queue.put(message("one"))
    wait_until(lambda: finished(post.client) == [b"one"])

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(10) == 0


def test_a_worker_survives_a_restart_of_redis_in_the_middle_of_a_job(
    tmp_path: Path, start: Start
) -> None:
    server = EmbeddedServer(tmp_path / "data")
    server.start()
    client = connect(server.url, Profile.WORKER)
    queue = RqJobQueue(client)
    worker = start(server.url)
    queue.put(message("one"))
    wait_until(lambda: client.llen(STARTED) == 1)

    server.stop()
    server.start()
    client.set(RELEASE, 1)
    queue.put(message("two", key="other"))

    assert wait_until(lambda: len(finished(client)) == 2 and finished(client), within=30) == [
        b"one",
        b"two",
    ]
    assert worker.poll() is None
    worker.kill()
    worker.wait()
    client.close()
    server.stop()


def test_a_worker_that_is_told_to_stop_while_redis_is_away_ends_soon(
    tmp_path: Path, start: Start
) -> None:
    server = EmbeddedServer(tmp_path / "data")
    server.start()
    client = connect(server.url, Profile.WORKER)
    worker = start(server.url)
    wait_until(lambda: RqJobQueue(client).pulse().workers == ONE)

    server.stop()
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(25) == 0
    client.close()


@pytest.fixture
def said(tmp_path: Path) -> Callable[[], str]:
    """What the first worker has written so far."""
    return (tmp_path / "said0").read_text


@pytest.fixture
def fill(client: Client, said: Callable[[], str]) -> Iterator[Callable[[], None]]:
    """Fill Redis, let a job end, and wait until the worker has found that out."""

    def fill_it() -> None:
        client.config_set("maxmemory", 1)
        client.eval(f"{ALSO_WHEN_FULL}return redis.call('SET', KEYS[1], 1)", 1, RELEASE)
        wait_until(lambda: "worker.waiting" in said())

    yield fill_it
    client.config_set("maxmemory", 0)


def test_an_idle_worker_waits_for_a_redis_that_is_full_and_says_so_once(
    post: Post, redis_url: str, start: Start, fill: Callable[[], None], said: Callable[[], str]
) -> None:
    worker = start(redis_url)
    wait_until(lambda: post.queue.pulse().workers == ONE)

    fill()
    post.client.config_set("maxmemory", 0)
    post.queue.put(message("one"))

    assert wait_until(lambda: finished(post.client)) == [b"one"]
    assert worker.poll() is None
    assert said().count("worker.waiting") == said().count("worker.goes_on") == 1
    assert "Traceback" not in said()


def test_a_worker_waits_for_a_redis_that_was_filled_in_the_middle_of_a_job(
    post: Post, redis_url: str, start: Start, fill: Callable[[], None], said: Callable[[], str]
) -> None:
    worker = start(redis_url)
    post.queue.put(message("one"))
    wait_until(lambda: post.client.llen(STARTED) == 1)

    fill()
    post.client.config_set("maxmemory", 0)
    post.let_time_pass()  # the lease runs out
    post.queue.revive()

    assert wait_until(lambda: finished(post.client)) == [b"one"]
    assert worker.poll() is None
    assert "Traceback" not in said()


def test_a_worker_that_is_told_to_stop_while_redis_is_full_ends_soon(
    post: Post, redis_url: str, start: Start, fill: Callable[[], None], said: Callable[[], str]
) -> None:
    worker = start(redis_url)
    wait_until(lambda: post.queue.pulse().workers == ONE)

    fill()
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(10) == 0
    assert "worker.not_unregistered" in said()
    assert "Traceback" not in said()


def test_nothing_that_a_finished_job_leaves_in_redis_stays_for_ever(
    post: Post, redis_url: str, start: Start
) -> None:
    post.client.set(RELEASE, 1)
    worker = start(redis_url)
    for number in range(5):
        post.queue.put(message(f"m{number}", key=f"box-{number}"))
    wait_until(lambda: len(finished(post.client)) == 5)
    worker.send_signal(signal.SIGTERM)
    worker.wait(20)

    assert lasting(post.client) <= OURS


def test_nothing_that_a_killed_worker_leaves_in_redis_stays_for_ever(
    post: Post, redis_url: str, start: Start
) -> None:
    first = start(redis_url)
    post.queue.put(message("one"))
    wait_until(lambda: post.client.llen(STARTED) == 1)
    first.kill()
    first.wait()
    (killed,) = post.client.smembers("rq:workers")
    (running,) = post.client.zrange("rq:wip:jobmon-soon", 0, -1)
    # Its signs of life run out.
    post.client.delete(killed)
    post.client.zadd("rq:wip:jobmon-soon", {str(text_of(running)): 1})
    post.client.set(RELEASE, 1)
    post.let_time_pass()
    post.queue.revive()

    worker = start(redis_url)
    wait_until(lambda: len(finished(post.client)) == 1)
    worker.send_signal(signal.SIGTERM)
    worker.wait(20)

    assert lasting(post.client) <= {*OURS, b"rq:failed:jobmon-soon"}, (
        "the latter is trimmed by time"
    )


def test_a_killed_worker_counts_as_alive_for_seconds_not_for_as_long_as_its_job_may_take(
    post: Post, redis_url: str, start: Start
) -> None:
    worker = start(redis_url)
    post.queue.put(message("one"))
    wait_until(lambda: post.client.llen(STARTED) == 1)

    worker.kill()
    worker.wait()

    (killed,) = post.client.smembers("rq:workers")
    assert 0 < post.client.ttl(killed) <= ALIVE.total_seconds()


def test_a_worker_with_a_long_job_counts_as_alive(post: Post, redis_url: str, start: Start) -> None:
    start(redis_url)
    post.queue.put(message("one"))
    wait_until(lambda: post.client.llen(STARTED) == 1)
    (working,) = post.client.smembers("rq:workers")

    post.client.delete(working)  # its last sign of life before the job runs out

    wait_until(lambda: post.queue.pulse().workers == ONE)
    assert not finished(post.client)


def test_a_worker_that_was_taken_for_dead_is_counted_again(
    post: Post, redis_url: str, start: Start
) -> None:
    start(redis_url)
    wait_until(lambda: post.queue.pulse().workers == ONE)
    (known,) = post.client.smembers("rq:workers")

    with post.client.pipeline() as pipe:  # as RQ's maintenance does
        pipe.delete(known)
        pipe.srem("rq:workers", known)
        pipe.srem("rq:workers:jobmon-soon", known)
        pipe.execute()

    wait_until(lambda: post.queue.pulse().workers == ONE)


def test_workers_are_counted_by_what_they_work_on(post: Post, redis_url: str, start: Start) -> None:
    start(redis_url)
    start(redis_url)

    wait_until(lambda: post.queue.pulse().workers == {Urgency.SOON: 2, Urgency.BULK: 0})
