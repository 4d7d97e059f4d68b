"""Waking mailboxes whose time has come, or whose worker or job was lost."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from redis import Redis

from jobmon.errors import JobmonError
from jobmon.ports.queue import WorkKind
from jobmon.queue.functions import urgency_of
from jobmon.queue.job_hash import wake_job
from jobmon.queue.names import BOX, MESSAGES, WAITING, WAKE, milliseconds
from jobmon.queue.scripts import REVIVE
from jobmon.queue.timeouts import LOST_JOB_AFTER, MAX_CRASHES
from jobmon.redis_answers import text_of

log = structlog.get_logger()

UNREADABLE_PAUSE = timedelta(hours=1)

Poison = Callable[[WorkKind, str], None]


class Revival:
    """Looks at the mailboxes that are due; `poison` is called for one that kills its workers."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._script = client.register_script(REVIVE)

    def __call__(self, *, limit: int, poison: Poison) -> int:
        """How many mailboxes were woken."""
        seconds, micros = self._client.time()
        now = int(seconds) * 1000 + int(micros) // 1000
        due = self._client.zrangebyscore(WAKE, "-inf", now, start=0, num=limit)
        return sum(self._look_at(text_of(member), now, poison) for member in due)

    def _look_at(self, member: str, now: int, poison: Poison) -> bool:
        try:
            return self._wake(member, poison)
        except (ValueError, JobmonError):
            # Written by another version perhaps: it may not keep the others from waking.
            log.error("mailbox.unreadable", mailbox=member)  # noqa: TRY400
            self._client.zadd(WAKE, {member: now + milliseconds(UNREADABLE_PAUSE)})
            return False

    def _wake(self, member: str, poison: Poison) -> bool:
        name, _, key = member.partition(":")
        kind = WorkKind(name)
        urgency = urgency_of(text_of(self._client.hget(BOX + member, "queue") or b""))
        answer = self._script(
            keys=[BOX + member, MESSAGES + member, WAKE, WAITING + member],
            args=[member, milliseconds(LOST_JOB_AFTER), MAX_CRASHES, *wake_job(kind, key, urgency)],
        )
        if answer == b"poison":
            poison(kind, key)
        return bool(answer == b"woken")
