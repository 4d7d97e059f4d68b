"""The buttons below a message: what each asks for, and what a click on it brings back. Pure.

Who draws them and who reads the clicks never import each other: this is what they agree on.
"""

import re
from dataclasses import dataclass
from typing import Self

from jobmon.action import ActionKind

ON_BUTTONS = (
    ActionKind.RERUN,
    ActionKind.ACKNOWLEDGE,
    ActionKind.MUTE,
    ActionKind.UNMUTE,
    ActionKind.DETAILS,
)
OPEN_RUN = "jobmon.open"
"""A link, which Slack follows by itself and tells us of: it asks for nothing."""

_CHANGED = "changed"
_VALUE = re.compile(
    r"(?P<incident>[A-Za-z0-9_-]{1,64})\|(?P<version>[0-9]{1,9})"
    rf"(?:\|(?:(?P<minutes>[0-9]{{1,6}})|{_CHANGED}))?"
)


def action_id_of(kind: ActionKind) -> str:
    """What Slack calls the button for an action by."""
    return f"jobmon.{kind}"


def kind_of(action_id: str) -> ActionKind | None:
    """What the button of this name asks for; None for a link, and for a name that is none."""
    return next((kind for kind in ON_BUTTONS if action_id_of(kind) == action_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonValue:
    """Which incident, and the state of it that was on the screen; of a mute also its term."""

    incident_id: str
    version: int
    minutes: int | None = None
    until_changed: bool = False

    def __str__(self) -> str:
        """As the button carries it: `inc-1|3`, `inc-1|3|60`, `inc-1|3|changed`."""
        term = _CHANGED if self.until_changed else self.minutes
        parts = (self.incident_id, self.version, term)
        return "|".join(str(part) for part in parts if part is not None)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what a click brought back; None where it is nothing of ours."""
        found = _VALUE.fullmatch(text)
        if found is None:
            return None
        return cls(
            incident_id=found["incident"],
            version=int(found["version"]),
            minutes=int(found["minutes"]) if found["minutes"] else None,
            until_changed=text.endswith(f"|{_CHANGED}"),
        )
