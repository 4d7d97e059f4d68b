"""Leases of mailboxes: one worker at a time has one, with the messages that are due."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import cast

from redis import Redis
from redis.client import Pipeline

from jobmon.ports.queue import Lease, LeaseLost, Message, Transaction, Urgency, WorkKind
from jobmon.queue import scripts
from jobmon.queue.functions import QUEUE_NAMES, urgency_of
from jobmon.queue.job_hash import wake_job
from jobmon.queue.names import BOX, MESSAGES, WAITING, WAKE, member_of, milliseconds, timestamp
from jobmon.queue.stored import head_of, message_from
from jobmon.queue.timeouts import LEASE, LOST_JOB_AFTER
from jobmon.redis_answers import text_of

MOST_AT_ONCE = 500


class Leases:
    """Takes leases, keeps them, and gives them back with what is done or not."""

    def __init__(self, client: Redis, *, lease: timedelta = LEASE) -> None:
        self._client = client
        self._lease_ms = milliseconds(lease)
        self._take = client.register_script(scripts.TAKE)
        self._renew = client.register_script(scripts.RENEW)
        self._done = client.register_script(scripts.DONE)
        self._drop = client.register_script(scripts.DROP)
        self._later = client.register_script(scripts.LATER)

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
            client=client_of(tx) or self._client,
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


def client_of(tx: Transaction | None) -> Pipeline | None:
    """What a transaction's commands go to; None where there is none."""
    return cast("Pipeline | None", tx)
