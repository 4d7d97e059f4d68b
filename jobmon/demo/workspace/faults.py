"""Things that go wrong on purpose: what a network or a busy service would do."""

from dataclasses import dataclass
from enum import StrEnum
from threading import Lock


class FaultKind(StrEnum):
    """How a call goes wrong."""

    DROP = "drop"
    """The connection breaks before the request takes effect."""
    DROP_AFTER = "drop_after"
    """The request takes effect, then the connection breaks without an answer."""
    STATUS = "status"
    """An error status; `after` says whether the request took effect first."""
    NONSENSE = "nonsense"
    """A body that is not JSON."""
    SLOW = "slow"
    """The answer takes `seconds` longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to the next `times` calls whose path contains `path`."""

    path: str
    kind: FaultKind
    times: int = 1
    status: int = 500
    after: bool = False
    seconds: float = 0.0
    retry_after: int | None = None

    @property
    def takes_effect(self) -> bool:
        """Whether the request is carried out although the caller never learns it."""
        return self.kind in (FaultKind.DROP_AFTER, FaultKind.NONSENSE) or (
            self.kind is FaultKind.STATUS and self.after
        )


class Faults:
    """The faults still to come."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: list[tuple[Fault, int]] = []

    def plan(self, fault: Fault) -> None:
        """Let it happen to the next calls it fits."""
        with self._lock:
            self._left.append((fault, fault.times))

    def forget(self) -> None:
        """Let nothing more happen."""
        with self._lock:
            self._left.clear()

    def next_for(self, path: str) -> Fault | None:
        """The fault that happens to this call, used up by it."""
        with self._lock:
            for index, (fault, times) in enumerate(self._left):
                if fault.path in path:
                    self._left[index : index + 1] = [(fault, times - 1)] if times > 1 else []
                    return fault
        return None
