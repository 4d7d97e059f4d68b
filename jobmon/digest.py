"""What is told to people, where, and what came back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jobmon.cause_group import RunDiagnosis
from jobmon.incident import Incident, NotifyReason
from jobmon.run import Run
from jobmon.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When the event came in: from then on people wait."""

    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One incident as people should see it now. Pure input of every renderer.

    `run` is the run that is told about (tasks bounded), `diagnosis` its cause groups, `history`
    one line on how often and how it was cured before, `owner` a name or mail address.
    """

    incident: Incident
    run: Run
    diagnosis: RunDiagnosis
    reason: NotifyReason
    at: datetime
    task_count: int = 0
    """How many tasks the run has: a digest holds only the first of those that failed."""
    severity: Severity | None = None
    history: str = ""
    owner: str = ""
    mentions: tuple[str, ...] = ()
    """Slack user ids (`U…`) or group ids (`S…`) from settings; never from outside text.
    Only those who have not been mentioned yet."""
    found_by_sweep: bool = False
    environment: str = ""
    actions_enabled: bool = False
    """Whether buttons make sense: a signing secret or Socket Mode is configured."""
    timing: Timing = Timing()

    @property
    def is_alarm(self) -> bool:
        """Whether it tells of jobmon's own trouble: there is no run then."""
        return not self.run.run_id


class DestinationKind(StrEnum):
    """The media a digest can go to."""

    SLACK = "slack"
    EMAIL = "email"
    CONSOLE = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A Slack channel id, a mail address list (comma separated), or the console."""

    kind: DestinationKind
    address: str = ""

    def __str__(self) -> str:
        """`slack:C123`, as it stands in settings, logs and keys."""
        return f"{self.kind}:{self.address}"

    @classmethod
    def parse(cls, text: str) -> "Destination":
        """Read what `str` wrote; the kind has been checked with the settings."""
        kind, _, address = text.partition(":")
        return cls(kind=DestinationKind(kind), address=address)


class DeliveryKind(StrEnum):
    """`ROOT` is the incident's one message, posted or edited; `NOTE` goes into its thread."""

    ROOT = "root"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line of an incident's thread: what happened, and a text to attach when it is long."""

    text: str
    attachment: str = ""
    attachment_name: str = "error.txt"
    markup: bool = False
    """The text is Slack's mrkdwn, made by us: what strangers wrote in it is escaped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing to tell one destination. `delivery_id` is the same for every attempt."""

    delivery_id: str
    destination: Destination
    kind: DeliveryKind
    digest: Digest
    note: Note | None = None
    broadcast: bool = False
    """Show a note in the channel too: the meaning changed."""
    tried: tuple[str, ...] = ()
    """The destinations that did not take it before it came to this one."""
    only_for: tuple[str, ...] = ()
    """Of a mail's addresses those that were refused for now, when the others were taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof of delivery: Slack channel and ts, or the mail's Message-ID."""

    delivery_id: str
    destination: Destination
    channel: str = ""
    message_id: str = ""
    sent_at: datetime | None = None
    degraded: str = ""
    """How much was lost on the way ("text only"), empty when nothing was."""
    refused_for_now: tuple[str, ...] = ()
    """Of a mail's addresses those that may be taken later: all others have it."""
    version: int = 0
    """The incident's version that the message shows; 0 when that is not known."""
