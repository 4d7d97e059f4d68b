"""A rate limiter that counts how often, and how long, a vendor's rate made us wait."""

from datetime import timedelta

from jobmon.ports.notifier import RateLimiter
from jobmon.ports.store import Store


class CountedLimiter:
    """Implements `jobmon.ports.notifier.RateLimiter` around another one."""

    def __init__(self, limiter: RateLimiter, store: Store) -> None:
        self._limiter = limiter
        self._store = store

    def reserve(
        self, bucket: str, *, rate: float, burst: int, at_most: timedelta | None = None
    ) -> timedelta:
        """Take the next free slot of a bucket; a wait is counted."""
        wait = self._limiter.reserve(bucket, rate=rate, burst=burst, at_most=at_most)
        if wait > timedelta(0) and at_most != timedelta(0):  # who only asks does not wait
            self._store.count("rate_limit_waits", limit=_limit(bucket))
            self._store.count("rate_limit_wait_seconds", wait.total_seconds(), limit=_limit(bucket))
        return wait

    def pause(self, bucket: str, duration: timedelta) -> None:
        """Hold the whole bucket, because the vendor said so."""
        self._limiter.pause(bucket, duration)
        self._store.count("rate_limit_pauses", limit=_limit(bucket))


def _limit(bucket: str) -> str:
    """`slack-post-C123` is `slack-post`: a metric has few labels."""
    return "-".join(bucket.split("-")[:2])
