"""How a message stands in its mailbox: `due put-at {"id":…,"body":…}`, times by the script."""

from datetime import UTC, datetime

import msgspec

from jobmon.ports.queue import Message, WorkKind


class _Stored(msgspec.Struct):
    id: str
    body: msgspec.Raw


def stored(message: Message) -> bytes:
    """The JSON of a message."""
    return msgspec.json.encode(_Stored(message.message_id, msgspec.Raw(message.body)))


def head_of(message: Message) -> bytes:
    """How that JSON begins: enough to find the message again."""
    return b'{"id":' + msgspec.json.encode(message.message_id) + b","


def message_from(kind: WorkKind, key: str, raw: bytes) -> Message:
    """Read a message of a mailbox."""
    due, _put_at, json = raw.split(b" ", 2)
    found = msgspec.json.decode(json, type=_Stored)
    return Message(
        kind=kind,
        key=key,
        message_id=found.id,
        body=bytes(found.body),
        due_at=datetime.fromtimestamp(int(due) / 1000, UTC),
    )
