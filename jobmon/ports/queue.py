"""What the use cases need of the queue: durable mailboxes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from jobmon.errors import TransientError


class Transaction(Protocol):
    """Redis commands that take effect together or not at all. Opaque to the use cases."""


class WorkKind(StrEnum):
    """What a worker can be asked to do; each has one job function."""

    DIAGNOSE = "diagnose"
    DELIVER = "deliver"
    ACT = "act"
    SWEEP = "sweep"
    STORM = "storm"


class Urgency(StrEnum):
    """Which queue a job goes to: somebody is waiting, or it is bulk work."""

    SOON = "soon"
    BULK = "bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One request in the mailbox `(kind, key)`; `message_id` makes a repetition harmless."""

    kind: WorkKind
    key: str
    message_id: str
    body: bytes
    """JSON."""
    due_at: datetime | None = None
    """Since when it may be worked on, for one that was taken from its mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to work on a mailbox alone for a while, with the messages in it."""

    kind: WorkKind
    key: str
    token: str
    messages: tuple[Message, ...]
    attempt: int
    """1 for the first try of the oldest message; killed workers count too."""
    began_at: datetime | None = None
    """When the first try of these messages began."""
    urgency: Urgency = Urgency.SOON
    """Which workers it was given to."""


class LeaseLost(TransientError):
    """Another worker has taken over the mailbox: nothing may be done any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that was given up on, with the reason; kept until replayed or dropped."""

    letter_id: str
    message: Message
    reason: str
    died_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How the queue is doing."""

    workers: Mapping[Urgency, int]
    """Workers that gave a sign of life, by what they work on; 0 where nobody does."""
    keeper: bool
    mailboxes: int
    """Mailboxes with messages in them."""
    oldest_waiting_seconds: float | None
    """Age of the oldest message that is due; None when nothing waits."""
    oldest_undelivered_seconds: float | None
    dead_letters: int


class JobQueue(Protocol):
    """Durable mailboxes, worked off by RQ jobs: one job at a time for each `(kind, key)`.

    A message stays in its mailbox until `done` or `bury`: whatever is killed, the keeper finds
    mailboxes whose lease ran out and wakes them again.
    """

    def put(
        self,
        message: Message,
        *,
        tx: Transaction | None = None,
        delay: timedelta = timedelta(0),
        urgency: Urgency = Urgency.SOON,
    ) -> bool:
        """Add a message and wake a worker; False when this message id is known already."""

    def put_all(self, messages: Sequence[Message]) -> tuple[bool, ...]:
        """Add messages as `put` does, all in one round trip; which of them are new."""

    def take(self, kind: WorkKind, key: str) -> Lease | None:
        """Lease a mailbox with its messages, oldest first; None when empty or leased already."""

    def has_work(self, kind: WorkKind, key: str) -> bool:
        """Whether messages wait in a mailbox or are worked on."""

    def renew(self, lease: Lease) -> bool:
        """Extend a lease; False when it was lost."""

    def hold(self, lease: Lease) -> None:
        """Renew a lease before something that may happen only once; raises LeaseLost."""

    def done(self, lease: Lease, *, tx: Transaction | None = None) -> None:
        """Drop the lease's messages; wakes again when more came meanwhile.

        With a transaction raises LeaseLost, before anything is written, when the lease was lost.
        """

    def later(
        self,
        lease: Lease,
        *,
        delay: timedelta,
        in_line: bool = False,
        urgency: Urgency | None = None,
        got_on: bool = False,
    ) -> None:
        """Give the messages back, to be tried again after `delay`, perhaps by other workers.

        What only stands `in_line` is looked at sooner when another message comes. Who `got_on` was
        no failed try: the next one is a first one again.
        """

    def drop(self, lease: Lease, message_ids: Iterable[str]) -> None:
        """Forget messages of a lease that are done; the lease goes on with the others."""

    def postpone(self, lease: Lease, message_ids: Iterable[str], *, until: datetime) -> None:
        """Take messages out of a lease until their time comes; the lease goes on with the others.

        They wait as if they had been put with a delay.
        """

    def to_come(self, lease: Lease) -> tuple[Message, ...]:
        """What waits in a lease's mailbox besides its messages: not due yet, or put since."""

    def bury(self, lease: Lease, *, reason: str, message_ids: Iterable[str] | None = None) -> None:
        """Make dead letters of the messages that are left in the lease, and end it.

        With `message_ids` only those become dead letters, and the lease goes on.
        """

    def dead_letters(self, *, limit: int = 100) -> tuple[DeadLetter, ...]:
        """The dead letters, newest first."""

    def each_dead_letter(self) -> Iterator[DeadLetter]:
        """Every dead letter that is there now, newest first."""

    def replay(self, letter_id: str) -> bool:
        """Put a dead letter back into its mailbox; False when it is gone."""

    def ping(self) -> None:
        """Find out whether anything is taken; raises what the client raises when not."""

    def pulse(self) -> Pulse:
        """How the queue is doing, from a bounded number of reads."""
