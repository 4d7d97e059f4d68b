"""RQ jobs that wake a worker for a mailbox, as the hash that RQ itself would write."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from redis import Redis
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from jobmon.errors import PermanentError
from jobmon.ports.queue import Urgency, WorkKind
from jobmon.queue.functions import JOB_FUNCTIONS, QUEUE_NAMES
from jobmon.queue.timeouts import JOB_TIMEOUT

KEY = re.compile(r"[A-Za-z0-9_-]{1,200}")
FAILURE_TTL_SECONDS = 600


READ_FIELDS = frozenset(
    {
        b"created_at", b"data", b"description", b"ended_at", b"enqueued_at", b"failure_ttl",
        b"last_heartbeat", b"origin", b"result_ttl", b"started_at", b"status", b"timeout",
        b"worker_name",
    }
)  # fmt: skip


class MailboxJob(Job):
    """A job that may only call our job functions, whoever wrote it into Redis."""

    def restore(self, raw_data: Mapping[bytes, bytes]) -> None:
        """Read the job; callbacks, webhooks and dependencies, which we never use, are left out."""
        super().restore({name: raw_data[name] for name in READ_FIELDS & raw_data.keys()})

    @property
    def func(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 (RQ's)
        """The function to call.

        Raises PermanentError for any other name.
        """
        if self.instance is not None or self.func_name not in JOB_FUNCTIONS.values():
            raise PermanentError(f"job {self.id} asks for a function that jobs may not call")
        return super().func


def wake_job(
    client: Redis, kind: WorkKind, key: str, urgency: Urgency
) -> tuple[str, str, list[bytes | str]]:
    """The queue's name, the job's id, and the fields of its hash, as a flat list."""
    if not KEY.fullmatch(key):
        raise PermanentError(f"{key[:80]!r} cannot name a mailbox: letters, digits, _ and - can")
    queue_name = QUEUE_NAMES[urgency]
    job = MailboxJob.create(
        JOB_FUNCTIONS[kind],
        args=(key,),
        id=f"{kind}-{key[:120]}-{uuid4().hex[:12]}",
        connection=client,
        serializer=JSONSerializer,
        origin=queue_name,
        description=f"{kind} {key}",
        timeout=int(JOB_TIMEOUT.total_seconds()),
        result_ttl=0,
        failure_ttl=FAILURE_TTL_SECONDS,
    )
    job.enqueued_at = datetime.now(UTC)
    fields = {**job.to_dict(), "status": JobStatus.QUEUED.value}
    flat: list[bytes | str] = []
    for name, value in fields.items():
        flat += [name, value if isinstance(value, bytes) else str(value)]
    return queue_name, job.id, flat
