"""What an operation says, and what it did to the incident."""

from dataclasses import dataclass

from jobmon.incident_event import Acknowledged, Muted, RepairStarted, Unmuted
from workers.act.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a person, in Slack's mrkdwn."""

    text: str
    done: bool = True
    public: bool = False
    needs_confirmation: bool = False
    target: Target | None = None
    event: Acknowledged | RepairStarted | Muted | Unmuted | None = None
    """What happened to the incident by it."""
