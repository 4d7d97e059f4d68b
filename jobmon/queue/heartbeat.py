"""Signs of life while a job works."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import structlog
from redis.exceptions import RedisError

from jobmon.ports.queue import JobQueue, Lease
from jobmon.queue.timeouts import HEARTBEAT, JOB_TIMEOUT

log = structlog.get_logger()


@contextmanager
def beating(beat: Callable[[], bool], *, every: timedelta = HEARTBEAT) -> Iterator[None]:
    """Call `beat` from a thread again and again, until it says False or the block ends."""
    stop = threading.Event()

    def keep_beating() -> None:
        while not stop.wait(every.total_seconds()) and beat():
            pass

    thread = threading.Thread(target=keep_beating, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def keep_alive(
    queue: JobQueue,
    lease: Lease,
    *,
    every: timedelta = HEARTBEAT,
    at_most: timedelta = JOB_TIMEOUT,
) -> Iterator[None]:
    """Renew the lease until the block ends.

    A job that hangs loses its lease after `at_most`, so that another worker can take over.
    """
    deadline = monotonic() + at_most.total_seconds()

    def renew() -> bool:
        if monotonic() >= deadline:
            return False
        try:
            held = queue.renew(lease)
        except RedisError:
            log.warning("lease.not_renewed", kind=lease.kind.value, key=lease.key)
            return True
        if not held:
            log.warning("lease.lost", kind=lease.kind.value, key=lease.key)
        return held

    with beating(renew, every=every):
        yield
