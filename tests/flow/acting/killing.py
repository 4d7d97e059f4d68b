"""A worker that is killed at a chosen step of an action, and the one that takes over."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import redis.exceptions

from tests.flow.acting.conftest import Desk
from workers.act.job import run
from workers.services import Services, install

BESIDE = frozenset({"renew", "take"})
"""Calls that are no step of the action: the heartbeat's, and the one that begins the job."""


@dataclass(slots=True)
class Steps:
    """Counts the calls to everything outside the worker; the last one is not made."""

    left: int
    was_killed: bool = False

    def take(self) -> None:
        """One more step, or death: nothing catches it, as nothing catches a SIGKILL."""
        if self.left == 0:
            self.was_killed = True
            raise redis.exceptions.ConnectionError
        self.left -= 1


class Mortal:
    """A part of the services whose every call is a step."""

    def __init__(self, part: Any, steps: Steps) -> None:
        self._part = part
        self._steps = steps

    def get(self, workspace_id: Any) -> Any:
        """One workspace: asking for it is no step, asking it is one."""
        return Mortal(self._part.get(workspace_id), self._steps)

    def all(self) -> Any:
        """Every workspace, likewise."""
        return tuple(Mortal(item, self._steps) for item in self._part.all())

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._part, name)
        if not callable(value) or name in BESIDE:
            return value
        return self._step(value)

    def _step(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            self._steps.take()
            return call(*args, **kwargs)

        return step


def dies_after(desk: Desk, key: str, *, steps: int) -> bool:
    """Let a worker take the mailbox and die after so many steps; False when it got to the end."""
    counted = Steps(left=steps)
    install(_mortal(desk.services, counted))
    try:
        run(key)
    except redis.exceptions.ConnectionError:
        if not counted.was_killed:
            raise
    install(desk.services)
    return counted.was_killed


def takes_over(desk: Desk, key: str) -> None:
    """Let the dead worker's lease run out, and others do the rest."""
    desk.world.client.hset(f"jobmon:box:act:{key}", "until", 0)
    desk.time_passes()


def _mortal(services: Services, steps: Steps) -> Services:
    parts: dict[str, Any] = {
        name: Mortal(getattr(services, name), steps)
        for name in ("store", "queue", "workspaces", "replies", "directory")
    }
    return replace(services, **parts)
