"""What the scheduler does by the clock: sweeps, the heartbeat, and an alarm about ourselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from jobmon.digest import Destination
from jobmon.ports.queue import DeadLetter, Pulse, Urgency
from jobmon.readiness import OLDEST_UNDELIVERED_SECONDS, problems_of
from jobmon.run import WorkspaceId
from jobmon.settings import WorkspaceSettings
from workers.alarm import alarm
from workers.failing import failing_since, refusing
from workers.heartbeat import Heart
from workers.services import Services
from workers.sweep import sweep_message

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
ALARM_AT_MOST_EVERY = timedelta(hours=1)
LETTERS_LOOKED_AT = 50
AT_START = timedelta(seconds=10)


class Watch:
    """Called every second by the keeper; keeps to its own, slower clock."""

    def __init__(
        self, services: Services, *, heart: Heart, swept: Sequence[WorkspaceSettings]
    ) -> None:
        self._services = services
        self._heart = heart
        self._swept = tuple(swept)
        self._period = -1
        self._looked: datetime | None = None

    def __call__(self, now: datetime) -> None:
        """Do what is due."""
        self._ask_for_sweeps(now)
        if self._looked is None or now - self._looked >= EVERY:
            since, self._looked = self._looked, now
            self._look(now, since=since)

    def _ask_for_sweeps(self, now: datetime) -> None:
        """At the start, whatever was asked before, and then once in each period."""
        every = self._services.settings.policy.sweep_every
        period = int(now.timestamp() // every.total_seconds())
        if period == self._period:
            return
        length = AT_START if self._period < 0 else every
        for item in self._swept:
            workspace_id = WorkspaceId(item.workspace_id) if item.workspace_id else None
            message = sweep_message(workspace_id, at=now, every=length)
            self._services.queue.put(message, urgency=Urgency.BULK)
        self._period = period

    def _look(self, now: datetime, *, since: datetime | None) -> None:
        pulse = self._services.queue.pulse()
        letters = [
            letter
            for letter in self._services.queue.dead_letters(limit=LETTERS_LOOKED_AT)
            if now - letter.died_at < ALARM_AT_MOST_EVERY
        ]
        failing = failing_since(self._services.store.last_words(), since or now - EVERY) | refusing(
            letters
        )
        undelivered = (pulse.oldest_undelivered_seconds or 0) > OLDEST_UNDELIVERED_SECONDS
        if letters or undelivered:
            self._raise_alarm(pulse, letters, failing, now=now)
        # The keeper itself is the one who calls: its own sign of life comes right after.
        problems = [text for text in problems_of(pulse) if not text.startswith("no scheduler")]
        if (problems or undelivered) and since is None:
            log.debug("watch.starting", problems=problems)  # workers start when we do
        elif problems or undelivered:
            log.warning("watch.not_well", problems=problems, undelivered=undelivered)
        else:
            self._heart.beat()

    def _raise_alarm(
        self,
        pulse: Pulse,
        letters: list[DeadLetter],
        failing: frozenset[Destination],
        *,
        now: datetime,
    ) -> None:
        if self._services.store.remember_once("alarm-trouble", ttl=ALARM_AT_MOST_EVERY) is not None:
            return
        alarm(
            self._services,
            about="jobmon",
            text=_in_words(pulse, letters, failing),
            now=now,
            failing=failing,
        )


def _in_words(pulse: Pulse, letters: list[DeadLetter], failing: frozenset[Destination]) -> str:
    parts = []
    if (pulse.oldest_undelivered_seconds or 0) > OLDEST_UNDELIVERED_SECONDS:
        minutes = round((pulse.oldest_undelivered_seconds or 0) / 60)
        parts.append(f"The oldest undelivered message has waited for {minutes} minutes.")
    if letters:
        parts.append(f"{len(letters)} messages were given up within the last hour:")
        reasons = dict.fromkeys(
            f"{letter.message.kind}: {letter.reason[:200]}" for letter in letters
        )
        parts += [f"• {reason}" for reason in list(reasons)[:5]]
    if failing:
        parts.append(f"Not taking messages: {', '.join(sorted(map(str, failing)))}.")
    parts.append("`/readyz` says more; `jobmon replay` sends given-up messages again.")
    return "\n".join(parts)
