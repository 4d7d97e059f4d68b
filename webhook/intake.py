"""Take an event so that it cannot be lost: into its run's mailbox, or onto the spool."""

import hashlib
from collections.abc import Sequence
from enum import StrEnum

import msgspec
import redis.exceptions

from jobmon.ports.queue import JobQueue, Message, WorkKind
from jobmon.run import RunEvent
from webhook.absence import Absence
from webhook.spool import Spool
from webhook.together import Together

REDIS_AWAY = (redis.exceptions.RedisError, OSError)
"""What says that Redis takes nothing at the moment: it does not answer, or with a refusal (it is
loading, read-only, out of memory), or something else answers in its place."""

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What says that a line is no event: torn, damaged, or of another version of jobmon."""


class Taken(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    SPOOLED = "spooled"


class Intake:
    """Puts events into the queue, or onto the local spool while Redis is away."""

    def __init__(self, queue: JobQueue, spool: Spool, absence: Absence | None = None) -> None:
        self._queue = queue
        self._put = Together(self._put_all)
        self._spool = spool
        self._absence = absence or Absence()

    def take(self, event: RunEvent) -> Taken:
        """Make an event durable; on the spool at once when Redis has just not answered.

        Raises TransientError when neither Redis nor the spool can take it.
        """
        try:
            added = self._put(message_of(event))
        except REDIS_AWAY:
            self._spool.append(msgspec.json.encode(event))
            return Taken.SPOOLED
        return Taken.ACCEPTED if added else Taken.DUPLICATE

    def drain(self) -> int:
        """Move spooled events into the queue, in their order; how many. Other lines stay aside.

        Finds out whether Redis answers, for events that come meanwhile too; raises what it raises.
        """
        self._absence.look(self._queue.ping)
        return self._spool.drain(self._put_line)

    def _put_all(self, messages: Sequence[Message]) -> tuple[bool, ...]:
        return self._absence.ask(lambda: self._queue.put_all(messages))

    def _put_line(self, line: bytes) -> bool:
        try:
            event = msgspec.json.decode(line, type=RunEvent)
        except UNREADABLE:
            return False
        self._absence.look(lambda: self._queue.put(message_of(event)))
        return True


def message_of(event: RunEvent) -> Message:
    """The message that asks for a run to be looked at; the same for the same event."""
    key = event.mailbox
    identity = f"{key}/{event.run_id}/{event.task_key or ''}/{event.kind}"
    return Message(
        kind=WorkKind.DIAGNOSE,
        key=key,
        message_id="e-" + hashlib.sha256(identity.encode()).hexdigest()[:24],
        body=msgspec.json.encode(event),
    )
