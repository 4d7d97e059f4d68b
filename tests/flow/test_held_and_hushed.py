"""Where a failure is told, and when it is not: severity, maintenance, mutes of the settings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobmon.settings import Maintenance, MuteRule, Route, WorkspaceSettings
from jobmon.severity import Severity
from tests.flow.conftest import CHANNEL, World
from tests.flow.jobs import METASTORE, MODULE, a_failed_run, a_good_run, let_fail, let_succeed

NOW = datetime.now(UTC)
PAGER = "C0PAGER0001"
ONCALL = "U0ONCALL01"
HERE = f"slack:{CHANNEL}"


def in_environment(world: World, name: str, *routes: Route) -> None:
    (workspace,) = world.settings.workspaces
    named: WorkspaceSettings = replace(workspace, environment=name)
    world.change_settings(workspaces=(named,), routes=routes)


def test_only_what_is_critical_reaches_who_asked_for_that(world: World) -> None:
    world.slack.add_channel(PAGER, "pager")
    pager = Route(destinations=(f"slack:{PAGER}",), severities=(Severity.CRITICAL,), also=True)
    everything = Route(destinations=(HERE,))
    in_environment(world, "dev", pager, everything)
    let_fail(world, a_failed_run(7))
    assert not world.slack.messages(PAGER)

    in_environment(world, "prod", pager, everything)
    let_fail(world, a_failed_run(8))

    (message,) = world.slack.messages(PAGER)
    assert "Severity: critical" in str(message.blocks)
    assert len(world.slack.messages(CHANNEL)) == 2


def test_a_success_is_told_where_the_failure_was_and_nowhere_else(world: World) -> None:
    world.slack.add_channel(PAGER, "pager")
    route = Route(destinations=(f"slack:{PAGER}",), categories=("missing_module",))
    world.change_settings(routes=(route,))
    let_fail(world, a_failed_run(7, 0, MODULE))
    let_succeed(world, a_good_run(7, 1))

    (message,) = world.slack.messages(PAGER)
    assert "recovered" in message.text
    assert not world.slack.messages(CHANNEL)
    assert not world.mailbox.messages


def test_maintenance_holds_back_and_then_tells(world: World) -> None:
    window = Maintenance(
        start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1), jobs=("job_7",)
    )
    world.change_policy(maintenance=(window,))
    let_fail(world, a_failed_run(7), a_failed_run(8, 0, MODULE))
    assert [message.text.split()[1] for message in world.slack.messages(CHANNEL)] == ["job_8"]

    world.pass_time()
    world.work()

    assert len(world.slack.messages(CHANNEL)) == 2
    assert len(world.mailbox.messages) == 2


def test_who_is_called_is_called_after_the_maintenance_too(world: World) -> None:
    window = Maintenance(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1))
    world.change_settings(
        routes=(Route(destinations=(HERE,), mentions=(ONCALL,)),),
        policy=replace(world.settings.policy, maintenance=(window,)),
    )
    let_fail(world, a_failed_run(7), a_failed_run(7, 1))
    world.pass_time()
    world.work()

    (post, *_) = world.slack.calls_of("chat.postMessage")
    assert ONCALL in str(post)


def test_what_got_well_during_the_maintenance_calls_nobody(world: World) -> None:
    window = Maintenance(start=NOW - timedelta(hours=1), end=NOW + timedelta(hours=1))
    world.change_settings(
        routes=(Route(destinations=(HERE,), mentions=(ONCALL,)),),
        policy=replace(world.settings.policy, maintenance=(window,)),
    )
    let_fail(world, a_failed_run(7))
    let_succeed(world, a_good_run(7, 1))
    world.pass_time()
    world.work()

    (message,) = world.slack.messages(CHANNEL)
    assert "recovered" in message.text
    assert ONCALL not in str(world.slack.calls)


def test_people_are_called_once_for_an_incident_and_again_when_it_comes_back(world: World) -> None:
    world.change_settings(routes=(Route(destinations=(HERE,), mentions=(ONCALL,)),))
    let_fail(world, a_failed_run(7), a_failed_run(7, 1), a_failed_run(7, 2, MODULE))
    assert [ONCALL in str(call) for call in world.slack.calls_of("chat.postMessage")].count(
        True
    ) == 1

    let_succeed(world, a_good_run(7, 3))
    let_fail(world, a_failed_run(7, 4, MODULE))

    assert [ONCALL in str(call) for call in world.slack.calls_of("chat.postMessage")].count(
        True
    ) == 2


def test_a_job_that_the_settings_mute_says_nothing_until_the_mute_is_over(world: World) -> None:
    world.change_settings(mutes=(MuteRule(jobs=("job_7",), until=NOW + timedelta(days=1)),))
    let_fail(world, a_failed_run(7), a_failed_run(7, 1))
    assert not world.slack.messages(CHANNEL)
    assert not world.mailbox.messages

    world.change_settings(mutes=())
    (incident,) = world.services.store.incidents()
    later = replace(incident, muted_until=NOW)
    world.services.store.transact([], lambda tx: world.services.store.save_incident(tx, later))
    let_fail(world, a_failed_run(7, 2))

    (message,) = world.slack.messages(CHANNEL)
    assert "Still failing: 3 failed runs" in message.text
    assert world.slack.thread(message.ts)
    assert len(world.mailbox.messages) == 1


def test_what_failed_unheard_gets_well_unheard(world: World) -> None:
    world.change_settings(mutes=(MuteRule(jobs=("job_7",), until=NOW + timedelta(days=1)),))
    let_fail(world, a_failed_run(7))
    let_succeed(world, a_good_run(7, 1))

    assert not world.slack.messages(CHANNEL)
    assert not world.mailbox.messages


def test_a_cause_that_the_settings_do_not_mute_is_heard(world: World) -> None:
    let_fail(world, a_failed_run(9))
    (known,) = world.services.store.incidents()
    rule = MuteRule(causes=tuple(cause.fingerprint for cause in known.causes))
    world.change_settings(mutes=(rule,))
    let_fail(world, a_failed_run(7, 0, METASTORE))
    assert len(world.slack.messages(CHANNEL)) == 1

    let_fail(world, a_failed_run(7, 1, METASTORE, MODULE))

    assert "job_7" in world.slack.messages(CHANNEL)[-1].text
    assert "holidays" in str(world.slack.messages(CHANNEL)[-1].blocks)
