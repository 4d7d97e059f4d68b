"""The rate limit of get-output, as a bucket that fills again."""

from threading import Lock
from time import monotonic

from jobmon.demo.workspace.answers import ApiError

GET_OUTPUT_RATE = 20.0


class GetOutputLimit:
    """Refuses calls beyond 20 a second, with a burst of 20."""

    def __init__(self, *, enforced: bool) -> None:
        self._enforced = enforced
        self._lock = Lock()
        self._left = GET_OUTPUT_RATE
        self._at = monotonic()

    def take(self) -> None:
        """Count a call."""
        if not self._enforced:
            return
        with self._lock:
            now = monotonic()
            self._left = min(GET_OUTPUT_RATE, self._left + (now - self._at) * GET_OUTPUT_RATE)
            self._at = now
            if self._left < 1:
                msg = "Current request has to be rate limited: Jobs GetRunOutput."
                raise ApiError(429, "REQUEST_LIMIT_EXCEEDED", msg, headers={"Retry-After": "1"})
            self._left -= 1
