"""A run whose job is known only later has one incident all the same: the job's."""

from jobmon.demo.workspace import Fault, FaultKind
from tests.flow.conftest import CHANNEL, World
from tests.flow.jobs import MODULE, a_failed_run, a_good_run, let_fail, let_succeed


def unreadable(world: World, *, times: int) -> None:
    world.workspace.fail(
        Fault(kind=FaultKind.STATUS, path="/jobs/runs/get", status=403, times=times)
    )


def test_the_runs_own_incident_becomes_the_jobs(world: World) -> None:
    run = world.workspace.add(a_failed_run(7))
    unreadable(world, times=1)
    world.fails(run.run_id)
    world.work()
    (before,) = world.slack.messages(CHANNEL)
    assert "could not be read" in str(before.blocks)

    world.fails(run.run_id)
    world.work()

    (message,) = world.slack.messages(CHANNEL)
    assert message.ts == before.ts
    assert "job_7 failed" in message.text
    (incident,) = world.services.store.incidents()
    assert (incident.job_key, incident.job_name) == ("7", "job_7")


def test_a_later_success_of_the_job_resolves_it(world: World) -> None:
    run = world.workspace.add(a_failed_run(7))
    unreadable(world, times=1)
    world.fails(run.run_id)
    world.work()
    world.fails(run.run_id)
    world.work()
    let_succeed(world, a_good_run(7, 1))

    (message,) = world.slack.messages(CHANNEL)
    assert "recovered" in message.text


def test_an_event_without_a_job_for_a_run_that_was_read_before_opens_nothing(world: World) -> None:
    let_fail(world, a_failed_run(7))
    unreadable(world, times=1)
    world.fails(7_000_000)
    world.work()

    (message,) = world.slack.messages(CHANNEL)
    assert "job_7 failed" in message.text


def test_where_the_job_had_an_incident_already_the_second_message_says_where_it_goes_on(
    world: World,
) -> None:
    let_fail(world, a_failed_run(7))
    run = world.workspace.add(a_failed_run(7, 1, MODULE))
    unreadable(world, times=1)
    world.fails(run.run_id)
    world.work()
    world.fails(run.run_id)
    world.work()

    job, stray = world.slack.messages(CHANNEL)
    assert "holidays" in str(job.blocks)
    assert "Goes on in the message of job_7" in stray.text
    (incident,) = world.services.store.incidents()
    assert incident.failure_count == 2

    let_succeed(world, a_good_run(7, 2))

    assert "recovered" in world.slack.messages(CHANNEL)[0].text
