"""A sweep that fails is counted and shown; nothing of it is left behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jobmon.demo.workspace import Fault, FaultKind
from jobmon.queue.mailboxes import RqJobQueue
from tests.flow.conftest import World
from tests.flow.sweeping import NOW, add, messages, sweep
from workers.job import GIVE_UP_AFTER
from workers.services import install

LIST = "/jobs/runs/list"


def refuse(world: World) -> None:
    world.workspace.fail(Fault(kind=FaultKind.STATUS, path=LIST, status=403, times=1000))


def sweep_at(world: World, *minutes: int) -> None:
    for minute in minutes:
        sweep(world, at=NOW + timedelta(minutes=minute))


def left_behind(world: World) -> int:
    waiting = sum(1 for _ in world.client.scan_iter("jobmon:messages:sweep:*"))
    return waiting + len(RqJobQueue(world.client).dead_letters())


def test_refused_sweeps_leave_no_dead_letters(world: World) -> None:
    refuse(world)
    sweep_at(world, 0, 5, 10)

    assert left_behind(world) == 0
    assert "jobmon_sweeps_failed_total 3.0" in world.web.get("/metrics").text
    (error,) = world.web.get("/readyz").get_json()["last_sweep_error"].values()
    assert "does not give jobmon access to the list of runs" in error


def test_a_sweep_that_was_tried_for_long_is_no_dead_letter_either(world: World) -> None:
    world.workspace.fail(Fault(kind=FaultKind.STATUS, path=LIST, status=500, times=1000))
    sweep_at(world, 0)
    later = datetime.now(UTC) + GIVE_UP_AFTER + timedelta(minutes=1)
    install(replace(world.services, now=lambda: later))
    world.pass_time()
    world.work()

    assert left_behind(world) == 0


def test_a_defect_in_a_sweep_is_no_dead_letter_either(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.sweep.FIRST_LOOK_BACK", None)
    sweep_at(world, 0)

    assert left_behind(world) == 0


def test_who_sweeps_in_vain_for_a_while_says_so_once(world: World) -> None:
    refuse(world)
    sweep_at(world, 0, 5, 10)
    assert not messages(world)

    sweep_at(world, 15, 20, 25)

    (message,) = messages(world)
    assert "have not been looked for since" in str(message.blocks)


def test_after_a_good_sweep_the_next_trouble_is_news(world: World) -> None:
    refuse(world)
    sweep_at(world, 0, 15)
    world.workspace.recover()
    sweep_at(world, 20)
    refuse(world)
    sweep_at(world, 25)
    assert len(messages(world)) == 1

    sweep_at(world, 40)

    assert len(messages(world)) == 2


def test_what_a_failed_sweep_would_have_found_is_found_by_the_next_good_one(world: World) -> None:
    sweep_at(world, 0)
    add(world, 1, ago=timedelta(minutes=-1))
    refuse(world)
    sweep_at(world, 5)
    world.workspace.recover()
    sweep_at(world, 10)

    assert len(messages(world)) == 1
