"""How the queue is doing, from a bounded number of reads."""

from datetime import UTC, datetime

from redis import Redis

from jobmon.ports.queue import Pulse, WorkKind
from jobmon.queue.letters import KEPT, ask_how_many
from jobmon.redis_answers import text_of

LOOKS = 200


def read_pulse(client: Redis, *, wake: str, messages: str, keeper: str) -> Pulse:
    """Look at the mailboxes whose time comes first, and at who is alive."""
    seconds, micros = client.time()
    now = (int(seconds) * 1_000_000 + int(micros)) / 1000
    members = [text_of(item) for item in client.zrange(wake, 0, LOOKS - 1)]
    with client.pipeline(transaction=False) as pipe:
        pipe.exists(keeper)
        pipe.zcard(wake)
        pipe.smembers("rq:workers")
        ask_how_many(pipe, now=datetime.fromtimestamp(now / 1000, UTC))
        for member in members:
            pipe.lindex(messages + member, 0)
        alive, mailboxes, registered, *answers = pipe.execute()
    dead, firsts = answers[: len(KEPT)], answers[len(KEPT) :]
    # A killed worker stays registered, but its own key runs out.
    workers = client.exists(*registered) if registered else 0
    ages: dict[bool, list[float]] = {True: [], False: []}
    for member, first in zip(members, firsts, strict=True):
        due = float(first.split(b" ", 1)[0]) if first else now
        if due <= now and first:
            ages[member.startswith(WorkKind.DELIVER)].append((now - due) / 1000)
    return Pulse(
        workers=int(workers),
        keeper=bool(alive),
        mailboxes=int(mailboxes),
        oldest_waiting_seconds=max(ages[True] + ages[False], default=None),
        oldest_undelivered_seconds=max(ages[True], default=None),
        dead_letters=sum(map(int, dead)),
    )
