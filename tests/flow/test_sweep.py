"""The sweep finds what no webhook announced, and repairs that seem to go on for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jobmon.action import Action, ActionKind, Actor
from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.workspace import Fault, FaultKind, PretendRun
from jobmon.incident import IncidentState
from jobmon.incident_event import RepairStarted
from jobmon.ports.queue import Lease
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.run import RunId, WorkspaceId
from jobmon.store.redis_store import RedisStore
from tests.flow.conftest import World
from tests.flow.jobs import MODULE
from tests.flow.sweeping import NOW, add, failing, messages, numbers, sweep, work
from workers import sweep as sweep_module
from workers.act.change import change_incident
from workers.services import install


def test_each_failed_run_that_no_webhook_announced_is_told_once(world: World) -> None:
    add(world, 1, 2)
    for minutes in (0, 5, 10):
        sweep(world, at=NOW + timedelta(minutes=minutes))

    assert len(messages(world)) == 2
    assert all("found it by looking" in str(message.blocks) for message in messages(world))


def test_a_run_that_ended_just_now_is_left_to_its_webhook(world: World) -> None:
    run = failing(1_000_000, started=NOW - timedelta(minutes=1))
    world.workspace.add(run)
    ended = datetime.fromtimestamp(run.run["end_time"] / 1000, UTC)
    sweep(world, at=ended + timedelta(seconds=5))
    assert not messages(world)

    sweep(world, at=ended + timedelta(minutes=5))

    assert len(messages(world)) == 1


def test_a_sweep_reads_one_page_when_little_happened(world: World) -> None:
    add(world, *range(1, 11))
    sweep(world)
    before = len(world.workspace.calls)
    sweep(world, at=NOW + timedelta(minutes=5))

    assert [call.path.rpartition("/")[2] for call in world.workspace.calls[before:]] == ["list"]


def test_after_a_long_absence_it_goes_on_where_it_stopped_in_parts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_module, "MOST_RUNS", 10)
    add(world, 100, ago=timedelta(minutes=10))
    sweep(world, at=NOW - timedelta(hours=30))
    for number in range(1, 41):
        add(world, number, ago=timedelta(minutes=30 * number))
    sweep(world)

    assert numbers(world)["existing"] == 41
    store = RedisStore(world.client)
    assert store.watermark(WorkspaceId(world.workspace.workspace_id)) == NOW


def test_a_part_is_tried_as_long_as_the_one_before_it_was_listed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_module, "MOST_RUNS", 10)
    sweep(world, at=NOW - timedelta(hours=30))
    for number in range(1, 41):
        add(world, number, ago=timedelta(minutes=30 * number))
    before = len(world.workspace.calls_to("/jobs/runs/list"))
    sweep(world)

    lists = len(world.workspace.calls_to("/jobs/runs/list")) - before
    assert numbers(world)["existing"] == 40
    assert lists <= 12  # halved from the present each time, it would be 16


def test_of_a_minute_in_which_very_many_runs_started_none_is_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_module, "MOST_RUNS", 10)
    sweep(world, at=NOW - timedelta(minutes=30))
    add(world, *range(1, 31))
    sweep(world)

    assert numbers(world)["existing"] == 30


def test_a_workspace_that_throttles_is_obeyed_and_swept_later(world: World) -> None:
    add(world, 1)
    world.workspace.fail(Fault(kind=FaultKind.STATUS, path="/jobs/runs/list", status=500))
    sweep(world)
    assert not messages(world)

    world.pass_time()
    work(world)

    assert len(messages(world)) == 1


def test_a_sweep_that_was_interrupted_asks_for_the_same_again(world: World) -> None:
    add(world, 1)
    store = RedisStore(world.client)
    lost = replace(world.services, queue=_LosesPower(world.client), now=lambda: NOW)
    install(lost)
    world.sweep()
    with pytest.raises(SystemExit):
        sweep_module.sweep(lost, _lease(world))
    assert store.watermark(WorkspaceId(world.workspace.workspace_id)) is None

    install(replace(world.services, now=lambda: NOW))
    world.pass_time()
    work(world)

    assert len(messages(world)) == 1


def repairing(world: World, *, run_id: int, since: datetime) -> None:
    (incident,) = RedisStore(world.client).incidents()
    install(replace(world.services, now=lambda: since))
    event = RepairStarted(by="U0000001", run_id=RunId(run_id))
    action = Action(
        action_id="a-1", kind=ActionKind.RERUN, actor=Actor(user_id="U0000001"), asked_at=since
    )
    services = replace(world.services, now=lambda: since)
    services.store.transact(
        [],
        lambda tx: change_incident(services, incident, event, action=action, said="rerun", tx=tx),
    )
    world.work()


def state_of(world: World) -> IncidentState:
    (incident,) = RedisStore(world.client).incidents()
    return incident.state


def test_a_repair_that_never_showed_up_does_not_stay_for_ever(world: World) -> None:
    add(world, 1)
    world.fails(1_000_000)
    world.work()
    repairing(world, run_id=1_000_000, since=NOW)
    sweep(world, at=NOW + timedelta(minutes=2))
    assert state_of(world) is IncidentState.REPAIRING

    sweep(world, at=NOW + timedelta(minutes=7))

    assert state_of(world) is IncidentState.OPEN


def test_a_new_run_that_was_cancelled_ends_the_repair(world: World) -> None:
    world.workspace.add(failing(1_000_000, started=NOW - timedelta(minutes=20), job=7))
    world.fails(1_000_000)
    world.work()
    builder = RunBuilder(run_id=2_000_000, job_id=7, name="job_7", started_at=NOW)
    builder.task("load", notebook("/x"), result="CANCELED")
    world.workspace.add(builder.build(result="CANCELED"))
    repairing(world, run_id=2_000_000, since=NOW)
    sweep(world, at=NOW + timedelta(minutes=7))

    assert state_of(world) is IncidentState.OPEN


def test_another_cancelled_run_does_not_end_a_repair(world: World) -> None:
    world.workspace.add(failing(1_000_000, started=NOW - timedelta(minutes=20), job=7))
    world.fails(1_000_000)
    world.work()
    builder = RunBuilder(run_id=3_000_000, job_id=7, name="job_7", started_at=NOW)
    builder.task("load", notebook("/x"), result="CANCELED")
    world.workspace.add(builder.build(result="CANCELED"))
    repairing(world, run_id=1_000_000, since=NOW)
    world.fails(3_000_000)
    world.work()

    assert state_of(world) is IncidentState.REPAIRING


class _LosesPower(RqJobQueue):
    def put(self, *_: object, **__: object) -> bool:
        raise SystemExit


def _lease(world: World) -> Lease:
    (member,) = [key for key, _ in world.client.zscan_iter("jobmon:wake")]
    kind, _, key = member.decode().partition(":")
    lease = RqJobQueue(world.client, lease=timedelta(milliseconds=1)).take(kind, key)
    assert lease is not None
    return lease


def cancelled(*, failed: bool = False) -> PretendRun:
    builder = RunBuilder(
        run_id=3_000_000, job_id=7, name="job_7", started_at=NOW - timedelta(minutes=20)
    )
    if failed:
        builder.task("load", notebook("/x"), result="FAILED", output=failed_output(MODULE))
    builder.task("train", notebook("/y"), result="CANCELED")
    return builder.build(result="CANCELED")


def test_a_cancelled_run_is_found_where_cancelled_runs_are_told(world: World) -> None:
    policy = replace(world.settings.policy, tell_cancelled=True)
    world.workspace.add(cancelled())
    settings = replace(world.settings, policy=policy)
    install(replace(world.services, settings=settings, now=lambda: NOW))
    world.sweep()
    work(world)

    (message,) = messages(world)
    assert "was cancelled" in message.text


def test_a_cancelled_run_of_which_a_task_had_failed_is_found_and_told(world: World) -> None:
    world.workspace.add(cancelled(failed=True))
    sweep(world)

    (message,) = messages(world)
    assert "holidays" in message.text


def test_another_cancelled_run_is_looked_at_once_and_told_nowhere(world: World) -> None:
    world.workspace.add(cancelled())
    for minutes in (0, 90):
        sweep(world, at=NOW + timedelta(minutes=minutes))

    assert not messages(world)
    assert len(world.workspace.calls_to("/jobs/runs/get")) == 1
