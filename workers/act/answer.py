"""What an operation says, and what it did to the incident."""

from collections.abc import Callable
from dataclasses import dataclass

from jobmon.action import Action
from jobmon.incident_event import Acknowledged, Muted, RepairStarted, Unmuted
from notifiers.slack.elements import Block
from notifiers.slack.mrkdwn import escape, person
from notifiers.text import one_line

ActedOn = Acknowledged | RepairStarted | Muted | Unmuted


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a person, and what others are told.

    `said` is plain words that go on after the person's name; `text` is Slack's mrkdwn for the
    person alone, where that differs, and `blocks` what is shown instead of it.
    """

    said: str = ""
    text: str = ""
    blocks: tuple[Block, ...] = ()
    done: bool = True
    in_thread: bool = False
    """Whether others should read it too."""
    needs_confirmation: bool = False
    event: ActedOn | None = None
    """What happens to the incident by it."""

    def reply(self, action: Action) -> str:
        """What the person reads."""
        return self.text or f"{person(action.actor.user_id)} {escape(one_line(self.said))}"


Deed = Callable[[], Answer]
"""The part of an operation that changes something, for when nothing speaks against it."""


def refused(text: str, *, said: str = "", in_thread: bool = False) -> Answer:
    """Nothing was done; `text` is mrkdwn."""
    return Answer(text=text, said=said, done=False, in_thread=in_thread)


def not_done(action: Action, why: str) -> Answer:
    """Nothing was done, for a reason in plain words; the thread says who asked for what."""
    said = f"asked to {action.kind}, and nothing was done: {why}"
    return refused(escape(one_line(why)), said=said, in_thread=True)
