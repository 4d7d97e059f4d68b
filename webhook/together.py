"""Group commit: what threads ask for while a call is under way is asked for in the next, as one."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class _Asked(Generic[T, R]):
    item: T
    answers: tuple[R, ...] = ()
    error: BaseException | None = None

    @property
    def is_open(self) -> bool:
        return not self.answers and self.error is None


class Together(Generic[T, R]):
    """Makes one call at a time, for all who wait; alone, a thread calls at once.

    `call` takes some items and gives an answer for each; what it raises is raised to each of them.
    """

    def __init__(self, call: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._call = call
        self._calling = Lock()
        self._waiting: deque[_Asked[T, R]] = deque()

    def __call__(self, item: T) -> R:
        """Give the answer for an item; at worst after two calls, another's and ours."""
        asked: _Asked[T, R] = _Asked(item)
        self._waiting.append(asked)
        with self._calling:
            if asked.is_open:
                self._answer_all()
        if asked.error is not None:
            raise asked.error
        return asked.answers[0]

    def __len__(self) -> int:
        """How many wait for the next call."""
        return len(self._waiting)

    def _answer_all(self) -> None:
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            answers = self._call([asked.item for asked in batch])
        except BaseException as exc:  # noqa: BLE001 (whatever it is, each of them gets it)
            for asked in batch:
                asked.error = exc
        else:
            for asked, answer in zip(batch, answers, strict=True):
                asked.answers = (answer,)
