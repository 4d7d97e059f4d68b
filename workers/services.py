"""Everything a job needs, built once for a worker process."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep

from jobmon.clock import utc_now
from jobmon.digest import Destination
from jobmon.ports.notifier import Notifier, RateLimiter
from jobmon.ports.people import Directory, Replies
from jobmon.ports.queue import JobQueue
from jobmon.ports.store import Store
from jobmon.ports.workspace import Workspaces
from jobmon.settings import Settings
from rules.ruleset import RuleSet


def wait(duration: timedelta) -> None:
    """Wait in the job; only for what is shorter than a lease."""
    sleep(duration.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts that use cases work with."""

    settings: Settings
    queue: JobQueue
    store: Store
    workspaces: Workspaces
    notifier: Callable[[Destination], Notifier]
    limiter: RateLimiter
    replies: Replies
    directory: Directory
    ruleset: RuleSet
    now: Callable[[], datetime] = utc_now
    sleep: Callable[[timedelta], None] = wait
    done_memory: timedelta = timedelta(days=7)
    details_after: timedelta = timedelta(seconds=1)
    """How long after a message its attachments follow, so that no other message waits for them."""
    second_request_window: timedelta = timedelta(minutes=10)
    """How long a request waits for the second one that it takes: another person's, or the same
    person's who was asked whether it is meant."""


_current: list[Services] = []


def install(services: Services) -> None:
    """Make these the services of the jobs of this process."""
    _current[:] = [services]


def current() -> Services:
    """The services of this worker process.

    Raises RuntimeError outside of a worker, where nothing was installed.
    """
    if not _current:
        raise RuntimeError("no services: jobs run in `jobmon worker`, which installs them")
    return _current[0]
