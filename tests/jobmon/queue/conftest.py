"""A queue on a real server."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest

from jobmon.ports.queue import Lease, Message, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.redis_answers import text_of
from jobmon.store.client import Client

KEY = "42-7"


def message(name: str, kind: WorkKind = WorkKind.DELIVER, *, key: str = KEY) -> Message:
    """A message with its name as its body."""
    return Message(kind=kind, key=key, message_id=name, body=json.dumps(name).encode())


def names(lease: Lease | None) -> list[str]:
    """What a lease holds."""
    return [item.message_id for item in lease.messages] if lease else []


@dataclass(frozen=True, slots=True)
class Post:
    """The queue, and a look behind it."""

    queue: RqJobQueue
    client: Client

    def jobs(self, name: str = "jobmon-soon") -> int:
        """How many RQ jobs wait."""
        return self.client.llen(f"rq:queue:{name}")

    def take(self, kind: WorkKind = WorkKind.DELIVER, *, key: str = KEY) -> Lease | None:
        """Take the mailbox."""
        return self.queue.take(kind, key)

    def taken(self, kind: WorkKind = WorkKind.DELIVER) -> Lease:
        """Take the mailbox, which has to be free and full."""
        lease = self.take(kind)
        assert lease is not None
        return lease

    def lose_the_jobs(self) -> None:
        """As if a worker had popped them and died."""
        self.client.delete("rq:queue:jobmon-soon", "rq:queue:jobmon-bulk")

    def let_time_pass(self) -> None:
        """Let the keeper's next look at every mailbox be due now, and leases be over."""
        for member in self.client.zrange("jobmon:wake", 0, -1):
            self.client.zadd("jobmon:wake", {text_of(member): 0})
            box = f"jobmon:box:{text_of(member)}"
            if self.client.hexists(box, "until"):
                self.client.hset(box, "until", 0)

    def let_delays_pass(self) -> None:
        """Let every message be due, and the keeper find that."""
        for mailbox in self.client.scan_iter("jobmon:messages:*"):
            for index, stored in enumerate(self.client.lrange(mailbox, 0, -1)):
                self.client.lset(mailbox, index, "0 " + text_of(stored).split(" ", 1)[1])
        self.let_time_pass()
        self.queue.revive()


@pytest.fixture
def post(client: Client) -> Post:
    return Post(RqJobQueue(client), client)


@pytest.fixture
def hasty(client: Client) -> RqJobQueue:
    """A queue whose leases end almost at once."""
    return RqJobQueue(client, lease=timedelta(milliseconds=30))
