"""A rate limit for one process: what a laptop needs, where there is no Redis to share it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic


class LocalLimiter:
    """The generic cell rate algorithm in memory. Safe for threads."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._next_free: dict[str, float] = {}
        self._paused_until: dict[str, float] = {}

    def reserve(
        self, bucket: str, *, rate: float, burst: int, at_most: timedelta | None = None
    ) -> timedelta:
        """Take the next free slot of a bucket, unless it is further away than `at_most`."""
        with self._lock:
            now = self._clock()
            paused = max(0.0, self._paused_until.get(bucket, 0.0) - now)
            free = max(self._next_free.get(bucket, 0.0), now + paused)
            wait = timedelta(seconds=max(paused, free - now - (burst - 1) / rate))
            if at_most is None or wait <= at_most:
                self._next_free[bucket] = free + 1 / rate
        return wait

    def pause(self, bucket: str, duration: timedelta) -> None:
        """Hold the whole bucket: the vendor said so."""
        with self._lock:
            until = self._clock() + duration.total_seconds()
            self._paused_until[bucket] = max(self._paused_until.get(bucket, 0.0), until)
