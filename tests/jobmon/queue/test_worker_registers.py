"""A worker registers with Redis, and what it does then is shown by `rq info`."""

from collections.abc import Iterator
from threading import Event

import pytest
from rq import Queue
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from jobmon.queue.worker import MailboxWorker
from jobmon.store.client import Client


@pytest.fixture
def full(client: Client) -> Iterator[Client]:
    yield client
    client.config_set("maxmemory", 0)


@pytest.fixture
def stop() -> Event:
    return Event()


@pytest.fixture
def worker(full: Client, stop: Event) -> MailboxWorker:
    """One that had just registered when Redis filled."""
    queue = Queue("jobmon-soon", connection=full, serializer=JSONSerializer)
    worker = MailboxWorker([queue], connection=full, serializer=JSONSerializer, stop=stop)
    worker.register_birth()  # type: ignore[no-untyped-call]
    full.config_set("maxmemory", 1)
    return worker


def test_what_a_worker_does_is_not_said_to_a_redis_that_is_full(worker: MailboxWorker) -> None:
    worker.set_state("started")

    assert worker.connection.hget(worker.key, "state") is None


def test_a_worker_that_is_told_to_stop_waits_no_longer_for_room(
    worker: MailboxWorker, stop: Event
) -> None:
    stop.set()

    with pytest.raises(StopRequested):
        worker.check_for_suspension(burst=False)
