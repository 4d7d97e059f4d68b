"""What Databricks does not give for a while is read when it does."""

from dataclasses import replace
from datetime import UTC, datetime

from jobmon.demo.scenarios.building import RunBuilder, notebook
from jobmon.demo.workspace import ApiError, Fault, FaultKind
from jobmon.queue.mailboxes import RqJobQueue
from tests.flow.conftest import CHANNEL, World
from tests.flow.jobs import METASTORE, MODULE, STARTED, a_failed_run
from tests.flow.telling import messages
from workers.job import GIVE_UP_AFTER
from workers.services import current, install

OUTPUT = "/jobs/runs/get-output"


def outputs_fail(world: World, *, times: int) -> None:
    world.workspace.fail(Fault(kind=FaultKind.STATUS, path=OUTPUT, status=500, times=times))


def unavailable() -> ApiError:
    return ApiError(500, "INTERNAL_ERROR", "Made up.")


def tries(world: World, count: int) -> None:
    for _ in range(count):
        world.work()
        world.pass_time()


def test_one_fault_costs_a_second_call(world: World) -> None:
    outputs_fail(world, times=1)
    world.fails(world.workspace.add(a_failed_run(7, 0, MODULE)).run_id)
    world.work()

    (message,) = messages(world)
    assert "holidays" in str(message.blocks)
    assert len(world.workspace.calls_to(OUTPUT)) == 2


def test_an_output_that_could_not_be_read_is_read_later(world: World) -> None:
    outputs_fail(world, times=2)
    world.fails(world.workspace.add(a_failed_run(7, 0, MODULE)).run_id)
    world.work()
    assert not messages(world)

    tries(world, 1)
    world.work()

    (message,) = messages(world)
    assert "holidays" in str(message.blocks)
    assert "could not be read" not in str(message.blocks)


def test_what_could_be_read_is_told_at_once_and_the_rest_follows(world: World) -> None:
    run = world.workspace.add(a_failed_run(7, 0, *(METASTORE,) * 3))
    broken = run.run["tasks"][1]["run_id"]
    output = world.workspace.content.outputs.pop(broken)
    world.workspace.content.outputs[broken] = unavailable()
    world.fails(run.run_id)
    world.work()
    (message,) = messages(world)
    assert "1 more still being read" in str(message.blocks)

    world.workspace.content.outputs[broken] = output
    world.pass_time()
    world.work()

    (message,) = messages(world)
    assert "still being read" not in str(message.blocks)
    assert len(world.slack.thread(message.ts)) == 1


def test_outputs_that_stay_unread_are_said_to_be_and_their_cause_follows(world: World) -> None:
    outputs_fail(world, times=1000)
    world.fails(world.workspace.add(a_failed_run(7, 0, MODULE)).run_id)
    tries(world, 4)
    (message,) = messages(world)
    assert "could not be read" in str(message.blocks)
    assert "still being read" in str(message.blocks)

    world.workspace.recover()
    world.pass_time()
    world.work()

    (message,) = messages(world)
    assert "holidays" in str(message.blocks)
    assert "could not be read" not in str(message.blocks)
    assert not RqJobQueue(world.client).dead_letters()


def test_what_the_termination_says_is_told_while_the_output_stays_unread(world: World) -> None:
    builder = RunBuilder(run_id=501, job_id=7, name="job_7", started_at=STARTED)
    said = "Could not reach driver of cluster 1123-060000-abcdefgh. Driver is not responding."
    builder.task("load", notebook("/x"), result="FAILED", message=said)
    world.workspace.add(builder.build())
    outputs_fail(world, times=1000)
    world.fails(501)
    tries(world, 4)

    (message,) = messages(world)
    assert "Not recognised" not in str(message.blocks)
    assert "driver" in message.text.lower()


def test_jobs_whose_outputs_cannot_be_read_have_no_cause_in_common(world: World) -> None:
    outputs_fail(world, times=1000)
    for job in range(1, 5):
        world.fails(world.workspace.add(a_failed_run(job, 0, METASTORE)).run_id)
    tries(world, 4)

    assert len(world.slack.messages(CHANNEL)) == 4
    assert not any(item.members for item in current().store.incidents())


def test_a_cluster_that_could_not_be_asked_is_asked_later(world: World) -> None:
    builder = RunBuilder(run_id=501, job_id=7, name="job_7", started_at=STARTED)
    spec = notebook("/x", cluster="1123-060000-abcdefgh")
    builder.task("load", spec, result="CLUSTER_ERROR", output={})
    builder.clusters["1123-060000-abcdefgh"] = {
        "state": "TERMINATED",
        "termination_reason": {"code": "SPOT_INSTANCE_TERMINATION", "type": "CLOUD_FAILURE"},
    }
    world.workspace.add(builder.build())
    world.workspace.fail(Fault(kind=FaultKind.STATUS, path="/clusters/get", status=500, times=1))
    world.fails(501)
    tries(world, 2)

    (message,) = messages(world)
    assert "could not be asked" not in str(message.blocks)
    assert len(world.workspace.calls_to("/clusters/get")) == 2


def test_an_output_that_stays_unread_is_no_work_that_waits(world: World) -> None:
    outputs_fail(world, times=1000)
    world.fails(world.workspace.add(a_failed_run(7, 0, MODULE)).run_id)
    for _ in range(4):
        tries(world, 2)
        world.work()
        assert world.client.zcard("jobmon:wake") == 1

    assert world.services.queue.pulse().oldest_waiting_seconds is None


def test_after_a_day_what_is_known_is_all_there_is(world: World) -> None:
    outputs_fail(world, times=1000)
    world.fails(world.workspace.add(a_failed_run(7, 0, MODULE)).run_id)
    tries(world, 5)
    later = datetime.now(UTC) + GIVE_UP_AFTER
    install(replace(world.services, now=lambda: later))
    tries(world, 1)

    (message,) = messages(world)
    assert "could not be read" in str(message.blocks)
    assert "still being read" not in str(message.blocks)
    assert world.client.zcard("jobmon:wake") == 0
    assert not RqJobQueue(world.client).dead_letters()
