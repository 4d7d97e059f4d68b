"""Putting messages into mailboxes: any number of them in one round trip."""

from collections.abc import Sequence
from datetime import timedelta

from redis import Redis
from redis.client import Pipeline

from jobmon.ports.queue import Message, Urgency
from jobmon.queue.job_hash import wake_job
from jobmon.queue.names import (
    BOX,
    KNOWN_WHILE_IT_WAITS,
    MESSAGES,
    WAKE,
    member_of,
    milliseconds,
    seen_key,
)
from jobmon.queue.scripts import PUT
from jobmon.queue.stored import stored
from jobmon.queue.timeouts import LOST_JOB_AFTER, SEEN_FOR

_SEEN_FOR, _LOST_AFTER = milliseconds(SEEN_FOR), milliseconds(LOST_JOB_AFTER)


class Put:
    """Adds messages and wakes a worker for each mailbox that has none."""

    def __init__(self, client: Redis) -> None:
        self._script = client.register_script(PUT)

    def __call__(
        self,
        messages: Sequence[Message],
        *,
        pipe: Pipeline | None = None,
        delay: timedelta = timedelta(0),
        urgency: Urgency = Urgency.SOON,
    ) -> tuple[bool, ...]:
        """Whether each message is new; meaningless when the commands go into a pipeline."""
        keys, delay_ms = [WAKE], milliseconds(delay)
        args: list[str | bytes | int] = [_LOST_AFTER]
        for message in messages:
            member = member_of(message.kind, message.key)
            seen_ms = 0 if message.kind in KNOWN_WHILE_IT_WAITS else _SEEN_FOR
            keys += BOX + member, MESSAGES + member, seen_key(message)
            args += member, stored(message), message.message_id, seen_ms, delay_ms
            args += wake_job(message.kind, message.key, urgency)
        answer = self._script(keys=keys, args=args, client=pipe)
        return () if pipe is not None else tuple(map(bool, answer))
