"""Remember that Redis did not answer, so that nobody but the drainer waits for it."""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

import redis.exceptions

T = TypeVar("T")

AWAY_SECONDS = 5.0
"""Longer than the drainer takes from the end of one look to the end of the next."""

NO_ANSWER = (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError, OSError)


class Absence:
    """Whether Redis has just failed to answer; may be shared by threads.

    It ends with the first call that is answered, at the latest by the clock.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._until = clock()

    def ask(self, call: Callable[[], T]) -> T:
        """Make a call; while Redis is away raise ConnectionError at once instead."""
        if self._clock() < self._until:
            raise redis.exceptions.ConnectionError("Redis has just not answered")
        return self.look(call)

    def look(self, call: Callable[[], T]) -> T:
        """Make a call whatever is known, and know better for those who ask."""
        try:
            answer = call()
        except NO_ANSWER:
            self._until = self._clock() + AWAY_SECONDS
            raise
        self._until = self._clock()
        return answer
