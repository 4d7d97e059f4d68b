"""What is done to the house: each fault by its name, chosen by a seeded random."""

import random
import signal
import threading
from collections.abc import Callable
from datetime import timedelta

from jobmon.demo.workspace.faults import Fault, FaultKind
from tests.chaos.house import House

Hurt = Callable[[House, random.Random], bool]
"""Does it; whether there was something to do it to."""

never = threading.Event()


def one_of(name: str, number: signal.Signals = signal.SIGKILL) -> Hurt:
    """Signal one process of a program."""

    def hurt(house: House, rng: random.Random) -> bool:
        pids = house.pids(name)
        return bool(pids) and house.kill([rng.choice(pids)], number)

    return hurt


def web_worker(house: House, rng: random.Random) -> bool:
    """Kill one of the web server's own workers."""
    pids = house.web_children()
    return bool(pids) and house.kill([rng.choice(pids)])


def redis(house: House, rng: random.Random) -> bool:
    """Kill Redis; it is back at once, or after some seconds."""
    house.restart_redis(away=rng.choice((0.0, 0.5, 3.0)), stop=never)
    return True


def slack(house: House, rng: random.Random) -> bool:
    """Let Slack's next calls fail in one of its ways."""
    kind = rng.choice(("rate_limited", "drop_before", "drop_after", "slow", "status", "html"))
    house.slack.fail_next(
        kind, times=rng.randint(1, 2), retry_after=1, delay=timedelta(seconds=rng.random() * 2)
    )
    return True


def databricks(house: House, rng: random.Random) -> bool:
    """Let the workspace's next reads fail in one of its ways."""
    kind = rng.choice(list(FaultKind))
    status = rng.choice((429, 500, 503))
    fault = Fault(
        path=rng.choice(("runs/get", "runs/get-output")),
        kind=kind,
        times=rng.randint(1, 2),
        status=status,
        seconds=rng.random() * 2,
        retry_after=1 if status == 429 else None,
    )
    house.workspace.fail(fault)
    return True


def mail(house: House, rng: random.Random) -> bool:
    """Let the mail server's next session fail in one of its ways."""
    step = rng.choice(("connect", "mail", "rcpt", "data", "after_data"))
    answer = rng.choice(("451 try again later", "drop", f"slow {rng.random() * 2:.1f}", "nonsense"))
    if answer == "nonsense" and step == "connect":
        answer = "421 too busy"
    house.mailbox.fail_next(step, answer)
    return True


KILLS: dict[str, Hurt] = {
    "kill -9 worker": one_of("worker"),
    "kill -9 bulk worker": one_of("bulk"),
    "kill -9 scheduler": one_of("scheduler"),
    "kill -9 web server": one_of("web"),
    "kill -9 web worker": web_worker,
    "kill -9 Redis": redis,
}
OTHERS: dict[str, Hurt] = {
    "SIGTERM worker (deploy)": one_of("worker", signal.SIGTERM),
    "Slack fault": slack,
    "Databricks fault": databricks,
    "SMTP fault": mail,
}
WEIGHTS = {"kill -9 worker": 5, "kill -9 web worker": 2, "Slack fault": 2, "Databricks fault": 2}


def choose(faults: dict[str, Hurt], rng: random.Random) -> str:
    """One of them, the more telling ones more often."""
    names = list(faults)
    return rng.choices(names, [WEIGHTS.get(name, 1) for name in names])[0]
