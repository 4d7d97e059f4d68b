"""Durable mailboxes in Redis, worked off by RQ jobs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import cast

from redis import Redis

from jobmon.ports.queue import DeadLetter, Lease, Message, Pulse, Transaction, Urgency, WorkKind
from jobmon.queue.leases import Leases, client_of
from jobmon.queue.letters import DeadLetters
from jobmon.queue.names import MESSAGES, member_of, seen_key
from jobmon.queue.pulse import PulseReader
from jobmon.queue.put import Put
from jobmon.queue.revival import Revival
from jobmon.queue.timeouts import LEASE, MAX_CRASHES
from jobmon.redis_transaction import begin

TAKEN = "jobmon:taken"
POISON = f"its worker died {MAX_CRASHES + 1} times in the middle of it"

GiveUp = Callable[[Lease, str], None]
"""Ends a lease on messages that are given up, for a reason."""


class RqJobQueue(Leases):
    """Implements `jobmon.ports.queue.JobQueue`; safe for any number of processes."""

    def __init__(self, client: Redis, *, lease: timedelta = LEASE) -> None:
        super().__init__(client, lease=lease)
        self._letters = DeadLetters(client)
        self._put = Put(client)
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
        added = self._put((message,), pipe=client_of(tx), delay=delay, urgency=urgency)
        return tx is not None or added[0]

    def put_all(self, messages: Sequence[Message]) -> tuple[bool, ...]:
        """Add messages as `put` does, all in one round trip; which of them are new."""
        return self._put(messages)

    def has_work(self, kind: WorkKind, key: str) -> bool:
        """Whether messages wait in a mailbox or are worked on."""
        return bool(self._client.exists(MESSAGES + member_of(kind, key)))

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
