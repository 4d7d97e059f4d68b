"""The job that wakes a worker, as it is written without RQ and read by RQ."""

import pytest
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from jobmon.errors import PermanentError
from jobmon.ports.queue import Message, Urgency, WorkKind
from jobmon.queue.functions import JOB_FUNCTIONS, QUEUE_NAMES
from jobmon.queue.job_hash import wake_job
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.queue.timeouts import JOB_TIMEOUT
from jobmon.queue.wake import MailboxJob
from jobmon.redis_answers import text_of
from jobmon.store.client import Client


def written(client: Client, kind: WorkKind, key: str, urgency: Urgency) -> Job:
    message = Message(kind=kind, key=key, message_id=f"m-{kind}", body=b"{}")
    RqJobQueue(client).put(message, urgency=urgency)
    [job_id] = pushed(client, urgency)
    return MailboxJob.fetch(job_id, connection=client, serializer=JSONSerializer)


def pushed(client: Client, urgency: Urgency) -> list[str]:
    return [text_of(item) for item in client.lrange(f"rq:queue:{QUEUE_NAMES[urgency]}", 0, -1)]


@pytest.mark.parametrize("kind", list(WorkKind))
def test_rq_reads_the_call_that_was_meant(client: Client, kind: WorkKind) -> None:
    job = written(client, kind, "7474-Run_1", Urgency.SOON)

    assert job.func_name == JOB_FUNCTIONS[kind]
    assert tuple(job.args) == ("7474-Run_1",)
    assert job.kwargs == {}


def test_rq_reads_how_long_it_may_take_and_that_it_waits(client: Client) -> None:
    job = written(client, WorkKind.DIAGNOSE, "7474-1", Urgency.BULK)

    assert job.get_status() is JobStatus.QUEUED
    assert job.timeout == JOB_TIMEOUT.total_seconds()
    assert job.result_ttl == 0
    assert job.origin == "jobmon-bulk"
    assert job.created_at == job.enqueued_at


def test_the_same_mailbox_woken_twice_gives_two_jobs(client: Client) -> None:
    queue = RqJobQueue(client)
    for number in range(2):
        queue.put(Message(kind=WorkKind.DIAGNOSE, key="7-1", message_id=f"m-{number}", body=b"{}"))
        lease = queue.take(WorkKind.DIAGNOSE, "7-1")
        assert lease is not None
        queue.done(lease)

    first, second = pushed(client, Urgency.SOON)
    assert first != second


@pytest.mark.parametrize("key", ["", "a b", 'a"]', "ключ", "x" * 201])
def test_what_could_break_out_of_the_call_is_no_key(key: str) -> None:
    with pytest.raises(PermanentError, match="cannot name a mailbox"):
        wake_job(WorkKind.DIAGNOSE, key, Urgency.SOON)
