"""Durable mailboxes in Redis, worked off by RQ jobs."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

from redis import Redis
from redis.client import Pipeline

from jobmon.ports.queue import (
    DeadLetter,
    Lease,
    LeaseLost,
    Message,
    Pulse,
    Transaction,
    Urgency,
    WorkKind,
)
from jobmon.queue import scripts
from jobmon.queue.functions import QUEUE_NAMES, urgency_of
from jobmon.queue.job_hash import wake_job
from jobmon.queue.letters import DeadLetters
from jobmon.queue.names import (
    BOX,
    MESSAGES,
    WAITING,
    WAKE,
    member_of,
    milliseconds,
    seen_key,
    timestamp,
)
from jobmon.queue.pulse import PulseReader
from jobmon.queue.put import Put
from jobmon.queue.revival import Revival
from jobmon.queue.stored import head_of, message_from
from jobmon.queue.timeouts import LEASE, LOST_JOB_AFTER, MAX_CRASHES
from jobmon.redis_answers import text_of
from jobmon.redis_transaction import begin

MOST_AT_ONCE = 500
TAKEN = "jobmon:taken"
POISON = f"its worker died {MAX_CRASHES + 1} times in the middle of it"

GiveUp = Callable[[Lease, str], None]
"""Ends a lease on messages that are given up, for a reason."""


class RqJobQueue:
    """Implements `jobmon.ports.queue.JobQueue`; safe for any number of processes."""

    def __init__(self, client: Redis, *, lease: timedelta = LEASE) -> None:
        self._client = client
        self._lease_ms = milliseconds(lease)
        self._letters = DeadLetters(client)
        self._put = Put(client)
        self._take = client.register_script(scripts.TAKE)
        self._renew = client.register_script(scripts.RENEW)
        self._done = client.register_script(scripts.DONE)
        self._drop = client.register_script(scripts.DROP)
        self._later = client.register_script(scripts.LATER)
        self._revive = Revival(client)
        self._pulse = PulseReader(client)

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
        added = self._put((message,), pipe=_client_of(tx), delay=delay, urgency=urgency)
        return tx is not None or added[0]

    def put_all(self, messages: Sequence[Message]) -> tuple[bool, ...]:
        """Add messages as `put` does, all in one round trip; which of them are new."""
        return self._put(messages)

    def take(self, kind: WorkKind, key: str) -> Lease | None:
        """Lease a mailbox with its messages, oldest first; None when empty or leased already."""
        return self._taken(kind, key, token=secrets.token_hex(8))

    def _taken(self, kind: WorkKind, key: str, *, token: str) -> Lease | None:
        """The lease of this token, new or as far as it is not worked off yet."""
        member = member_of(kind, key)
        answer = self._take(
            keys=[BOX + member, MESSAGES + member, WAKE, WAITING + member],
            args=[member, token, self._lease_ms, MOST_AT_ONCE],
        )
        if not answer:
            return None
        attempt, began, raw, queue = answer
        return Lease(
            kind=kind,
            key=key,
            token=token,
            messages=tuple(message_from(kind, key, item) for item in raw),
            attempt=int(attempt),
            began_at=datetime.fromtimestamp(int(began) / 1000, UTC),
            urgency=urgency_of(text_of(queue)),
        )

    def has_work(self, kind: WorkKind, key: str) -> bool:
        """Whether messages wait in a mailbox or are worked on."""
        return bool(self._client.exists(MESSAGES + member_of(kind, key)))

    def renew(self, lease: Lease) -> bool:
        """Extend a lease; False when it was lost."""
        member = member_of(lease.kind, lease.key)
        return bool(
            self._renew(keys=[BOX + member, WAKE], args=[member, lease.token, self._lease_ms])
        )

    def hold(self, lease: Lease) -> None:
        """Renew a lease before something that may happen only once; raises LeaseLost."""
        if not self.renew(lease):
            raise LeaseLost("another worker has taken over this mailbox")

    def done(self, lease: Lease, *, tx: Transaction | None = None) -> None:
        """Drop the lease's messages; wakes again when more came meanwhile.

        With a transaction raises LeaseLost, before anything is written, when the lease was lost.
        """
        if tx is not None:
            self.hold(lease)
        member = member_of(lease.kind, lease.key)
        job = wake_job(lease.kind, lease.key, Urgency.SOON)
        later = QUEUE_NAMES[Urgency.BULK if lease.kind is WorkKind.DELIVER else Urgency.SOON]
        self._done(
            keys=[BOX + member, MESSAGES + member, WAKE],
            args=[member, lease.token, milliseconds(LOST_JOB_AFTER), later, *job],
            client=_client_of(tx) or self._client,
        )

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

        Who `got_on` was no failed try: the next one is a first one again.
        """
        member = member_of(lease.kind, lease.key)
        state = "in_line" if in_line else "backing_off"
        where = QUEUE_NAMES[urgency] if urgency else ""
        args = (member, lease.token, milliseconds(delay), state, where, int(got_on))
        self._later(keys=[BOX + member, MESSAGES + member, WAKE], args=args)

    def drop(self, lease: Lease, message_ids: Iterable[str]) -> None:
        """Forget messages of a lease that are done; the lease goes on with the others."""
        self._take_out(lease, frozenset(message_ids), due="")

    def postpone(self, lease: Lease, message_ids: Iterable[str], *, until: datetime) -> None:
        """Take messages out of a lease until their time comes; the lease goes on."""
        self._take_out(lease, frozenset(message_ids), due=str(timestamp(until)))

    def _take_out(
        self, lease: Lease, ids: frozenset[str], *, due: str, client: Pipeline | None = None
    ) -> None:
        heads = [head_of(item) for item in lease.messages if item.message_id in ids]
        member = member_of(lease.kind, lease.key)
        self._drop(
            keys=[BOX + member, MESSAGES + member],
            args=[lease.token, due, *heads],
            client=client or self._client,
        )

    def to_come(self, lease: Lease) -> tuple[Message, ...]:
        """What waits in a lease's mailbox besides its messages: not due yet, or put since."""
        member = member_of(lease.kind, lease.key)
        taken = int(self._client.hget(BOX + member, "taken") or 0)
        found = self._client.lrange(MESSAGES + member, taken, taken + MOST_AT_ONCE - 1)
        stored = cast("list[bytes]", found)
        return tuple(message_from(lease.kind, lease.key, item) for item in stored)

    def bury(self, lease: Lease, *, reason: str, message_ids: Iterable[str] | None = None) -> None:
        """Make dead letters of the messages that are left in the lease, and end it.

        With `message_ids` only those become dead letters, and the lease goes on.
        """
        self.hold(lease)
        wanted = None if message_ids is None else frozenset(message_ids)
        held = self._taken(lease.kind, lease.key, token=lease.token)
        left = held.messages if held else ()
        dying = [item for item in left if wanted is None or item.message_id in wanted]
        with self._client.pipeline(transaction=True) as pipe:
            begin(pipe)
            for message in dying:
                self._letters.write(pipe, message, reason=reason, tries=lease.attempt)
            if wanted is None:
                self.done(lease, tx=cast("Transaction", pipe))
            else:
                self._take_out(lease, wanted, due="", client=pipe)
            pipe.execute()

    def dead_letters(self, *, limit: int = 100) -> tuple[DeadLetter, ...]:
        """The dead letters, newest first."""
        return self._letters.listed(limit=limit)

    def each_dead_letter(self) -> Iterator[DeadLetter]:
        """Every dead letter that is there now, newest first."""
        return self._letters.each()

    def replay(self, letter_id: str) -> bool:
        """Put a dead letter back into its mailbox; False when it is gone."""
        letter = self._letters.read(letter_id)
        if letter is None:
            return False
        with self._client.pipeline(transaction=True) as pipe:
            begin(pipe)
            pipe.delete(seen_key(letter.message))
            self._letters.drop(pipe, letter_id)
            self.put(letter.message, tx=cast("Transaction", pipe))
            pipe.execute()
        return True

    def ping(self) -> None:
        """Find out whether anything is taken; raises what the client raises when not."""
        self._client.set(TAKEN, "1", ex=60)  # a Redis that is full answers a PING

    def pulse(self) -> Pulse:
        """How the queue is doing, from a bounded number of reads."""
        return self._pulse()

    def say_keeper_lives(self) -> None:
        """Leave a sign of life of the keeper, for `/readyz`."""
        self._pulse.say_keeper_lives()

    def revive(self, *, limit: int = 500, give_up: GiveUp | None = None) -> int:
        """Wake every mailbox whose time has come or whose worker or job was lost; how many.

        One that kills its workers is given to `give_up` with the reason, which ends the lease;
        without it, its messages become dead letters. Safe to be called by any number of processes
        at once.
        """

        def end(kind: WorkKind, key: str) -> None:
            lease = self.take(kind, key)
            if lease is not None:
                (give_up or self._bury)(lease, POISON)

        return self._revive(limit=limit, poison=end)

    def _bury(self, lease: Lease, reason: str) -> None:
        self.bury(lease, reason=reason)


def _client_of(tx: Transaction | None) -> Pipeline | None:
    return cast("Pipeline | None", tx)
