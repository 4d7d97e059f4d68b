"""The buttons below an incident's message: one click is one action, whoever clicks."""

from concurrent.futures import ThreadPoolExecutor

from jobmon.action import ActionKind, Permission
from jobmon.demo.workspace import PretendRun
from tests.flow.acting.conftest import ANA, BO, EVE, Desk
from tests.support.waiting import wait_until


def test_rerun_repairs_the_run_and_the_outcome_comes_back_to_the_thread(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=0.05)
    acknowledged = desk.clicks("jobmon.rerun")

    assert acknowledged.status == 200
    assert desk.repairs == 1
    assert desk.new_runs == 0
    assert "is being rerun" in desk.root.text
    assert f"<@{ANA}>" in str(desk.root.blocks)
    assert any(text.startswith(f"<@{ANA}> repairs run 501") for text in desk.thread)

    wait_until(desk.has_recovered, within=5)
    assert any("Resolved by a rerun after" in text for text in desk.thread)


def test_a_repair_that_fails_again_is_said_in_the_thread_with_a_fresh_diagnosis(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, succeeds=False)
    desk.clicks("jobmon.rerun")
    desk.time_passes()

    assert "failed" in desk.root.text
    assert any("failed again" in text for text in desk.thread)
    assert "jobmon.rerun" in desk.buttons


def test_buttons_change_with_the_state(desk: Desk, transient: PretendRun) -> None:
    always = {"jobmon.details"} | ({"jobmon.open"} & desk.buttons)
    assert desk.buttons == always | {"jobmon.rerun", "jobmon.ack", "jobmon.mute"}

    desk.clicks("jobmon.ack")
    assert desk.buttons == always | {"jobmon.rerun", "jobmon.mute"}

    desk.clicks("jobmon.mute", option="Until the cause changes")
    assert desk.buttons == always | {"jobmon.rerun", "jobmon.unmute"}

    desk.clicks("jobmon.unmute")
    assert "jobmon.mute" in desk.buttons

    desk.world.workspace.repair_outcome(transient.job_id, takes=60)
    desk.clicks("jobmon.rerun")
    assert desk.buttons == always


def test_people_are_shown_as_people_on_the_message_and_in_the_thread(
    desk: Desk, transient: PretendRun
) -> None:
    desk.clicks("jobmon.ack")

    assert f"Acknowledged* by <@{ANA}>" in str(desk.root.blocks)
    note = desk.world.slack.thread(desk.root.ts)[-1]
    assert note.text == f"<@{ANA}> looks after it."
    assert note.text in str(note.blocks)


def test_of_two_people_who_click_at_once_the_second_is_told_who_was_first(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=60)
    seen = desk.seen
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda who: desk.clicks_only(seen, "jobmon.rerun", who=who), (ANA, BO)))
    desk.world.work()

    assert desk.repairs == 1
    told = {who: " ".join(desk.told(who)) for who in (ANA, BO)}
    first = ANA if f"<@{ANA}> repairs" in " ".join(desk.thread) else BO
    second = BO if first == ANA else ANA
    assert f"<@{first}>" in told[second]
    assert "already" in told[second]
    assert "already" not in told[first]


def test_two_acknowledgements_are_one(desk: Desk, transient: PretendRun) -> None:
    seen = desk.seen
    desk.clicks_only(seen, "jobmon.ack", who=ANA)
    desk.clicks_only(seen, "jobmon.ack", who=BO)
    desk.world.work()

    assert desk.told(BO) == [f"<@{ANA}> looks after it already."]
    assert sum("looks after" in text for text in desk.thread) == 1


def test_two_mutes_for_the_same_term_are_one(desk: Desk, transient: PretendRun) -> None:
    seen = desk.seen
    desk.clicks_only(seen, "jobmon.mute", who=ANA, option="1 hour")
    desk.clicks_only(seen, "jobmon.mute", who=BO, option="1 hour")
    desk.world.work()

    assert desk.told(BO) == [f"It is muted already, by <@{ANA}>."]


def test_a_double_click_is_one_repair(desk: Desk, transient: PretendRun) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=60)
    seen = desk.seen
    desk.clicks_only(seen, "jobmon.rerun")
    desk.clicks_only(seen, "jobmon.rerun")
    desk.world.work()

    assert desk.repairs == 1
    assert "You have rerun it already" in desk.told()[-1]


def test_somebody_without_permission_takes_nothing_from_somebody_with_it(
    desk: Desk, transient: PretendRun
) -> None:
    desk.clicks("jobmon.rerun", who=EVE)
    assert desk.repairs == 0
    assert f"<@{ANA}> and <@{BO}> may" in desk.told(EVE)[0]
    assert f"<@{EVE}> asked to rerun and was refused: not among those who may" in desk.thread

    desk.clicks("jobmon.rerun", who=BO)
    assert desk.repairs == 1


def test_a_job_that_wants_two_people_waits_for_the_second(
    desk: Desk, transient: PretendRun
) -> None:
    desk.configure(Permission(actions=(ActionKind.RERUN,), users=(ANA, BO), second_person=True))
    desk.clicks("jobmon.rerun", who=ANA)
    desk.clicks("jobmon.rerun", who=ANA)
    assert desk.repairs == 0
    assert "two people" in desk.told(ANA)[0]
    assert any("two people" in text for text in desk.thread)

    desk.clicks("jobmon.rerun", who=BO)
    assert desk.repairs == 1


def test_details_are_for_everyone_and_for_them_alone(desk: Desk, transient: PretendRun) -> None:
    before = len(desk.thread)
    desk.clicks("jobmon.details", who=EVE)

    assert "sessionize" in desk.told(EVE)[0]
    assert len(desk.thread) == before


def test_a_link_button_is_only_acknowledged(desk: Desk, transient: PretendRun) -> None:
    with desk.world.slack.team.lock:
        element = {"type": "button", "action_id": "jobmon.open", "value": "inc-1|1"}
    person = desk.world.slack.person(ANA)
    payload = person.click_payload(desk.root, element)
    assert payload["actions"]
    desk.world.work()
    assert not desk.told()


def test_a_repair_after_a_failure_to_reach_databricks_can_be_asked_for_again(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.content.runs[501]["status"]["state"] = "RUNNING"
    desk.clicks("jobmon.rerun")
    assert desk.repairs == 0
    assert "still active" in desk.told()[0]
    desk.world.workspace.content.runs[501]["status"]["state"] = "TERMINATED"

    desk.clicks("jobmon.rerun")
    assert desk.repairs == 1


def test_who_waits_for_a_repair_need_not_wait_long_for_its_outcome(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=60)
    desk.clicks("jobmon.rerun")
    for _ in range(3):
        assert 0 < desk.seconds_to_next_look(501) < 15
        desk.time_passes()


def test_a_whole_new_runs_outcome_comes_back_too(desk: Desk, transient: PretendRun) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=0.05)
    desk.types("rerun --all")

    wait_until(desk.has_recovered, within=5)
    assert any(text.startswith("Resolved by") for text in desk.thread)
