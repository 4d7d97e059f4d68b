"""What a mailbox and the memory of its messages are called in Redis."""

from datetime import datetime, timedelta

from jobmon.ports.queue import Message, WorkKind

BOX = "jobmon:box:"
MESSAGES = "jobmon:messages:"
WAKE = "jobmon:wake"
SINCE = "jobmon:since:"
SEEN = "jobmon:seen:"
WAITING = "jobmon:waiting:"

KNOWN_WHILE_IT_WAITS = frozenset({WorkKind.DIAGNOSE})
"""A run may fail again soon with the same event: what was taken already is not a repetition."""


def member_of(kind: WorkKind, key: str) -> str:
    """A mailbox in the set of those that are to be woken, and the end of its keys."""
    return f"{kind}:{key}"


def seen_key(message: Message) -> str:
    """Where it stands that a message is known already."""
    if message.kind in KNOWN_WHILE_IT_WAITS:
        return WAITING + member_of(message.kind, message.key)
    return f"{SEEN}{message.kind}:{message.message_id}"


def milliseconds(duration: timedelta) -> int:
    """A duration as the scripts take it: whole milliseconds, none below zero."""
    return max(0, round(duration.total_seconds() * 1000))


def timestamp(at: datetime) -> int:
    """A time as the scripts have it: milliseconds."""
    return round(at.timestamp() * 1000)
