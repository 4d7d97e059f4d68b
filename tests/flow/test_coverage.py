"""Who found the failed runs, and whether webhooks still come."""

from dataclasses import replace
from datetime import timedelta

from jobmon.ports.queue import WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from tests.flow.conftest import World
from tests.flow.sweeping import NOW, add, messages, numbers, sweep
from workers.sweep import sweep as run_one_sweep

LONG_AGO = NOW - timedelta(hours=1)
"""jobmon is here since then; no time passes on Redis' clock."""


def test_coverage_says_who_found_the_failed_runs_that_exist(world: World) -> None:
    add(world, 1, 2, 3)
    world.fails(1_000_000)
    world.fails(2_000_000)
    world.work()
    for minutes in (0, 5, 10):
        sweep(world, at=NOW + timedelta(minutes=minutes))

    assert numbers(world) == {"existing": 3, "by_webhook": 2, "by_sweep": 1}
    metrics = world.web.get("/metrics").text
    assert 'jobmon_failed_runs_found_total{found_by="webhook"} 2.0' in metrics
    assert "jobmon_failed_runs_existing_total 3.0" in metrics


def test_a_run_whose_webhook_waits_to_be_worked_on_was_not_found_by_the_sweep(
    world: World,
) -> None:
    add(world, 1, 2)
    world.fails(1_000_000)
    world.sweep()
    lease = RqJobQueue(world.client).take(WorkKind.SWEEP, "default")
    assert lease is not None
    run_one_sweep(replace(world.services, now=lambda: NOW), lease)
    assert numbers(world) == {"existing": 1, "by_webhook": 0, "by_sweep": 1}

    world.work()
    sweep(world, at=NOW + timedelta(minutes=5))

    assert numbers(world) == {"existing": 2, "by_webhook": 1, "by_sweep": 1}


def test_what_failed_before_the_first_sweep_says_nothing_of_the_webhooks(world: World) -> None:
    add(world, *range(1, 5))
    for minutes in (0, 5, 10):
        sweep(world, at=NOW + timedelta(minutes=minutes))

    assert len(messages(world)) == 4
    assert world.web.get("/readyz").get_json()["webhooks"] == {}


def test_what_failed_while_jobmon_was_away_says_nothing_of_the_webhooks(world: World) -> None:
    sweep(world, at=LONG_AGO)
    world.services.store.drop_note(f"here-since-{world.workspace.workspace_id}")
    add(world, *range(1, 5))
    sweep(world)

    assert world.web.get("/readyz").get_json()["webhooks"] == {}


def test_webhooks_that_have_stopped_are_said_once_until_they_come_back(world: World) -> None:
    sweep(world, at=LONG_AGO)
    add(world, *range(1, 5))
    for minutes in (0, 5, 10):
        sweep(world, at=NOW + timedelta(minutes=minutes))

    warnings = [item for item in messages(world) if "Webhooks do not come" in str(item.blocks)]
    assert len(warnings) == 1
    states = world.web.get("/readyz").get_json()["webhooks"]
    assert [state.split()[0] for state in states.values()] == ["silent"]


def test_webhooks_that_come_back_are_noticed(world: World) -> None:
    sweep(world, at=LONG_AGO)
    add(world, 1, 2, 3)
    sweep(world)
    add(world, *range(10, 20), ago=timedelta(minutes=5))
    for number in range(10, 20):
        world.fails(number * 1_000_000)
    world.work()
    sweep(world, at=NOW + timedelta(minutes=5))

    states = world.web.get("/readyz").get_json()["webhooks"]
    assert [state.split()[0] for state in states.values()] == ["coming"]


def test_webhooks_that_come_are_no_reason_for_a_warning(world: World) -> None:
    sweep(world, at=LONG_AGO)
    add(world, *range(1, 7))
    for number in range(1, 6):
        world.fails(number * 1_000_000)
    world.work()
    sweep(world)

    assert not [item for item in messages(world) if "Webhooks do not come" in str(item.blocks)]
