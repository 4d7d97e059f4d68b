"""Failed runs that a sweep finds, and what is said of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.slack import Message
from jobmon.demo.workspace import PretendRun
from tests.flow.conftest import CHANNEL, World
from workers.services import install

NOW = datetime.now(UTC)
"""Fixed, so that a test says how long ago things happened."""


def failing(run_id: int, *, started: datetime, job: int = 0, error: str = "") -> PretendRun:
    builder = RunBuilder(
        run_id=run_id, job_id=job or run_id, name=f"job_{job or run_id}", started_at=started
    )
    text = error or f"ValueError: column {run_id} is missing"
    builder.task("load", notebook("/x"), result="FAILED", output=failed_output(text), seconds=10)
    return builder.build()


def add(world: World, *run_ids: int, ago: timedelta = timedelta(minutes=20)) -> None:
    for run_id in run_ids:
        world.workspace.add(failing(run_id * 1_000_000, started=NOW - ago))


def messages(world: World) -> tuple[Message, ...]:
    return world.slack.messages(CHANNEL)


def sweep(world: World, *, at: datetime = NOW) -> None:
    install(replace(world.services, now=lambda: at))
    world.sweep()
    work(world)


def work(world: World) -> None:
    """What the sweep asks for is looked at after it, and told after that."""
    for _ in range(3):
        world.work()


def numbers(world: World) -> dict[str, int]:
    return dict(world.web.get("/readyz").get_json()["failed_runs"])
