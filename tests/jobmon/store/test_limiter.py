"""A vendor's rate is kept by all processes together."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from jobmon.local_limiter import LocalLimiter
from jobmon.ports.notifier import RateLimiter
from jobmon.store.client import Client, Profile, connect
from jobmon.store.limiter import RedisLimiter

NOW = timedelta(0)


def test_two_clients_share_a_bucket(client: Client, redis_url: str) -> None:
    ours, theirs = RedisLimiter(client), RedisLimiter(connect(redis_url, Profile.WORKER))
    waits = [
        limiter.reserve("slack", rate=0.1, burst=3).total_seconds()
        for _ in range(3)
        for limiter in (ours, theirs)
    ]

    assert waits[:3] == [0, 0, 0]
    assert [round(wait / 10) for wait in waits[3:]] == [1, 2, 3]


def test_a_slot_that_is_too_far_away_is_not_taken(client: Client) -> None:
    limiter = RedisLimiter(client)
    limiter.reserve("slack", rate=0.1, burst=1)
    waits = [
        limiter.reserve("slack", rate=0.1, burst=1, at_most=timedelta(seconds=1)) for _ in range(5)
    ]

    assert {round(wait.total_seconds()) for wait in waits} == {10}


def test_buckets_do_not_touch_each_other(client: Client) -> None:
    limiter = RedisLimiter(client)
    limiter.reserve("one", rate=0.1, burst=1)

    assert limiter.reserve("two", rate=0.1, burst=1) == NOW


def test_a_pause_holds_the_bucket_for_everybody(client: Client, redis_url: str) -> None:
    RedisLimiter(client).pause("slack", timedelta(seconds=30))
    wait = RedisLimiter(connect(redis_url, Profile.WORKER)).reserve("slack", rate=1, burst=5)

    assert 29 < wait.total_seconds() <= 30


@pytest.fixture(params=["shared", "local"])
def limiter(request: pytest.FixtureRequest, client: Client) -> RateLimiter:
    limiters: dict[str, Callable[[], RateLimiter]] = {
        "shared": lambda: RedisLimiter(client),
        "local": LocalLimiter,
    }
    return limiters[request.param]()


def test_after_a_pause_calls_leave_at_the_buckets_rate(limiter: RateLimiter) -> None:
    limiter.pause("slack", timedelta(seconds=30))
    waits = [limiter.reserve("slack", rate=1, burst=3) for _ in range(6)]

    assert [round(wait.total_seconds()) for wait in waits] == [30, 30, 30, 31, 32, 33]


def test_a_pause_of_no_length_is_none(limiter: RateLimiter) -> None:
    limiter.pause("slack", timedelta(0))

    assert limiter.reserve("slack", rate=1, burst=1) == timedelta(0)


def test_who_takes_no_slot_of_a_pause_leaves_it_to_others(limiter: RateLimiter) -> None:
    limiter.pause("slack", timedelta(seconds=30))
    for _ in range(3):
        limiter.reserve("slack", rate=0.1, burst=1, at_most=timedelta(seconds=1))

    assert round(limiter.reserve("slack", rate=0.1, burst=1).total_seconds()) == 30


def test_a_bucket_that_is_not_used_is_forgotten(client: Client) -> None:
    limiter = RedisLimiter(client)
    limiter.reserve("slack", rate=1, burst=1)
    limiter.pause("slack", timedelta(seconds=5))

    assert all(0 < client.ttl(key) <= 62 for key in client.scan_iter())
