"""Dead letters: messages that were given up on, each with its reason, for ninety days."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
from redis import Redis
from redis.client import Pipeline

from jobmon.ports.queue import DeadLetter, Message, WorkKind
from jobmon.redis_answers import text_of

DEAD = "jobmon:dead"
LETTER = "jobmon:letter:"
KEPT = timedelta(days=90)
PORTION = 1000


class _Letter(msgspec.Struct):
    kind: WorkKind
    key: str
    message_id: str
    body: msgspec.Raw
    reason: str
    died_at: datetime
    attempts: int


class DeadLetters:
    """The letters of one Redis."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    def write(self, pipe: Pipeline, message: Message, *, reason: str, tries: int) -> None:
        """Keep a message as a dead letter; the same message again is the same letter."""
        now = datetime.now(UTC)
        letter_id = letter_id_of(message)
        letter = _Letter(
            kind=message.kind,
            key=message.key,
            message_id=message.message_id,
            body=msgspec.Raw(message.body),
            reason=reason[:1000],
            died_at=now,
            attempts=tries,
        )
        pipe.set(LETTER + letter_id, msgspec.json.encode(letter), ex=KEPT)
        pipe.zadd(DEAD, {letter_id: now.timestamp()})
        pipe.zremrangebyscore(DEAD, "-inf", (now - KEPT).timestamp())

    def listed(self, *, limit: int) -> tuple[DeadLetter, ...]:
        """The latest ones, newest first."""
        return tuple(self._of(self._ids(limit)))

    def each(self) -> Iterator[DeadLetter]:
        """Those that are there now, newest first, read in portions: they may be many."""
        ids = self._ids()
        for begin in range(0, len(ids), PORTION):
            yield from self._of(ids[begin : begin + PORTION])

    def _ids(self, limit: int = 0) -> list[str]:
        return [text_of(item) for item in self._client.zrevrange(DEAD, 0, limit - 1)]

    def _of(self, ids: list[str]) -> Iterator[DeadLetter]:
        found = self._client.mget([LETTER + item for item in ids]) if ids else []
        for letter_id, raw in zip(ids, found, strict=True):
            if raw:
                yield _dead_letter(letter_id, raw)

    def read(self, letter_id: str) -> DeadLetter | None:
        """One letter; None when it is gone."""
        raw = self._client.get(LETTER + letter_id)
        return None if raw is None else _dead_letter(letter_id, raw)

    def drop(self, pipe: Pipeline, letter_id: str) -> None:
        """Take a letter away."""
        pipe.delete(LETTER + letter_id)
        pipe.zrem(DEAD, letter_id)


def letter_id_of(message: Message) -> str:
    """The id of a message's letter."""
    identity = f"{message.kind}/{message.key}/{message.message_id}"
    return hashlib.sha256(identity.encode()).hexdigest()[:12]


def _dead_letter(letter_id: str, raw: bytes | str) -> DeadLetter:
    letter = msgspec.json.decode(raw, type=_Letter)
    return DeadLetter(
        letter_id=letter_id,
        message=Message(
            kind=letter.kind,
            key=letter.key,
            message_id=letter.message_id,
            body=bytes(letter.body),
        ),
        reason=letter.reason,
        died_at=letter.died_at,
        attempts=letter.attempts,
    )
