"""A job keeps its lease while it works, and loses it where it hangs."""

import threading
from datetime import timedelta
from typing import cast

import pytest
import structlog
from redis.exceptions import ConnectionError as RedisConnectionError

from jobmon.ports.queue import JobQueue, Lease, WorkKind
from jobmon.queue.heartbeat import keep_alive
from tests.support.waiting import wait_until

AT_ONCE = timedelta(0)
HELD, LOST = True, False
LEASE = Lease(kind=WorkKind.DELIVER, key="a", token="t", messages=(), attempt=1)


class Renewals:
    """A queue that answers each renewal in turn, the last answer for ever."""

    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = answers
        self.asked = 0

    def renew(self, _: Lease) -> bool:
        self.asked += 1
        answer = self.answers[min(self.asked, len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer


def still_beats() -> bool:
    return any(thread.name == "heartbeat" for thread in threading.enumerate())


def test_a_lease_is_renewed_until_the_job_is_done() -> None:
    queue = Renewals(HELD)

    with keep_alive(cast("JobQueue", queue), LEASE, every=AT_ONCE):
        wait_until(lambda: queue.asked > 1)

    assert not still_beats()


def test_a_redis_that_is_away_for_a_moment_costs_no_lease() -> None:
    queue = Renewals(RedisConnectionError(), HELD)

    with keep_alive(cast("JobQueue", queue), LEASE, every=AT_ONCE):
        wait_until(lambda: queue.asked > 1)


@pytest.mark.parametrize(("at_most", "asked"), [(timedelta(hours=1), 1), (AT_ONCE, 0)])
def test_a_lease_that_is_lost_or_held_for_too_long_is_not_renewed(
    at_most: timedelta, asked: int
) -> None:
    queue = Renewals(LOST)

    with keep_alive(cast("JobQueue", queue), LEASE, every=AT_ONCE, at_most=at_most):
        wait_until(lambda: not still_beats())

    assert queue.asked == asked


def test_a_lost_lease_is_said() -> None:
    with (
        structlog.testing.capture_logs() as logs,
        keep_alive(cast("JobQueue", Renewals(LOST)), LEASE, every=AT_ONCE),
    ):
        wait_until(lambda: not still_beats())

    assert [entry["event"] for entry in logs] == ["lease.lost"]
