"""Group commit: what threads ask for while a call is under way is asked for in the next, as one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class _Asked(Generic[T, R]):
    item: T
    turn: Lock = field(default_factory=Lock)
    """Held until the answer is there, or until it is up to this thread to make the next call."""
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
        self._lock = Lock()
        self._is_calling = False
        self._waiting: list[_Asked[T, R]] = []

    def __call__(self, item: T) -> R:
        """Give the answer for an item; at worst after two calls, another's and ours."""
        asked: _Asked[T, R] = _Asked(item)
        asked.turn.acquire()
        with self._lock:
            self._waiting.append(asked)
            waits, self._is_calling = self._is_calling, True
        if waits:
            asked.turn.acquire()
        if asked.is_open:
            self._answer_all()
        if asked.error is not None:
            raise asked.error
        return asked.answers[0]

    def __len__(self) -> int:
        """How many wait for the next call."""
        return len(self._waiting)

    def _answer_all(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, []
        try:
            answers = self._call([asked.item for asked in batch])
        except BaseException as exc:  # noqa: BLE001 (whatever it is, each of them gets it)
            for asked in batch:
                asked.error = exc
        else:
            for asked, answer in zip(batch, answers, strict=True):
                asked.answers = (answer,)
        with self._lock:
            followers = self._waiting[:1]
            self._is_calling = bool(followers)
        for asked in (*followers, *batch):
            asked.turn.release()
