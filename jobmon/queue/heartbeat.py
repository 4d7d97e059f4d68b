"""Keep a lease alive while its job works, but not beyond the time a job may take."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import structlog
from redis.exceptions import RedisError

from jobmon.ports.queue import JobQueue, Lease
from jobmon.queue.timeouts import HEARTBEAT, JOB_TIMEOUT

log = structlog.get_logger()


@contextmanager
def keep_alive(
    queue: JobQueue,
    lease: Lease,
    *,
    every: timedelta = HEARTBEAT,
    at_most: timedelta = JOB_TIMEOUT,
) -> Iterator[None]:
    """Renew the lease from a thread until the block ends.

    A job that hangs loses its lease after `at_most`, so that another worker can take over.
    """
    stop = threading.Event()
    deadline = monotonic() + at_most.total_seconds()

    def beat() -> None:
        while not stop.wait(every.total_seconds()) and monotonic() < deadline:
            try:
                if not queue.renew(lease):
                    log.warning("lease.lost", kind=lease.kind.value, key=lease.key)
                    return
            except RedisError:
                log.warning("lease.not_renewed", kind=lease.kind.value, key=lease.key)

    thread = threading.Thread(target=beat, name="lease-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
