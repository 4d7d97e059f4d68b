"""A failing run that has not ended is looked at again, once at a time."""

from datetime import timedelta

import pytest

from jobmon.demo.workspace import PretendRun
from jobmon.demo.workspace.states import RUNNING
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.redis_answers import text_of
from jobmon.run import RunId
from tests.flow.conftest import World
from tests.flow.jobs import METASTORE, a_failed_run
from workers.follow import follow
from workers.services import current

TWENTY = (METASTORE,) * 20


@pytest.fixture
def active(world: World) -> PretendRun:
    """A run with failed tasks that goes on."""
    run = world.workspace.add(a_failed_run(7, 0, *TWENTY))
    world.workspace.content.runs[run.run_id].update(RUNNING, end_time=0)
    return run


def task_fails(world: World, run: PretendRun, key: str) -> None:
    world.post(world.workspace.event(run.run_id, kind="jobs.on_failure", task_key=key))
    world.work()


def waiting(world: World, run: PretendRun) -> int:
    return int(world.client.llen(f"jobmon:messages:diagnose:{mailbox_of(world, run)}"))


def mailbox_of(world: World, run: PretendRun) -> str:
    return f"{world.workspace.workspace_id}-{run.run_id}"


def reads(world: World) -> int:
    return len(world.workspace.calls_to("/jobs/runs/get")) - len(
        world.workspace.calls_to("/jobs/runs/get-output")
    )


def test_many_events_of_a_run_leave_one_look_to_come(world: World, active: PretendRun) -> None:
    for number in range(20):
        task_fails(world, active, f"load_{number}")

    assert waiting(world, active) == 1


def test_each_look_asks_for_one_more(world: World, active: PretendRun) -> None:
    for number in range(3):
        task_fails(world, active, f"load_{number}")
    before = reads(world)
    for _ in range(4):
        world.pass_time()
        world.work()

    assert waiting(world, active) == 1
    assert reads(world) == before + 4


def test_after_the_end_nothing_more_is_asked_for(world: World, active: PretendRun) -> None:
    task_fails(world, active, "load_0")
    world.workspace.add(a_failed_run(7, 0, *TWENTY))
    world.pass_time()
    world.work()

    assert waiting(world, active) == 0


def test_a_look_that_is_wanted_sooner_comes_sooner(world: World, active: PretendRun) -> None:
    task_fails(world, active, "load_0")
    services = current()
    run = services.workspaces.get(None).run(RunId(active.run_id))
    follow(services, run, delay=timedelta(seconds=10))

    assert waiting(world, active) == 2


def test_the_later_look_leads_to_no_other_one(world: World, active: PretendRun) -> None:
    test_a_look_that_is_wanted_sooner_comes_sooner(world, active)
    for _ in range(3):
        comes_first(world, active)
        world.work()

    assert waiting(world, active) == 1


def comes_first(world: World, run: PretendRun) -> None:
    """Let the time of the message come that waits for as long as any, and of no other."""
    mailbox = f"diagnose:{mailbox_of(world, run)}"
    first, *_ = world.client.lrange(f"jobmon:messages:{mailbox}", 0, -1)
    world.client.lset(f"jobmon:messages:{mailbox}", 0, "0 " + text_of(first).split(" ", 1)[1])
    world.client.zadd("jobmon:wake", {mailbox: 0})
    RqJobQueue(world.client).revive()
