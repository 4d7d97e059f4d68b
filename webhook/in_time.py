"""Give up on a call in time to answer whoever waits, however slow the other side is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")

THREADS = 8


class TooSlow(Exception):
    """The call took too long; `began` says whether it may still take effect."""

    def __init__(self, *, began: bool) -> None:
        super().__init__("the call took too long")
        self.began = began


class InTime:
    """Runs calls beside the request; a request waits for one no longer than `limit`."""

    def __init__(self, limit: timedelta) -> None:
        self._limit = limit
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="in-time")

    def __call__(self, call: Callable[[], T]) -> T:
        """Give the call's answer or its error.

        Raises TooSlow when neither came in time.
        """
        future = self._threads.submit(call)
        try:
            return future.result(self._limit.total_seconds())
        except StillRunning:
            if future.done():
                raise  # the call's own timeout, not ours
            raise TooSlow(began=not future.cancel()) from None
