"""A failure that is announced before Databricks shows it is looked for again."""

import copy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from jobmon.demo.workspace import PretendRun
from jobmon.demo.workspace.states import RUNNING
from jobmon.run import RunId
from tests.flow.conftest import World
from tests.flow.jobs import MODULE, a_failed_run, let_fail
from tests.flow.telling import messages
from workers.services import current, install
from workers.unseen import LOOKED_FOR


def waits(world: World) -> int:
    return int(world.client.zcard("jobmon:wake"))


def looks_again(world: World) -> None:
    world.pass_time()
    world.work()


@pytest.fixture
def failed(world: World) -> PretendRun:
    """A failed run, which Databricks still shows as running."""
    run = world.workspace.add(a_failed_run(7, 0, MODULE))
    stored = world.workspace.content.runs[run.run_id]
    shown = copy.deepcopy(stored)
    shown.update(RUNNING, end_time=0)
    shown["tasks"][0].update(RUNNING, end_time=0)
    world.workspace.content.runs[run.run_id] = shown
    return run


def show(world: World, run: PretendRun) -> None:
    world.workspace.content.runs[run.run_id] = run.run


@pytest.mark.parametrize("task_key", [None, "load_0"], ids=["of the run", "of a task"])
def test_a_failure_that_is_not_shown_yet_is_told_when_it_is(
    world: World, failed: PretendRun, task_key: str | None
) -> None:
    world.post(
        world.workspace.event(failed.run_id, kind="jobs.on_failure", task_key=task_key)
        if task_key
        else world.workspace.event(failed.run_id, kind="jobs.on_failure")
    )
    world.work()
    looks_again(world)
    assert not messages(world)

    show(world, failed)
    looks_again(world)

    assert "holidays" in str(messages(world)[0].blocks)
    assert waits(world) == 0


def test_a_repair_that_failed_is_counted_when_it_is_shown(world: World) -> None:
    run = a_failed_run(7, 0, MODULE)
    let_fail(world, run)
    runs = world.workspace.content.runs
    before = copy.deepcopy(runs[run.run_id])
    world.workspace.repair_outcome(7, succeeds=False)
    workspace = current().workspaces.get(None)
    workspace.repair(workspace.run(RunId(run.run_id)))
    workspace.run(RunId(run.run_id))
    after, runs[run.run_id] = copy.deepcopy(runs[run.run_id]), before
    world.fails(run.run_id)
    world.work()
    assert current().store.incidents()[0].failure_count == 1

    runs[run.run_id] = after
    looks_again(world)

    assert current().store.incidents()[0].failure_count == 2


def test_the_events_of_a_run_and_of_its_task_ask_for_no_further_look(world: World) -> None:
    run = world.workspace.add(a_failed_run(7, 0, MODULE))
    world.post(world.workspace.event(run.run_id, kind="jobs.on_failure", task_key="load_0"))
    world.work()
    world.fails(run.run_id)
    world.work()

    assert waits(world) == 0


def test_after_some_minutes_it_is_given_up_and_logged(world: World, failed: PretendRun) -> None:
    world.fails(failed.run_id)
    world.work()
    later = datetime.now(UTC) + LOOKED_FOR
    install(replace(world.services, now=lambda: later))
    with capture_logs() as logs:
        looks_again(world)

    assert [line["run_id"] for line in logs if line["event"] == "failure.unseen"] == [failed.run_id]
    assert waits(world) == 0
