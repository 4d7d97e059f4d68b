"""What can go wrong between an app and Slack, asked for in advance."""

import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum


class FaultKind(StrEnum):
    """How a call fails."""

    RATE_LIMITED = "rate_limited"
    DROP_BEFORE = "drop_before"
    """The connection closes, and nothing was taken."""
    DROP_AFTER = "drop_after"
    """The connection closes, but the call was carried out."""
    SLOW = "slow"
    """Carried out, and answered late."""
    STATUS = "status"
    """An HTTP status with an HTML page."""
    HTML = "html"
    """200 with an HTML page, as proxies do."""
    ERROR = "error"
    """`ok: false` with an error string of Slack's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault for the next calls of a method; no method means any."""

    kind: FaultKind
    method: str = ""
    times: int = 1
    error: str = ""
    status: int = 503
    delay: timedelta = timedelta(0)
    retry_after: int = 1


class FaultPlan:
    """Faults waiting for their calls, first come, first served."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Let the next `fault.times` matching calls fail."""
        with self._lock:
            self._faults.append(fault)

    def next_for(self, method: str) -> Fault | None:
        """The fault this call meets, if any; uses it up."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.method in ("", method):
                    if fault.times > 1:
                        self._faults[index] = replace(fault, times=fault.times - 1)
                    else:
                        del self._faults[index]
                    return fault
        return None
