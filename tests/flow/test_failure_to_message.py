"""A failed run becomes one message, whatever comes in whatever order."""

from datetime import timedelta
from itertools import permutations

import pytest

from jobmon.demo.scenarios import data, ml, nesting, platform, training
from jobmon.demo.workspace.states import ended
from tests.flow.conftest import World
from tests.flow.jobs import METASTORE, MODULE, a_failed_run, a_good_run, let_fail
from tests.flow.telling import STARTED, messages


def test_a_25_task_run_is_one_message_with_its_causes(world: World) -> None:
    world.workspace.add(training.failed(501, STARTED))

    assert world.fails(501).status_code == 202
    world.work()

    (message,) = messages(world)
    assert "train_models failed" in message.text
    assert "18 tasks" in message.text
    (mail,) = world.mailbox.messages
    assert "train_models failed" in mail.message["Subject"]


@pytest.mark.parametrize("order", tuple(permutations(range(3))), ids=str)
def test_both_kinds_of_event_in_any_order_and_number_are_one_message(
    world: World, order: tuple[int, ...]
) -> None:
    run = world.workspace.add(training.failed(501, STARTED))
    first, second = run.failed_keys[:2]
    bodies = [
        world.workspace.event(501),
        world.workspace.event(501, task_key=first, ids_as_text=True),
        world.workspace.event(501, task_key=second),
    ]
    for number in (*order, *order):
        assert world.post(bodies[number]).status_code == 202
        world.work()

    assert len(messages(world)) == 1
    assert len(world.mailbox.messages) == 1


def test_each_failed_output_is_read_once_whatever_events_come(world: World) -> None:
    run = world.workspace.add(training.failed(501, STARTED))
    for key in run.failed_keys[:5]:
        world.post(world.workspace.event(501, task_key=key))
    world.fails(501)
    world.work()
    world.fails(501)
    world.work()

    assert len(world.workspace.calls_to("/jobs/runs/get-output")) == len(run.failed_keys)


def test_a_later_success_resolves_the_same_message(world: World) -> None:
    world.workspace.add(training.failed(501, STARTED))
    world.fails(501)
    world.work()
    world.workspace.add(training.succeeded(502, STARTED + timedelta(minutes=20)))
    world.post(world.workspace.event(502, kind="jobs.on_success"))
    world.work()

    (message,) = messages(world)
    assert "recovered" in message.text
    first, second = world.mailbox.messages
    assert second.message["In-Reply-To"] == first.message["In-Reply-To"]
    assert second.message["Subject"] == f"Re: {first.message['Subject']}"


def test_the_next_failure_is_counted_on_the_same_message(world: World) -> None:
    world.workspace.add(data.table_not_found(501, STARTED))
    world.fails(501)
    world.work()
    world.workspace.add(data.table_not_found(502, STARTED + timedelta(minutes=20)))
    world.fails(502)
    world.work()

    (message,) = messages(world)
    assert "2" in str(message.blocks)
    assert any("failed again" in note.text for note in world.slack.thread(message.ts))


def test_a_success_of_a_healthy_job_says_nothing(world: World) -> None:
    world.workspace.add(training.succeeded(502, STARTED))
    world.post(world.workspace.event(502, kind="jobs.on_success"))
    world.work()

    assert not messages(world)


def test_a_success_with_failed_parts_is_told(world: World) -> None:
    world.workspace.add(ml.succeeded_with_failed_parts(501, STARTED))
    world.post(world.workspace.event(501, kind="jobs.on_success"))
    world.work()

    (message,) = messages(world)
    assert "succeeded, but reported failures" in message.text


def test_a_cancelled_run_is_quiet(world: World) -> None:
    world.workspace.add(platform.cancelled(501, STARTED))
    world.fails(501)
    world.work()

    assert not messages(world)


@pytest.mark.parametrize(
    "scenario",
    [
        data.table_not_found,
        data.sql_failed,
        data.dbt_failed,
        data.pipeline_failed,
        ml.missing_secret,
        ml.missing_signature,
        nesting.for_each_failed,
        nesting.child_job_failed,
        nesting.nested_notebook_failed,
        nesting.output_expired,
        platform.driver_out_of_memory,
        platform.spot_instance_lost,
    ],
    ids=lambda scenario: scenario.__name__,
)
def test_every_kind_of_failure_is_told(world: World, scenario: object) -> None:
    world.workspace.add(scenario(501, STARTED))  # type: ignore[operator]
    world.fails(501)
    world.work()

    (message,) = messages(world)
    recognised = "not recognised" not in message.text
    assert recognised is (scenario is not nesting.output_expired)


def test_a_job_and_the_one_it_started_are_told_each_and_the_parents_message_names_the_child(
    world: World,
) -> None:
    parent = world.workspace.add(nesting.child_job_failed(501, STARTED))
    (child,) = parent.children
    for run_id in (child.run_id, parent.run_id):
        world.fails(run_id)
        world.work()

    of_child, of_parent = messages(world)
    assert "load_erp failed" in of_child.text
    assert "nightly_chain failed" in of_parent.text
    assert f"From run {child.run_id} of job load_erp, task load_orders" in str(of_parent.blocks)


@pytest.mark.parametrize(
    "scenario", [ml.missing_secret, platform.driver_out_of_memory], ids=["secret", "driver-log"]
)
def test_no_planted_secret_leaves_the_adapter(world: World, scenario: object) -> None:
    run = world.workspace.add(scenario(501, STARTED))  # type: ignore[operator]
    planted = [text for text in ("hunter2", "dapi") if text in repr(run)]
    world.fails(501)
    world.work()

    told = repr(world.slack.calls) + repr([mail.raw for mail in world.mailbox.messages])
    kept = b"".join(world.client.dump(key) or b"" for key in world.client.scan_iter())
    assert not [text for text in planted if text in told or text.encode() in kept]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("CANCELED", "Run timed out after 600 seconds, the job's maximum run duration."),
        ("REPOSITORY_CHECKOUT_FAILED", "Failed to checkout Git repository: no credential."),
    ],
)
def test_a_run_that_failed_without_a_failed_task_is_told_with_its_own_reason(
    world: World, code: str, message: str
) -> None:
    run = a_good_run(7, 1)
    run.run["tasks"][0].update(ended("CANCELED"))
    details = {"code": code, "type": "CLIENT_ERROR", "message": message}
    run.run["status"] = {"state": "TERMINATED", "termination_details": details}
    run.run["state"] = {"life_cycle_state": "INTERNAL_ERROR", "result_state": "FAILED"}
    let_fail(world, run)

    (root,) = messages(world)
    assert "No failed task was found" not in root.text
    assert message in str(root.blocks)
    assert "1 task failed" not in str(root.blocks)


def test_a_run_counts_once_among_those_with_its_cause_however_often_it_is_looked_at(
    world: World,
) -> None:
    let_fail(world, a_failed_run(7, 0, MODULE), a_failed_run(7, 1, MODULE))
    assert "2nd time in" in str(messages(world)[0].blocks)

    let_fail(world, a_failed_run(7, 1, MODULE, METASTORE))

    assert "2nd time in" in str(messages(world)[0].blocks)
