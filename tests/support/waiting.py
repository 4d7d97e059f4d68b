"""Wait for something to become true, and say what it was when it does not."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

T = TypeVar("T")


def wait_until(look: Callable[[], T], *, within: float = 15.0, every: float = 0.02) -> T:
    """Look again and again until something truthy is seen; gives it back."""
    deadline = monotonic() + within
    pause = threading.Event()
    while True:
        seen = look()
        if seen:
            return seen
        if monotonic() > deadline:
            raise AssertionError(f"not within {within} s: last seen {seen!r}")
        pause.wait(every)
