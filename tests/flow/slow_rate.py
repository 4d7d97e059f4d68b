"""A rate of outputs at which no look at a large run reads all of it, whatever the time."""

from dataclasses import replace
from datetime import timedelta

from jobmon.databricks.workspaces import SdkWorkspaces
from workers.services import Services, install

WHOLE_DAY = timedelta(days=1)


class SlowRate:
    """Of the slots that somebody has only so long for, every fourth one is too far away."""

    def __init__(self) -> None:
        self._asked = 0

    def reserve(self, bucket: str, *, at_most: timedelta | None = None, **_: object) -> timedelta:
        """Now for who waits in any case, and for most of the others."""
        if at_most is None or "getoutput" not in bucket:
            return timedelta(0)
        self._asked += 1
        return WHOLE_DAY if self._asked % 4 == 0 else timedelta(0)

    def pause(self, *_: object) -> None:
        """Never."""


def slow_down(services: Services) -> None:
    """Work with such a rate from now on."""
    workspaces = SdkWorkspaces(services.settings.workspaces, limiter=SlowRate())
    install(replace(services, workspaces=workspaces))
