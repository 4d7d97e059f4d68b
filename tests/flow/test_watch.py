"""jobmon watches itself: sweeps at the start and by the clock, and a heartbeat."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from jobmon.settings import Secret
from tests.flow.conftest import World, watching
from tests.support.ear import Ear
from tests.support.waiting import wait_until
from workers.heartbeat import Heart, call
from workers.watch import Watch

NOW = datetime.now(UTC)


def pending_sweeps(world: World) -> int:
    return sum(world.client.llen(key) for key in world.client.scan_iter("jobmon:messages:sweep:*"))


def test_it_sweeps_at_the_start_and_once_in_each_period(world: World, ear: Ear) -> None:
    watch, _, _ = watching(world, ear)
    for seconds in range(3):
        watch(NOW + timedelta(seconds=seconds / 10))
    assert pending_sweeps(world) == 1

    watch(NOW + timedelta(minutes=5))
    watch(NOW + timedelta(minutes=5, milliseconds=10))
    assert pending_sweeps(world) == 2


def test_a_scheduler_that_starts_anew_sweeps_again(world: World, ear: Ear) -> None:
    watching(world, ear)[0](NOW)
    watching(world, ear)[0](NOW + timedelta(seconds=30))

    assert pending_sweeps(world) == 2


def test_many_schedulers_ask_for_one_sweep(world: World, ear: Ear) -> None:
    watches = [watching(world, ear)[0] for _ in range(3)]
    for watch in watches:
        watch(NOW)
        watch(NOW + timedelta(minutes=5))

    assert pending_sweeps(world) == 2


def test_a_workspace_that_nobody_set_up_is_not_swept(world: World, ear: Ear) -> None:
    Watch(world.services, heart=Heart(ear.url), swept=())(NOW)

    assert pending_sweeps(world) == 0


def test_workers_that_start_with_the_scheduler_are_not_missed_at_once(
    world: World, ear: Ear
) -> None:
    watch, queue, _ = watching(world, ear)
    queue.workers = 0
    with structlog.testing.capture_logs() as logs:
        watch(NOW)
        first = [entry["event"] for entry in logs if entry["log_level"] == "warning"]
        watch(NOW + timedelta(minutes=1))

    assert first == []
    assert [e["event"] for e in logs if e["log_level"] == "warning"] == ["watch.not_well"]


def test_the_heart_beats_each_minute_while_all_is_well(world: World, ear: Ear) -> None:
    watch, _, _ = watching(world, ear)
    watch(NOW)
    wait_until(lambda: len(ear.heard) == 1)
    watch(NOW + timedelta(seconds=30))
    watch(NOW + timedelta(seconds=61))

    assert wait_until(lambda: len(ear.heard) == 2)


def test_the_heart_stops_when_something_is_wrong(world: World, ear: Ear) -> None:
    watch, queue, _ = watching(world, ear)
    queue.workers = 0
    watch(NOW)
    queue.workers, queue.undelivered = 1, 700.0
    watch(NOW + timedelta(minutes=2))
    queue.undelivered = None
    watch(NOW + timedelta(minutes=4))

    wait_until(lambda: ear.heard)
    assert len(ear.heard) == 1


@pytest.mark.parametrize("status", [404, 500, 302])
def test_a_heartbeat_that_fails_says_so_without_its_address(ear: Ear, status: int) -> None:
    ear.status = status
    with structlog.testing.capture_logs() as logs:
        assert not call(ear.url)

    assert [entry["event"] for entry in logs] == ["heartbeat.failed"]
    assert "secret-uuid" not in json.dumps(logs)
    assert len(ear.heard) == 1


def test_without_an_address_nothing_is_called() -> None:
    assert Heart(Secret("")).beat() is None
