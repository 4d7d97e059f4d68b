"""An event that nobody has to wait for."""

import threading
from collections.abc import Callable


class Pauses(threading.Event):
    """Instead of time passing, something happens."""

    def __init__(self, *happens: Callable[[], object]) -> None:
        super().__init__()
        self.happens = list(happens)

    def wait(self, timeout: float | None = None) -> bool:
        self.happens.pop(0)()
        return self.is_set()
