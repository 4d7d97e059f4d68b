"""RQ jobs that wake a worker for a mailbox, as workers read them."""

from rq.job import Job

from jobmon.errors import PermanentError
from jobmon.queue.functions import JOB_FUNCTIONS


class MailboxJob(Job):
    """A job that may only call our job functions, whoever wrote it into Redis."""

    @property
    def func(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 (RQ's)
        """The function to call.

        Raises PermanentError for any other name.
        """
        if self.instance is not None or self.func_name not in JOB_FUNCTIONS.values():
            raise PermanentError(f"job {self.id} asks for a function that jobs may not call")
        return super().func
