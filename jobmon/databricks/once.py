"""Do something once for each key, also when several threads ask at the same time."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Once(Generic[K, V]):
    """The first to ask for a key computes it; the others wait for that answer or its error."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[K, Future[V]] = {}

    def get(self, key: K, compute: Callable[[], V]) -> V:
        """The answer for a key."""
        with self._lock:
            answer = self._answers.get(key)
            if first := answer is None:
                answer = self._answers[key] = Future()
        if first:
            try:
                answer.set_result(compute())
            except BaseException as exc:
                answer.set_exception(exc)
                raise
        return answer.result()
