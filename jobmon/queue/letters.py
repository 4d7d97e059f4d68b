"""Dead letters: messages that were given up on, each with its reason, for ninety days.

What people asked for is kept for a day only: it holds the parameters that they gave, a secret
perhaps, and nobody still wants it after that.
"""

import hashlib
import heapq
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from operator import itemgetter

import msgspec
from redis import Redis
from redis.client import Pipeline

from jobmon.ports.queue import DeadLetter, Message, WorkKind
from jobmon.redis_answers import text_of

DEAD = "jobmon:dead"
DEAD_ACTIONS = "jobmon:dead:act"
LETTER = "jobmon:letter:"
KEPT: Mapping[str, timedelta] = {DEAD: timedelta(days=90), DEAD_ACTIONS: timedelta(days=1)}
"""How long, by the shelf that the letters stand on: ids in the order of their deaths."""
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
        letter_id, shelf = letter_id_of(message), _shelf_of(message.kind)
        letter = _Letter(
            kind=message.kind,
            key=message.key,
            message_id=message.message_id,
            body=msgspec.Raw(message.body),
            reason=reason[:1000],
            died_at=now,
            attempts=tries,
        )
        pipe.set(LETTER + letter_id, msgspec.json.encode(letter), ex=KEPT[shelf])
        pipe.zadd(shelf, {letter_id: now.timestamp()})
        pipe.zremrangebyscore(shelf, "-inf", (now - KEPT[shelf]).timestamp())
        pipe.expire(shelf, KEPT[shelf])

    def listed(self, *, limit: int) -> tuple[DeadLetter, ...]:
        """The latest ones, newest first."""
        return tuple(self._of(self._ids(limit)))

    def each(self) -> Iterator[DeadLetter]:
        """Those that are there now, newest first, read in portions: they may be many."""
        ids = self._ids()
        for begin in range(0, len(ids), PORTION):
            yield from self._of(ids[begin : begin + PORTION])

    def _ids(self, limit: int = 0) -> list[str]:
        """The latest `limit` ids of both shelves, newest first; all of them without a limit."""
        pipe = self._client.pipeline(transaction=False)
        for shelf in KEPT:
            pipe.zrange(shelf, 0, limit - 1, desc=True, withscores=True)
        latest = heapq.merge(*pipe.execute(), key=itemgetter(1), reverse=True)
        ids = [text_of(letter_id) for letter_id, _ in latest]
        return ids[:limit] if limit else ids

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
        for shelf in KEPT:
            pipe.zrem(shelf, letter_id)


def ask_how_many(pipe: Pipeline, *, now: datetime) -> None:
    """Ask for the number of letters, one answer for each shelf."""
    for shelf, kept in KEPT.items():
        pipe.zcount(shelf, (now - kept).timestamp(), "+inf")


def letter_id_of(message: Message) -> str:
    """The id of a message's letter."""
    identity = f"{message.kind}/{message.key}/{message.message_id}"
    return hashlib.sha256(identity.encode()).hexdigest()[:12]


def _shelf_of(kind: WorkKind) -> str:
    return DEAD_ACTIONS if kind is WorkKind.ACT else DEAD


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
