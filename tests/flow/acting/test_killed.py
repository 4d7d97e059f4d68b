"""A worker is killed at each step of an action in turn: it is done once, and always answered."""

from collections.abc import Iterator
from itertools import count

import pytest

from jobmon.action import ActionKind, Permission
from jobmon.demo.scenarios import platform, training
from jobmon.demo.workspace import PretendRun
from tests.flow.acting.conftest import ANA, BO, STARTED, Desk
from tests.flow.acting.killing import dies_after, takes_over
from tests.flow.conftest import CHANNEL

pytestmark = pytest.mark.timeout(400)
KEY = f"channel-{CHANNEL}"
MOST_STEPS = 60


def begin(desk: Desk) -> PretendRun:
    """A failure that is told, in an installation that remembers nothing else."""
    desk.world.client.flushall()
    desk.world.workspace.content.runs.clear()
    team = desk.world.slack.team
    team.channel(CHANNEL).messages.clear()
    team.ephemerals.clear()
    return desk.fails(platform.spot_instance_lost(501, STARTED))


def each_step(desk: Desk, text: str, *, takes: float = 600, stride: int = 1) -> Iterator[int]:
    """Type a command again and again; each time its worker is killed one step later."""
    for steps in count(step=stride):
        assert steps < MOST_STEPS, "the action never came to its end"
        begun = begin(desk)
        desk.world.workspace.repair_outcome(begun.job_id, takes=takes)
        person = desk.world.slack.person(ANA)
        person.type_command(f"{desk.url}/slack/commands", text, channel=CHANNEL)
        if not dies_after(desk, KEY, steps=steps):
            assert steps > 5
            return
        takes_over(desk, KEY)
        yield steps


def repairs_of(desk: Desk, run_id: int) -> int:
    """How often a run has been repaired."""
    history = desk.world.workspace.content.runs[run_id].get("repair_history", [])
    return sum(item["type"] == "REPAIR" for item in history)


def the_one_outcome(desk: Desk) -> bool:
    """Whether it was done, by the audit trail; which has it once."""
    (outcome,) = desk.services.store.audit()
    return outcome.done


def answers(desk: Desk) -> list[str]:
    """What Ana was told at the end, here or in the thread; what comes before it left out."""
    told = [text for text in desk.told() if not text.startswith("The latest open incident")]
    return told or [text for text in desk.thread if text.startswith(f"<@{ANA}>")]


def test_a_rerun_is_one_repair_or_is_said_to_be_none(desk: Desk) -> None:
    doubtful = 0
    for step in each_step(desk, "rerun"):
        was_done = the_one_outcome(desk)
        assert repairs_of(desk, 501) == int(was_done), step
        expected = "repairs run 501" if was_done else "history shows none. Ask for it again"
        assert all(expected in text for text in answers(desk)), (step, answers(desk))
        assert answers(desk), step
        assert ("is being rerun" in desk.root.text) is was_done, step
        assert any(expected in text for text in desk.thread), step
        doubtful += not was_done
    # Between the note that it will be sent and the request, and nowhere else.
    assert 1 <= doubtful <= 2


@pytest.mark.parametrize("takes", [600, 0], ids=["still running", "ended meanwhile"])
def test_a_new_run_is_started_once(desk: Desk, takes: float) -> None:
    for step in each_step(desk, "rerun 501 --all", takes=takes, stride=2):
        assert the_one_outcome(desk), step
        assert len(desk.world.workspace.content.runs) == 2, step
        assert any("started the whole job anew" in text for text in answers(desk)), step


def test_the_second_persons_request_counts_though_its_worker_is_killed(desk: Desk) -> None:
    desk.configure(Permission(actions=(ActionKind.RERUN,), users=(ANA, BO), second_person=True))
    for steps in count(step=2):
        begun = begin(desk)
        desk.world.workspace.repair_outcome(begun.job_id, takes=600)
        desk.types("rerun 501", who=ANA)
        person = desk.world.slack.person(BO)
        person.type_command(f"{desk.url}/slack/commands", "rerun 501", channel=CHANNEL)
        if not dies_after(desk, KEY, steps=steps):
            return
        takes_over(desk, KEY)
        assert not any("two people" in text for text in desk.told(BO)), steps


def test_run_starts_one_run(desk: Desk) -> None:
    for step in each_step(desk, "run hourly_sessions"):
        assert the_one_outcome(desk), step
        assert len(desk.world.workspace.content.runs) == 2, step
        assert any("started run" in text for text in answers(desk)), step


@pytest.mark.parametrize(
    ("text", "said"), [("ack", "looks after it."), ("mute for 4h", "muted it until")]
)
def test_an_incident_is_changed_once(desk: Desk, text: str, said: str) -> None:
    for step in each_step(desk, text):
        assert the_one_outcome(desk), step
        assert sum(said in line for line in desk.thread) == 1, step
        assert all(said in line for line in answers(desk)), (step, answers(desk))


def test_a_run_is_stopped_and_that_is_said(desk: Desk) -> None:
    for steps in count():
        begin(desk)
        desk.world.workspace.content.runs[501]["status"]["state"] = "RUNNING"
        person = desk.world.slack.person(ANA)
        person.type_command(f"{desk.url}/slack/commands", "cancel 501", channel=CHANNEL)
        if not dies_after(desk, KEY, steps=steps):
            return
        takes_over(desk, KEY)
        assert the_one_outcome(desk), steps
        assert desk.world.workspace.content.runs[501]["status"]["state"] == "TERMINATED", steps
        assert any("asked run 501 of hourly_sessions to stop" in text for text in answers(desk))


def test_a_question_is_not_taken_for_its_own_answer(desk: Desk) -> None:
    desk.world.client.flushall()
    desk.fails(training.failed(501, STARTED))
    for steps in range(40):
        for key in desk.world.client.scan_iter("jobmon:once:*"):
            desk.world.client.delete(key)
        person = desk.world.slack.person(ANA)
        person.type_command(f"{desk.url}/slack/commands", "rerun 501", channel=CHANNEL)
        if not dies_after(desk, KEY, steps=steps):
            break
        takes_over(desk, KEY)
        assert "A rerun will most likely fail again" in desk.told()[-1], steps
    assert desk.repairs == 0


def test_another_incident_that_opens_meanwhile_is_not_meant(desk: Desk) -> None:
    for steps in count(6):
        begin(desk)
        person = desk.world.slack.person(ANA)
        person.type_command(f"{desk.url}/slack/commands", "rerun", channel=CHANNEL)
        assert dies_after(desk, KEY, steps=steps)
        if desk.told():
            break
    assert desk.told()[-1].startswith("The latest open incident here:\n❌ *hourly_sessions*: ")
    assert repairs_of(desk, 501) == 0

    desk.world.workspace.add(training.failed(777, STARTED))
    desk.world.fails(777)
    desk.world.work()
    takes_over(desk, KEY)
    assert (repairs_of(desk, 501), repairs_of(desk, 777)) == (1, 0)


def test_who_is_killed_for_ever_is_given_up_on_and_the_person_told(desk: Desk) -> None:
    begin(desk)
    person = desk.world.slack.person(ANA)
    person.type_command(f"{desk.url}/slack/commands", "rerun 501", channel=CHANNEL)
    for _ in range(3):
        assert dies_after(desk, KEY, steps=4)
        desk.world.client.hset(f"jobmon:box:act:{KEY}", "until", 0)
    takes_over(desk, KEY)

    assert "jobmon was killed 3 times" in desk.told()[-1]
    assert desk.repairs == 0
    assert not the_one_outcome(desk)
    assert BO not in " ".join(desk.thread)
