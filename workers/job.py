"""The frame around every job: lease a mailbox, work, and settle what became of it."""

from collections.abc import Callable, Collection, Iterable
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

TOO_LONG = "the job took longer than it may"

Ids = Collection[str] | None
"""Ids of a lease's messages; None for all of them."""

Handler = Callable[[Services, Lease], None]
GiveUp = Callable[[Services, Lease, str, Ids], None]
Parts = Callable[[Lease], Iterable[Collection[str]]]


def bury(services: Services, lease: Lease, reason: str, message_ids: Ids = None) -> None:
    """Make dead letters of a lease's messages; count that."""
    services.queue.bury(lease, reason=reason, message_ids=message_ids)
    services.store.count("dead_letters", kind=lease.kind.value)


def each_by_itself(lease: Lease) -> Iterable[Collection[str]]:
    """Every message is one of its own."""
    return ((message.message_id,) for message in lease.messages)


def work(
    kind: WorkKind,
    key: str,
    handle: Handler,
    *,
    give_up: GiveUp = bury,
    parts: Parts = each_by_itself,
) -> None:
    """Work off one mailbox.

    `handle` calls `queue.done` itself, in the transaction with its effects. What it raises
    decides the rest: TransientError gives the messages back for later, but for those that were
    tried for a day, and so does a Redis that refuses something, as one does that is full; anything
    else gives them up, with the reason. A lost Redis leaves the lease to run out. `parts` says
    which messages stand for one thing: they are tried for as long as the newest of them.
    """
    services = current()
    lease = services.queue.take(kind, key)
    if lease is None:
        return
    with (
        structlog.contextvars.bound_contextvars(work=kind.value, key=key, attempt=lease.attempt),
        keep_alive(services.queue, lease),
    ):
        _settle(services, lease, handle, give_up, parts)


def _settle(
    services: Services, lease: Lease, handle: Handler, give_up: GiveUp, parts: Parts
) -> None:
    try:
        handle(services, lease)
    except redis.exceptions.ResponseError as exc:
        # It answers and refuses, as when it is full: nobody may take us for dead.
        error = TransientError(f"Redis refused to take it ({type(exc).__name__})")
        _again(services, lease, error, give_up, parts)
    except redis.exceptions.RedisError:
        log.warning("job.redis_lost")
        raise
    except LeaseLost:
        log.warning("job.lease_lost")
    except JobTimeoutException:
        error = TransientError(TOO_LONG)
        _again(services, lease, error, give_up, parts)
    except TransientError as exc:
        _again(services, lease, exc, give_up, parts)
    except DoubtfulError as exc:
        # What may not be done twice looks before it does it again; reading has no such doubt.
        error = TransientError(str(exc), retry_after=exc.retry_after)
        _again(services, lease, error, give_up, parts)
    except JobmonError as exc:
        log.error("job.dead", reason=str(exc))  # noqa: TRY400 (a known refusal: no trace wanted)
        _give_up(services, lease, str(exc), give_up)
    except Exception as exc:
        # A defect of ours must not block the mailbox, nor be lost.
        log.exception("job.crashed")
        _give_up(services, lease, f"{type(exc).__name__}, see the log", give_up)


def _again(
    services: Services, lease: Lease, error: TransientError, give_up: GiveUp, parts: Parts
) -> None:
    overdue = _overdue(services, lease, parts)
    if overdue:
        hours = round(tried_for(services, lease) / timedelta(hours=1))
        reason = f"gave up after {lease.attempt} attempts in {hours} h: {error}"
        is_all = len(overdue) == len(lease.messages)
        _give_up(services, lease, reason, give_up, message_ids=None if is_all else overdue)
        if is_all:
            return
    delay = error.retry_after or backoff(lease.attempt)
    in_line = isinstance(error, NotYet)
    say = log.info if in_line else log.warning
    say("job.postponed", reason=str(error), seconds=delay.total_seconds())
    services.queue.later(lease, delay=delay, in_line=in_line)


def _overdue(services: Services, lease: Lease, parts: Parts) -> frozenset[str]:
    """The messages that were tried for too long: those that came later have their time yet."""
    fresh_from = services.now() - GIVE_UP_AFTER
    if lease.began_at is None or lease.began_at > fresh_from:
        return frozenset()
    fresh = {
        message.message_id
        for message in lease.messages
        if message.due_at is not None and message.due_at > fresh_from
    }
    old = (part for part in parts(lease) if fresh.isdisjoint(part))
    return frozenset(message_id for part in old for message_id in part)


def tried_for(services: Services, lease: Lease) -> timedelta:
    """How long a mailbox has been tried, in vain so far."""
    now = services.now()
    return now - (lease.began_at or now)


def _give_up(
    services: Services, lease: Lease, reason: str, give_up: GiveUp, *, message_ids: Ids = None
) -> None:
    try:
        give_up(services, lease, reason, message_ids)
    except LeaseLost:
        log.warning("job.lease_lost")


def backoff(attempt: int) -> timedelta:
    """2 s, 4 s, 8 s … at most two minutes."""
    doubled: timedelta = FIRST_DELAY * 2 ** min(attempt - 1, 16)
    return min(doubled, LONGEST_DELAY)
