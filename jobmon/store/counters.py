"""Counters for `/metrics`, the audit trail, and names and notes kept for a while."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

import msgspec
import structlog
from redis.exceptions import RedisError

from jobmon.action import ActionOutcome
from jobmon.ports.queue import Transaction
from jobmon.redis_answers import text_of
from jobmon.store.base import StorePart, decode, encode, pipeline_of

COUNTERS = "jobmon:counters"
LAST = "jobmon:last"
AUDIT = "jobmon:audit"
ONCE = "jobmon:once:"
NOTE = "jobmon:note:"
AUDIT_KEPT = 10_000

log = structlog.get_logger()

Counter = tuple[str, tuple[tuple[str, str], ...]]


class Counters(StorePart):
    """Numbers that all processes add to, and a record of who did what."""

    def count(self, metric: str, amount: float = 1, **labels: str) -> None:
        """Raise a counter shown by `/metrics`; never fails the caller."""
        field = msgspec.json.encode([metric, sorted(labels.items())])
        try:
            self._client.hincrbyfloat(COUNTERS, field.decode(), amount)
        except RedisError:
            log.warning("counter.lost", metric=metric)

    def counters(self) -> Mapping[Counter, float]:
        """All counters, by name and labels."""
        found: dict[Counter, float] = {}
        for field, value in self._client.hgetall(COUNTERS).items():
            name, labels = msgspec.json.decode(field, type=Counter)
            found[name, labels] = float(value)
        return found

    def note_webhooks(self, counts: Mapping[str, int], at: datetime) -> None:
        """Count events by outcome, and remember when the last one came: all or nothing."""
        with self._client.pipeline(transaction=True) as pipe:
            for outcome, number in counts.items():
                field = msgspec.json.encode(["events", [["outcome", outcome]]])
                pipe.hincrbyfloat(COUNTERS, field.decode(), number)
            pipe.hset(LAST, "webhook", at.isoformat())
            pipe.execute()

    def note_last(self, what: str, text: str) -> None:
        """Remember the latest of something, for `/readyz`."""
        self._client.hset(LAST, what, text)

    def last_words(self) -> Mapping[str, str]:
        """The latest of each."""
        found = self._client.hgetall(LAST)
        return {text_of(name): text_of(text) for name, text in found.items()}

    def record_audit(self, tx: Transaction, outcome: ActionOutcome) -> None:
        """Append to the audit trail."""
        pipe = pipeline_of(tx)
        pipe.lpush(AUDIT, encode(outcome))
        pipe.ltrim(AUDIT, 0, AUDIT_KEPT - 1)

    def audit(self, *, limit: int = 100) -> tuple[ActionOutcome, ...]:
        """The audit trail, newest first."""
        found = self._client.lrange(AUDIT, 0, limit - 1)
        return tuple(item for raw in found if (item := decode(raw, ActionOutcome)) is not None)

    def remember_once(self, name: str, *, ttl: timedelta, value: str = "1") -> str | None:
        """Claim a name for a while: None if it was free, else the value it was claimed with."""
        key = ONCE + name
        # With GET the answer is the value before, which the stubs do not know.
        before = cast("bytes | None", self._client.set(key, value, nx=True, get=True, px=ttl))
        return None if before is None else before.decode()

    def recall_once(self, name: str) -> str | None:
        """What a name is claimed with now; None if it is free."""
        found = self._client.get(ONCE + name)
        return None if found is None else text_of(found)

    def forget_once(self, name: str) -> None:
        """Give a claimed name free: what it was claimed for did not happen."""
        self._client.delete(ONCE + name)

    def note(
        self, name: str, value: bytes, *, ttl: timedelta, tx: Transaction | None = None
    ) -> None:
        """Keep a note under a name for a while, in place of the one before."""
        client = self._client if tx is None else pipeline_of(tx)
        client.set(NOTE + name, value, px=ttl)

    def noted(self, name: str) -> bytes | None:
        """The note under a name."""
        return cast("bytes | None", self._client.get(NOTE + name))

    def drop_note(self, name: str) -> None:
        """Keep a note no longer."""
        self._client.delete(NOTE + name)
