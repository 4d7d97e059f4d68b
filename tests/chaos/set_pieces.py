"""Faults that take a while: each is planned a few times in a campaign, among the others."""

import random
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from jobmon.demo.workspace.faults import Fault, FaultKind
from tests.chaos.house import House

SetPiece = Callable[[House, random.Random], None]

A_MINUTE = 60.0
DISK_FULL = 8.0
DOWN_CALLS = 12
never = threading.Event()


def redis_away_for_a_minute(house: House, rng: random.Random) -> None:
    """Events go to the spool; the web server is killed with it, and all of its own workers."""
    with _away(house):
        never.wait(A_MINUTE * rng.uniform(0.2, 0.4))
        house.kill(house.pids("web"))
        never.wait(A_MINUTE * 0.3)
        house.kill(house.web_children())
        never.wait(A_MINUTE * 0.35)


def disk_full(house: House, rng: random.Random) -> None:
    """Redis is away, and the web server's disk takes nothing: events are refused."""
    with _away(house), _no_room(house):
        never.wait(DISK_FULL * rng.uniform(0.8, 1.2))


def redis_restarted(house: House, _rng: random.Random) -> None:
    """Redis is stopped as an operator stops it, and started again."""
    house.redis.stop()
    house.redis.start()


def deploy(house: House, _rng: random.Random) -> None:
    """Every process is told to end, and started anew."""
    for pids in house.supervisor.pids().values():
        house.kill(pids, signal.SIGTERM)


def slack_down(house: House, _rng: random.Random) -> None:
    """Slack takes nothing for a while."""
    house.slack.fail_next("drop_before", times=DOWN_CALLS)


def databricks_down(house: House, _rng: random.Random) -> None:
    """The workspace answers nothing for a while."""
    house.workspace.fail(Fault(path="jobs/runs", kind=FaultKind.DROP, times=DOWN_CALLS))


def mail_down(house: House, _rng: random.Random) -> None:
    """The mail server hangs up on everybody for a while."""
    house.mailbox.fail_next("connect", "drop", times=DOWN_CALLS)


SET_PIECES: dict[str, SetPiece] = {
    "Redis away for a minute, web killed meanwhile": redis_away_for_a_minute,
    "Redis away, disk of the spool full": disk_full,
    "SIGTERM Redis (restart)": redis_restarted,
    "SIGTERM everything (deploy)": deploy,
    "Slack down": slack_down,
    "Databricks down": databricks_down,
    "SMTP down": mail_down,
}
ONCE = frozenset({"Redis away for a minute, web killed meanwhile"})
SHORT = ("Redis away, disk of the spool full", "SIGTERM everything (deploy)")
MOST_TIMES = 3
FOR_ALL = 40
"""A campaign with fewer kills than this has room for the short ones only."""


def planned(kills: int, rng: random.Random) -> dict[int, str]:
    """After how many kills each of them comes: in a long campaign more than once."""
    names = list(SHORT)
    if kills >= FOR_ALL:
        times = min(MOST_TIMES, kills // FOR_ALL)
        names = [name for name in SET_PIECES for _ in range(1 if name in ONCE else times)]
    return dict(zip(rng.sample(range(kills), len(names)), names, strict=True))


@contextmanager
def _away(house: House) -> Iterator[None]:
    house.kill_redis()
    try:
        yield
    finally:
        house.redis.stop()
        house.redis.start()


@contextmanager
def _no_room(house: House) -> Iterator[None]:
    """No file of the web server may have a byte: its log is a pipe, its spool is not."""
    pids = [*house.pids("web"), *house.web_children()]
    _limit(pids, 0)
    try:
        yield
    finally:
        _limit([*pids, *house.pids("web"), *house.web_children()], resource.RLIM_INFINITY)


def _limit(pids: list[int], size: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
