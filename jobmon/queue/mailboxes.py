"""Durable mailboxes in Redis, worked off by RQ jobs."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import cast

import msgspec
from redis import Redis
from redis.client import Pipeline

from jobmon.ports.queue import (
    DeadLetter,
    Lease,
    Message,
    Pulse,
    Transaction,
    Urgency,
    WorkKind,
)
from jobmon.queue import scripts
from jobmon.queue.job_hash import wake_job
from jobmon.queue.timeouts import (
    EVENT_SEEN_FOR,
    LEASE,
    LOST_JOB_AFTER,
    MAX_CRASHES,
    SEEN_FOR,
)

BOX = "jobmon:box:"
MESSAGES = "jobmon:messages:"
WAKE = "jobmon:wake"
SEEN = "jobmon:seen:"
DEAD = "jobmon:dead"
LETTER = "jobmon:letter:"
KEEPER = "jobmon:keeper"
PULSE_LOOKS = 200
DEAD_KEPT = timedelta(days=90)

_SEEN_FOR = {WorkKind.DIAGNOSE: EVENT_SEEN_FOR}


class _Stored(msgspec.Struct):
    id: str
    body: msgspec.Raw


class _Letter(msgspec.Struct):
    kind: WorkKind
    key: str
    message_id: str
    body: msgspec.Raw
    reason: str
    died_at: datetime
    attempts: int


class RqJobQueue:
    """Implements `jobmon.ports.queue.JobQueue`; safe for any number of processes."""

    def __init__(self, client: Redis, *, lease: timedelta = LEASE) -> None:
        self._client = client
        self._lease_ms = _ms(lease)
        self._put = client.register_script(scripts.PUT)
        self._take = client.register_script(scripts.TAKE)
        self._renew = client.register_script(scripts.RENEW)
        self._done = client.register_script(scripts.DONE)
        self._later = client.register_script(scripts.LATER)
        self._revive = client.register_script(scripts.REVIVE)

    def put(
        self,
        message: Message,
        *,
        tx: Transaction | None = None,
        delay: timedelta = timedelta(0),
        urgency: Urgency = Urgency.SOON,
    ) -> bool:
        """Add a message and wake a worker; one round trip.

        False when the message id is known already. Inside a transaction the answer is not known
        yet and is True.
        """
        member = _member(message.kind, message.key)
        stored = msgspec.json.encode(_Stored(message.message_id, msgspec.Raw(message.body)))
        queue_name, job_id, fields = wake_job(message.kind, message.key, urgency)
        seen = f"{SEEN}{message.kind}:{message.message_id}"
        seen_ms = _ms(_SEEN_FOR.get(message.kind, SEEN_FOR))
        added = self._put(
            keys=[BOX + member, MESSAGES + member, WAKE, seen],
            args=[
                member, stored, seen_ms, _ms(delay), _ms(LOST_JOB_AFTER),
                queue_name, job_id, *fields,
            ],
            client=_client_of(tx) or self._client,
        )  # fmt: skip
        return tx is not None or bool(added)

    def take(self, kind: WorkKind, key: str) -> Lease | None:
        """Lease a mailbox with its messages, oldest first; None when empty or leased already."""
        member = _member(kind, key)
        token = secrets.token_hex(8)
        answer = self._take(
            keys=[BOX + member, MESSAGES + member, WAKE], args=[member, token, self._lease_ms]
        )
        if not answer:
            return None
        attempt, expires, raw = answer
        return Lease(
            kind=kind,
            key=key,
            token=token,
            messages=tuple(_message(kind, key, item) for item in raw),
            attempt=int(attempt),
            expires_at=datetime.fromtimestamp(int(expires) / 1000, UTC),
        )

    def renew(self, lease: Lease) -> bool:
        """Extend a lease; False when it was lost."""
        member = _member(lease.kind, lease.key)
        return bool(
            self._renew(keys=[BOX + member, WAKE], args=[member, lease.token, self._lease_ms])
        )

    def done(self, lease: Lease, *, tx: Transaction | None = None) -> None:
        """Drop the lease's messages; wakes again when more came meanwhile."""
        member = _member(lease.kind, lease.key)
        queue_name, job_id, fields = wake_job(lease.kind, lease.key, Urgency.SOON)
        self._done(
            keys=[BOX + member, MESSAGES + member, WAKE],
            args=[member, lease.token, _ms(LOST_JOB_AFTER), queue_name, job_id, *fields],
            client=_client_of(tx) or self._client,
        )

    def later(self, lease: Lease, *, delay: timedelta, reason: str) -> None:
        """Give the messages back, to be tried again after `delay`."""
        member = _member(lease.kind, lease.key)
        self._later(keys=[BOX + member, WAKE], args=[member, lease.token, _ms(delay), reason[:500]])

    def bury(self, lease: Lease, *, reason: str, message_ids: Iterable[str] | None = None) -> None:
        """Make dead letters of the lease's messages and end it.

        With `message_ids` only those become dead letters, and the lease goes on.
        """
        wanted = None if message_ids is None else frozenset(message_ids)
        pipe = self._client.pipeline(transaction=True)
        now = datetime.now(UTC)
        for message in lease.messages:
            if wanted is None or message.message_id in wanted:
                _write_letter(pipe, message, reason=reason, now=now, attempts=lease.attempt)
        if wanted is None:
            self.done(lease, tx=cast("Transaction", pipe))
        pipe.execute()

    def dead_letters(self, *, limit: int = 100) -> tuple[DeadLetter, ...]:
        """The dead letters, newest first."""
        ids = [item.decode() for item in self._client.zrevrange(DEAD, 0, limit - 1)]
        found = self._client.mget([LETTER + item for item in ids]) if ids else []
        return tuple(
            _dead_letter(letter_id, raw) for letter_id, raw in zip(ids, found, strict=True) if raw
        )

    def replay(self, letter_id: str) -> bool:
        """Put a dead letter back into its mailbox; False when it is gone."""
        raw = self._client.get(LETTER + letter_id)
        if raw is None:
            return False
        message = _dead_letter(letter_id, raw).message
        pipe = self._client.pipeline(transaction=True)
        pipe.delete(LETTER + letter_id, f"{SEEN}{message.kind}:{message.message_id}")
        pipe.zrem(DEAD, letter_id)
        self.put(message, tx=cast("Transaction", pipe))
        pipe.execute()
        return True

    def pulse(self) -> Pulse:
        """How the queue is doing; the oldest mailboxes are looked at, not all of them."""
        seconds, micros = self._client.time()
        now = (int(seconds) * 1_000_000 + int(micros)) / 1000
        members = self._client.zrange(WAKE, 0, PULSE_LOOKS - 1)
        with self._client.pipeline(transaction=False) as pipe:
            pipe.exists(KEEPER)
            pipe.zcard(WAKE)
            pipe.zcard(DEAD)
            pipe.smembers("rq:workers")
            for member in members:
                pipe.lindex(MESSAGES + member.decode(), 0)
            keeper, mailboxes, dead, registered, *firsts = pipe.execute()
        # A killed worker stays registered, but its own key runs out.
        workers = self._client.exists(*registered) if registered else 0
        ages: dict[bool, list[float]] = {True: [], False: []}
        for member, first in zip(members, firsts, strict=True):
            due = float(first.split(b" ", 1)[0]) if first else now
            if due <= now and first:
                is_delivery = member.startswith(WorkKind.DELIVER.encode())
                ages[is_delivery].append((now - due) / 1000)
        return Pulse(
            workers=int(workers),
            keeper=bool(keeper),
            mailboxes=int(mailboxes),
            oldest_waiting_seconds=max(ages[True] + ages[False], default=None),
            oldest_undelivered_seconds=max(ages[True], default=None),
            dead_letters=int(dead),
        )

    def say_keeper_lives(self) -> None:
        """Leave a sign of life of the keeper, for `/readyz`."""
        self._client.set(KEEPER, datetime.now(UTC).timestamp(), ex=60)

    def revive(self, *, limit: int = 500) -> int:
        """Wake every mailbox whose time has come or whose worker or job was lost; how many.

        Safe to be called by any number of processes at once.
        """
        seconds, micros = self._client.time()
        now = int(seconds) * 1000 + int(micros) // 1000
        due = self._client.zrangebyscore(WAKE, "-inf", now, start=0, num=limit)
        return sum(self._revive_one(member.decode()) for member in due)

    def _revive_one(self, member: str) -> bool:
        name, _, key = member.partition(":")
        kind = WorkKind(name)
        urgency = Urgency.BULK if kind is WorkKind.SWEEP else Urgency.SOON
        queue_name, job_id, fields = wake_job(kind, key, urgency)
        answer = self._revive(
            keys=[BOX + member, MESSAGES + member, WAKE],
            args=[member, _ms(LOST_JOB_AFTER), MAX_CRASHES, queue_name, job_id, *fields],
        )
        if answer == b"poison":
            self._bury_poison(kind, key)
        return bool(answer == b"woken")

    def _bury_poison(self, kind: WorkKind, key: str) -> None:
        lease = self.take(kind, key)
        if lease is not None:
            self.bury(lease, reason=f"its worker died {MAX_CRASHES + 1} times in the middle of it")


