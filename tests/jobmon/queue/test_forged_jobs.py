"""Whoever can write to Redis cannot make a worker run what they like."""

import json
import pickle
import zlib
from pathlib import Path
from typing import Any

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

from jobmon.queue.wake import MailboxJob
from jobmon.queue.worker import MailboxWorker
from jobmon.store.client import Client

QUEUE = "jobmon-soon"


def forge(client: Client, data: bytes, **fields: Any) -> None:
    """Write a job as RQ has it, with whatever in it."""
    body: dict[Any, Any] = {
        "created_at": "2026-11-25T12:00:00.000000Z",
        "origin": QUEUE,
        "status": "queued",
    }
    client.hset("rq:job:forged", mapping=body | {"data": data, "timeout": "5"} | fields)
    client.sadd("rq:queues", f"rq:queue:{QUEUE}")
    client.rpush(f"rq:queue:{QUEUE}", "forged")


def call(name: str, *args: object) -> bytes:
    """The data of a job that calls a function."""
    return zlib.compress(json.dumps([name, None, args, {}]).encode())


def work(client: Client) -> None:
    """Let a worker take what is there."""
    queue = Queue(QUEUE, connection=client, serializer=JSONSerializer, job_class=MailboxJob)
    worker = MailboxWorker([queue], connection=client, serializer=JSONSerializer)
    worker.work(burst=True, logging_level="CRITICAL")


@pytest.mark.parametrize(
    "name", ["os.system", "subprocess.call", "workers.job.work", "nothing.here"]
)
def test_a_job_that_calls_another_function_is_refused(
    client: Client, tmp_path: Path, name: str
) -> None:
    trace = tmp_path / "trace"
    forge(client, call(name, f"touch {trace}"))

    work(client)

    assert not trace.exists()
    assert client.llen(f"rq:queue:{QUEUE}") == 0
    assert client.zcard(f"rq:failed:{QUEUE}") == 1


class _Trap:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def test_a_pickled_job_is_not_unpacked(client: Client, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    forge(client, zlib.compress(pickle.dumps(("os.getcwd", None, (_Trap(trace),), {}))))

    work(client)

    assert not trace.exists()


def test_callbacks_and_webhooks_of_a_job_are_not_read(client: Client, tmp_path: Path) -> None:
    forge(
        client,
        call("workers.deliver.run", "no-such-mailbox"),
        success_callback_name="os.system",
        failure_callback_name="os.system",
        stopped_callback_name="os.system",
        webhooks=json.dumps([{"url": "http://127.0.0.1:9/"}]),
    )

    job = MailboxJob.fetch("forged", connection=client, serializer=JSONSerializer)

    assert job.success_callback is None
    assert job.failure_callback is None
    assert job.stopped_callback is None
    assert not job.webhooks


def test_a_worker_lives_on_after_a_forged_job(client: Client) -> None:
    forge(client, b"not even compressed")
    work(client)
    forge(client, call("os.getcwd"))
    work(client)

    assert client.llen(f"rq:queue:{QUEUE}") == 0
