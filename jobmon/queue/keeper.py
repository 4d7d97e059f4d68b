"""The keeper: finds mailboxes whose time has come or whose worker was lost, and wakes them."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from redis.exceptions import RedisError

from jobmon.queue.mailboxes import GiveUp, RqJobQueue

log = structlog.get_logger()

EVERY = timedelta(seconds=1)

Periodic = Callable[[datetime], None]


def keep(
    queue: RqJobQueue,
    *,
    stop: threading.Event,
    also: Periodic,
    give_up: GiveUp | None = None,
    every: timedelta = EVERY,
) -> None:
    """Revive mailboxes again and again until told to stop; any number may run at once.

    `also` is called each time with the present time, for work that is due by the clock; `give_up`
    as `RqJobQueue.revive` says. A Redis that is away is waited for; that is logged once for each
    reason, and so is that the wait is over.
    """
    waits_for = ""
    while True:
        try:
            woken = queue.revive(give_up=give_up)
            also(datetime.now(UTC))
            queue.say_keeper_lives()
            if woken:
                log.info("keeper.woke", mailboxes=woken)
        except RedisError as exc:
            reason = type(exc).__name__
            if reason != waits_for:
                log.warning("keeper.waiting", reason=reason)
            waits_for = reason
        else:
            if waits_for:
                log.info("keeper.goes_on", waited_for=waits_for)
            waits_for = ""
        if stop.wait(every.total_seconds()):
            return
