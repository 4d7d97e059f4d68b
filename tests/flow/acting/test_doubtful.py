"""A new run that may have been started is said to be doubtful; asking again starts no second."""

from itertools import count

import pytest

from jobmon.demo.workspace import Fault, FaultKind, PretendRun
from tests.flow.acting.conftest import ANA, BO, Desk
from tests.flow.acting.killing import dies_after, takes_over
from tests.flow.conftest import CHANNEL

RUN_NOW = "/jobs/run-now"
KEY = f"channel-{CHANNEL}"
COMMANDS = ("rerun 501 --all", "run hourly_sessions")


def fails_after_the_effect(desk: Desk, *, path: str = RUN_NOW, times: int = 2) -> None:
    kind = FaultKind.STATUS
    desk.world.workspace.fail(Fault(path=path, kind=kind, status=500, after=True, times=times))


def new_runs(desk: Desk) -> set[int]:
    return set(desk.world.workspace.content.runs) - {501}


def some_time_later(desk: Desk) -> None:
    """The same text is not taken for a second press of Enter any more."""
    for key in desk.world.client.scan_iter("jobmon:once:typed-*"):
        desk.world.client.delete(key)


@pytest.mark.parametrize("text", COMMANDS)
def test_one_lost_answer_is_settled_at_once(desk: Desk, transient: PretendRun, text: str) -> None:
    fails_after_the_effect(desk, times=1)
    desk.types(text)

    (run_id,) = new_runs(desk)
    assert f"run {run_id}" in desk.told()[-1]


@pytest.mark.parametrize("text", COMMANDS)
def test_what_may_have_begun_is_not_said_to_be_undone(
    desk: Desk, transient: PretendRun, text: str
) -> None:
    fails_after_the_effect(desk)
    desk.types(text)

    assert "it may or may not be done" in desk.told()[-1]
    assert not any("othing was done" in line for line in (*desk.told(), *desk.thread))


@pytest.mark.parametrize("text", COMMANDS)
def test_asking_again_finds_the_run_that_has_begun(
    desk: Desk, transient: PretendRun, text: str
) -> None:
    fails_after_the_effect(desk)
    desk.types(text)
    desk.types(text)

    (run_id,) = new_runs(desk)
    assert f"run {run_id}" in desk.told()[-1]


@pytest.mark.parametrize("text", COMMANDS)
def test_asking_again_starts_a_run_that_has_not_begun(
    desk: Desk, transient: PretendRun, text: str
) -> None:
    desk.world.workspace.fail(Fault(path=RUN_NOW, kind=FaultKind.STATUS, status=500, times=2))
    desk.types(text)
    assert not new_runs(desk)
    desk.types(text)

    (run_id,) = new_runs(desk)
    assert f"run {run_id}" in desk.told()[-1]


def test_another_person_settles_a_rerun_of_the_same_run(desk: Desk, transient: PretendRun) -> None:
    fails_after_the_effect(desk)
    desk.types("rerun 501 --all")
    desk.types("rerun 501 --all", who=BO)

    assert len(new_runs(desk)) == 1
    assert "started the whole job anew" in desk.told(BO)[-1]


def test_once_settled_the_next_request_is_a_new_one(desk: Desk, transient: PretendRun) -> None:
    fails_after_the_effect(desk)
    for _ in range(3):
        desk.types("run hourly_sessions")
        some_time_later(desk)

    assert len(new_runs(desk)) == 2


@pytest.mark.parametrize("text", COMMANDS)
def test_after_a_crash_what_cannot_be_settled_stays_doubtful(
    desk: Desk, transient: PretendRun, text: str
) -> None:
    person = desk.world.slack.person(ANA)
    for steps in count(5):
        person.type_command(f"{desk.url}/slack/commands", text, channel=CHANNEL)
        assert dies_after(desk, KEY, steps=steps)
        if new_runs(desk):
            break
        desk.world.client.flushdb()
        desk.world.fails(501)
        desk.world.work()
    desk.world.workspace.fail(Fault(path=RUN_NOW, kind=FaultKind.STATUS, status=429, times=99))
    takes_over(desk, KEY)
    assert "not known" in desk.told()[-1]

    desk.world.workspace.recover()
    some_time_later(desk)
    desk.types(text)

    (run_id,) = new_runs(desk)
    assert f"run {run_id}" in desk.told()[-1]


def test_a_stop_that_may_have_been_taken_is_not_said_to_be_undone(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.content.runs[501]["status"]["state"] = "RUNNING"
    fails_after_the_effect(desk, path="/runs/cancel")
    desk.types("cancel 501")

    assert "it may or may not be done" in desk.told()[-1]
