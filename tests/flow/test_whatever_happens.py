"""What is told when runs cannot be read, messages are removed, or people want quiet."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobmon.demo.scenarios import data
from jobmon.demo.workspace import Fault, FaultKind
from jobmon.settings import QuietHours, Route
from tests.flow.conftest import CHANNEL, World
from tests.flow.telling import STARTED, messages
from workers.main import build_services
from workers.services import install

DOWN = Fault(kind=FaultKind.STATUS, path="/jobs/runs/get", status=500, times=1000)


def test_a_run_that_is_gone_is_told_with_what_the_event_said(world: World) -> None:
    world.fails(999, job={"job_id": 7, "name": "nightly"})
    world.work()

    (message,) = messages(world)
    assert "nightly" in message.text
    assert "could not be read" in str(message.blocks)


def test_a_workspace_that_is_down_for_a_while_loses_nothing(world: World) -> None:
    world.workspace.add(data.table_not_found(501, STARTED))
    world.workspace.fail(Fault(kind=FaultKind.STATUS, path="/jobs/runs/get", status=500))
    world.fails(501)
    world.work()
    world.pass_time()
    world.work()

    assert len(messages(world)) == 1


def test_a_workspace_that_stays_down_is_told_and_its_cause_follows(world: World) -> None:
    world.workspace.add(data.table_not_found(501, STARTED))
    world.workspace.fail(DOWN)
    world.post(world.workspace.event(501))
    for _ in range(4):
        world.work()
        world.pass_time()

    (message,) = messages(world)
    assert "could not be read" in str(message.blocks)

    world.workspace.recover()
    world.pass_time()
    world.work()

    (message,) = messages(world)
    assert "orders_enriched" in message.text


def test_what_no_webhook_announced_is_found_by_the_sweep(world: World) -> None:
    world.workspace.add(data.table_not_found(501, STARTED + timedelta(minutes=25)))
    world.sweep()
    world.work()
    world.sweep()
    world.work()

    (message,) = messages(world)
    assert "found it by looking" in str(message.blocks)


def test_a_root_message_that_somebody_deleted_is_posted_anew_once(world: World) -> None:
    world.workspace.add(data.table_not_found(501, STARTED))
    world.fails(501)
    world.work()
    world.slack.delete_message(messages(world)[0].ts, CHANNEL)
    for number in (502, 503):
        world.workspace.add(data.table_not_found(number, STARTED + timedelta(minutes=number - 490)))
        world.fails(number)
        world.work()

    assert len(messages(world)) == 1


def test_quiet_hours_hold_back_and_then_tell(world: World) -> None:
    now = datetime.now(UTC)
    quiet = QuietHours(start=f"{now:%H:%M}", end=f"{now + timedelta(hours=2):%H:%M}")
    world.change_policy(quiet_hours=(quiet,))
    world.workspace.add(data.table_not_found(501, STARTED))
    world.fails(501)
    world.work()
    assert not messages(world)

    world.pass_time()
    world.work()

    assert len(messages(world)) == 1


def test_a_route_by_a_jobs_tag_is_taken(world: World) -> None:
    run = world.workspace.add(data.table_not_found(501, STARTED))
    world.workspace.tag_job(run.job_id, team="growth")
    world.slack.add_channel("C0GROWTH001", "growth")
    route = Route(destinations=("slack:C0GROWTH001",), tags=("team=growth",))
    settings = replace(world.settings, routes=(route,))
    install(replace(build_services(settings, world.client), limiter=world.services.limiter))
    world.fails(501)
    world.work()

    assert len(world.slack.messages("C0GROWTH001")) == 1
    assert not messages(world)