def _member(kind: WorkKind, key: str) -> str:
    return f"{kind}:{key}"


def _message(kind: WorkKind, key: str, raw: bytes) -> Message:
    stored = msgspec.json.decode(raw.split(b" ", 2)[2], type=_Stored)
    return Message(kind=kind, key=key, message_id=stored.id, body=bytes(stored.body))


def _write_letter(
    pipe: Pipeline, message: Message, *, reason: str, now: datetime, attempts: int
) -> None:
    letter_id = secrets.token_hex(6)
    letter = _Letter(
        kind=message.kind,
        key=message.key,
        message_id=message.message_id,
        body=msgspec.Raw(message.body),
        reason=reason[:1000],
        died_at=now,
        attempts=attempts,
    )
    pipe.set(LETTER + letter_id, msgspec.json.encode(letter), ex=DEAD_KEPT)
    pipe.zadd(DEAD, {letter_id: now.timestamp()})
    pipe.zremrangebyscore(DEAD, "-inf", (now - DEAD_KEPT).timestamp())


def _dead_letter(letter_id: str, raw: bytes) -> DeadLetter:
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


def _client_of(tx: Transaction | None) -> Pipeline | None:
    return cast("Pipeline | None", tx)


def _ms(duration: timedelta) -> int:
    return max(0, round(duration.total_seconds() * 1000))
