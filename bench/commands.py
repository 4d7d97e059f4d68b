"""Slash commands on their way from the queue to the answer, without anything outside."""

import logging
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from time import perf_counter
from typing import Any

from bench.stored import FIRST, WORKSPACE
from jobmon.action import Action, Actor
from jobmon.command import Command, parse_command
from jobmon.diagnosis import TaskFailure
from jobmon.local_limiter import LocalLimiter
from jobmon.log import configure_logging
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.run import JobId, Outcome, Run, RunId, WorkspaceId
from jobmon.settings import Settings
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore
from rules.ruleset import RuleSet
from webhook.asked import message_of
from workers.act.job import run
from workers.services import Services, install

CHANNEL = "C0123456789"
TIMES = 7
COMMANDS = (
    "incidents", "status", "status of the oldest job", "status of the oldest incident", "runs",
    "diagnose", "ack (refused)",
)  # fmt: skip
_ids = count(1)


@dataclass(frozen=True, slots=True)
class Instant:
    """A workspace that answers at once."""

    workspace_id: WorkspaceId = WORKSPACE

    def get(self, _: object) -> "Instant":
        return self

    def all(self) -> tuple["Instant", ...]:
        return (self,)

    def run(self, run_id: RunId) -> Run:
        return Run(
            workspace_id=self.workspace_id, run_id=run_id, job_id=JobId(1), job_name="job_1",
            outcome=Outcome.SUCCEEDED, started_at=datetime.now(UTC),
        )  # fmt: skip

    def soft_failures(self, _: Run) -> Iterator[TaskFailure]:
        return iter(())

    def group_members(self, _: str) -> frozenset[str]:
        return frozenset()

    def runs_of(self, _: object, *, limit: int) -> tuple[Run, ...]:
        return tuple(self.run(RunId(number + 1)) for number in range(limit))


@dataclass(slots=True)
class Heard:
    """The answers."""

    texts: list[str] = field(default_factory=list)

    def reply(self, _url: str, text: str, **_: object) -> None:
        self.texts.append(text)


def answered(client: Client, ruleset: RuleSet, *, stored: int) -> dict[str, float]:
    """Median milliseconds of each command, at this many stored incidents."""
    heard, instant = Heard(), Instant()
    outside: dict[str, Any] = {"workspaces": instant, "replies": heard, "directory": instant}
    services = Services(
        settings=Settings(), queue=RqJobQueue(client), store=RedisStore(client),
        notifier=lambda _: outside["directory"], limiter=LocalLimiter(), ruleset=ruleset,
        **outside,
    )  # fmt: skip
    install(services)
    configure_logging(level=logging.ERROR)
    # The first that was stored is the oldest, and still open; without any, the one of the events.
    name = f"job_{FIRST}" if stored else f"job_{FIRST * 5 + 1}"
    oldest = services.store.incidents_named(name)[0].incident_id
    asked = {
        "incidents": "incidents",
        "status": "status",
        "status of the oldest job": f"status {name}",
        "status of the oldest incident": f"status {oldest}",
        "runs": "runs",
        "diagnose": "diagnose 17",
        "ack (refused)": f"ack {oldest}",
    }
    return {
        label: statistics.median(_one(services, heard, text) for _ in range(TIMES))
        for label, text in asked.items()
    }


def _one(services: Services, heard: Heard, text: str) -> float:
    command = parse_command(text)
    if not isinstance(command, Command):
        raise TypeError(text)
    actor = Actor(user_id="U0BENCH0001", channel_id=CHANNEL)
    action = Action(
        action_id=f"a-bench-{next(_ids)}", kind=command.kind, actor=actor,
        asked_at=datetime.now(UTC), target=command.target, response_url="https://answers",
    )  # fmt: skip
    before, began = len(heard.texts), perf_counter()
    message = message_of(action, key=f"channel-{CHANNEL}")
    services.queue.put(message, delay=timedelta(0))
    run(message.key)
    taken = (perf_counter() - began) * 1000
    if len(heard.texts) == before:
        raise RuntimeError(f"{text} was not answered")
    return taken
