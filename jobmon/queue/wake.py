"""RQ jobs that wake a worker for a mailbox, as workers read them."""

from collections.abc import Mapping

from rq.job import Job

from jobmon.errors import PermanentError
from jobmon.queue.functions import JOB_FUNCTIONS

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
