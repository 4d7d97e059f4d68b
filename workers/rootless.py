"""A line for a thread that is not there: its message is held back, given up, or never to come."""

from datetime import datetime

import msgspec
import structlog

from jobmon.digest import Delivery
from jobmon.errors import DestinationError
from jobmon.ports.queue import Lease, Message, WorkKind
from workers.outbox import delivery_in, is_editable, messages_of
from workers.services import Services

log = structlog.get_logger()


def set_aside(services: Services, lease: Lease, note: Delivery) -> None:
    """Let a note wait with the message that it belongs to; without one there is nothing to say.

    Raises DestinationError where that message was given up: who replays it wants the note, too.
    """
    due = _root_due(services, lease)
    if due is not None:
        services.queue.postpone(lease, messages_of(lease, note), until=due)
        log.info("delivery.note_held", destination=str(note.destination), until=due.isoformat())
        return
    for letter in services.queue.dead_letters():
        if _is_root(letter.message, lease):
            raise DestinationError(f"there is no message to reply to: {letter.reason}")
    log.info("delivery.note_dropped", destination=str(note.destination), reason="nobody was told")


def _root_due(services: Services, lease: Lease) -> datetime | None:
    """When the first message comes that posts the root; None if none waits."""
    waiting = services.queue.to_come(lease)
    times = (item.due_at for item in waiting if item.due_at and _is_root(item, lease))
    return min(times, default=None)


def _is_root(message: Message, lease: Lease) -> bool:
    if (message.kind, message.key) != (WorkKind.DELIVER, lease.key):
        return False
    try:
        return is_editable(delivery_in(message))
    except msgspec.DecodeError:
        return False
