"""Who cannot see the message edited hears of a cause that was read after the first mail."""

import copy

from jobmon.demo.workspace import ApiError, Fault, FaultKind
from jobmon.demo.workspace.states import RUNNING
from tests.flow.conftest import World
from tests.flow.jobs import METASTORE, MODULE, a_failed_run
from tests.flow.telling import messages


def mails(world: World) -> list[str]:
    """The mails' text, oldest first."""
    bodies = (mail.message.get_body(("plain",)) for mail in world.mailbox.messages)
    return [body.get_content() for body in bodies if body]


def time_goes_on(world: World, *, looks: int = 3) -> None:
    for _ in range(looks):
        world.pass_time()
        world.work()


def is_told_late_by_mail_and_by_an_edit(world: World) -> bool:
    first, second = mails(world)
    (message,) = messages(world)
    lines = [line.text for line in world.slack.thread(message.ts)]
    assert "A new cause appeared." not in lines
    assert "holidays" not in first
    return "holidays" in second and "holidays" in str(message.blocks)


def test_the_cause_of_a_run_that_could_not_be_read_is_mailed_when_it_is(world: World) -> None:
    fault = Fault(kind=FaultKind.STATUS, path="/jobs/runs/get", status=500, times=1000)
    world.workspace.fail(fault)
    world.fails(world.workspace.add(a_failed_run(7, 0, MODULE)).run_id)
    world.work()
    time_goes_on(world, looks=5)
    assert "could not be read" in mails(world)[0]

    world.workspace.recover()
    time_goes_on(world)

    assert is_told_late_by_mail_and_by_an_edit(world)


def test_the_cause_in_an_output_that_could_not_be_read_is_mailed_when_it_is(world: World) -> None:
    run = world.workspace.add(a_failed_run(7, 0, METASTORE, MODULE))
    outputs, broken = world.workspace.content.outputs, run.run["tasks"][1]["run_id"]
    output, outputs[broken] = outputs[broken], ApiError(500, "INTERNAL_ERROR", "Made up.")
    world.fails(run.run_id)
    world.work()
    assert len(mails(world)) == 1

    outputs[broken] = output
    time_goes_on(world)

    assert is_told_late_by_mail_and_by_an_edit(world)


def test_another_cause_of_a_run_that_goes_on_is_mailed_when_it_has_ended(world: World) -> None:
    run = world.workspace.add(a_failed_run(7, 0, METASTORE, MODULE))
    stored = world.workspace.content.runs[run.run_id]
    ended = copy.deepcopy(stored)
    stored.update(RUNNING, end_time=0)
    stored["tasks"][1].update(RUNNING, end_time=0)
    world.post(world.workspace.event(run.run_id, task_key="load_0"))
    world.work()
    stored["tasks"][1].update(ended["tasks"][1])
    world.post(world.workspace.event(run.run_id, task_key="load_1"))
    world.work()
    assert len(mails(world)) == 1

    stored.update(ended)
    world.fails(run.run_id)
    world.work()
    time_goes_on(world)

    assert is_told_late_by_mail_and_by_an_edit(world)
