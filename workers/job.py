"""The frame around every job: lease a mailbox, work, and settle what became of it."""

from collections.abc import Callable
from datetime import timedelta

import redis.exceptions
import structlog
from rq.timeouts import JobTimeoutException

from jobmon.errors import DoubtfulError, JobmonError, NotYet, TransientError
from jobmon.ports.queue import Lease, LeaseLost, WorkKind
from jobmon.queue.heartbeat import keep_alive
from workers.services import Services, current

log = structlog.get_logger()

GIVE_UP_AFTER = timedelta(hours=24)
FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=2)
"""So that what waited for a vendor is told soon after the vendor is back."""

Handler = Callable[[Services, Lease], None]
GiveUp = Callable[[Services, Lease, str], None]


def bury(services: Services, lease: Lease, reason: str) -> None:
    """Make dead letters of a lease's messages."""
    services.queue.bury(lease, reason=reason)
    services.store.count("dead_letters", kind=lease.kind.value)


def work(kind: WorkKind, key: str, handle: Handler, *, give_up: GiveUp = bury) -> None:
    """Work off one mailbox.

    `handle` calls `queue.done` itself, in the transaction with its effects. What it raises
    decides the rest: TransientError gives the messages back for later, anything else gives them
    up, with the reason. A lost Redis leaves the lease to run out.
    """
    services = current()
    lease = services.queue.take(kind, key)
    if lease is None:
        return
    with (
        structlog.contextvars.bound_contextvars(work=kind.value, key=key, attempt=lease.attempt),
        keep_alive(services.queue, lease),
    ):
        _settle(services, lease, handle, give_up)


def _settle(services: Services, lease: Lease, handle: Handler, give_up: GiveUp) -> None:
    try:
        handle(services, lease)
    except redis.exceptions.RedisError:
        log.warning("job.redis_lost")
        raise
    except LeaseLost:
        log.warning("job.lease_lost")
    except JobTimeoutException:
        _again(services, lease, TransientError("the job took longer than it may"), give_up)
    except TransientError as exc:
        _again(services, lease, exc, give_up)
    except DoubtfulError as exc:
        # What may not be done twice looks before it does it again; reading has no such doubt.
        _again(services, lease, TransientError(str(exc)), give_up)
    except JobmonError as exc:
        log.error("job.dead", reason=str(exc))  # noqa: TRY400 (a known refusal: no trace wanted)
        _give_up(services, lease, str(exc), give_up)
    except Exception as exc:
        # A defect of ours must not block the mailbox, nor be lost.
        log.exception("job.crashed")
        _give_up(services, lease, f"{type(exc).__name__}, see the log", give_up)


def _again(services: Services, lease: Lease, error: TransientError, give_up: GiveUp) -> None:
    duration = tried_for(services, lease)
    if duration >= GIVE_UP_AFTER:
        hours = round(duration / timedelta(hours=1))
        reason = f"gave up after {lease.attempt} attempts in {hours} h: {error}"
        _give_up(services, lease, reason, give_up)
        return
    delay = error.retry_after or backoff(lease.attempt)
    log.warning("job.postponed", reason=str(error), seconds=delay.total_seconds())
    in_line = isinstance(error, NotYet)
    services.queue.later(lease, delay=delay, reason=str(error), in_line=in_line)


def tried_for(services: Services, lease: Lease) -> timedelta:
    """How long a mailbox has been tried, in vain so far."""
    now = services.now()
    return now - (lease.began_at or now)


def _give_up(services: Services, lease: Lease, reason: str, give_up: GiveUp) -> None:
    try:
        give_up(services, lease, reason)
    except LeaseLost:
        log.warning("job.lease_lost")


def backoff(attempt: int) -> timedelta:
    """2 s, 4 s, 8 s … at most two minutes."""
    doubled: timedelta = FIRST_DELAY * 2 ** min(attempt - 1, 16)
    return min(doubled, LONGEST_DELAY)
