"""A click on a message that has changed since: nothing else is acted on than was seen."""

from dataclasses import replace
from datetime import timedelta

from jobmon.action import Action, ActionKind, Actor
from jobmon.demo.scenarios import data, platform
from jobmon.demo.workspace import PretendRun
from jobmon.incident_event import Acknowledged
from jobmon.run import RunId
from tests.flow.acting.conftest import ANA, BO, STARTED, Desk
from workers.act.change import change_now


def fails_again(desk: Desk, first: PretendRun, *, run_id: int = 502, other: bool = False) -> None:
    """The job's next run fails too."""
    make = data.table_not_found if other else platform.spot_instance_lost
    later = make(run_id, STARTED + timedelta(minutes=9))
    desk.fails(replace(later, run={**later.run, "job_id": first.job_id,
                                   "run_name": first.run["run_name"]}))  # fmt: skip


def test_rerun_on_an_older_run_reruns_nothing_and_says_what_has_changed(
    desk: Desk, transient: PretendRun
) -> None:
    seen = desk.seen
    fails_again(desk, transient)
    desk.clicks_only(seen, "jobmon.rerun")
    desk.world.work()

    assert (desk.repairs, desk.new_runs) == (0, 0)
    assert "run 502 has failed since" in desk.told()[-1]
    assert "click again" in desk.told()[-1]
    assert any("clicked rerun" in text and "502 has failed" in text for text in desk.thread)
    (outcome,) = desk.services.store.audit()
    assert not outcome.done

    desk.clicks("jobmon.rerun")
    (call,) = desk.world.workspace.calls_to("/jobs/runs/repair")
    assert call.parameters["run_id"] == 502


def test_acknowledging_another_cause_than_was_seen_is_not_done(
    desk: Desk, transient: PretendRun
) -> None:
    seen = desk.seen
    fails_again(desk, transient, other=True)
    for action_id, option in (("jobmon.ack", ""), ("jobmon.mute", "1 hour")):
        desk.clicks_only(seen, action_id, option=option)
    desk.world.work()

    assert all("for another reason" in text for text in desk.told())
    assert not any("looks after it" in text or "muted it" in text for text in desk.thread)
    desk.clicks("jobmon.ack")
    assert "looks after it" in desk.thread[-1]


def test_acknowledging_is_about_the_cause_whichever_run_has_it(
    desk: Desk, transient: PretendRun
) -> None:
    seen = desk.seen
    fails_again(desk, transient)
    desk.clicks_only(seen, "jobmon.ack")
    desk.world.work()

    assert "looks after it" in desk.thread[-1]


def test_a_second_click_after_the_repair_has_failed_repairs_nothing_again(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, succeeds=False)
    seen = desk.seen
    desk.clicks_only(seen, "jobmon.rerun", who=ANA)
    desk.world.work()
    desk.clicks_only(seen, "jobmon.rerun", who=BO)
    desk.world.work()

    assert desk.repairs == 1
    assert "since" in desk.told(BO)[-1]


def test_a_click_after_a_second_repair_that_nobody_told_of_repairs_nothing_again(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, succeeds=False)
    desk.clicks("jobmon.rerun")
    desk.time_passes()
    workspace = desk.services.workspaces.get(None)
    workspace.repair(workspace.run(RunId(transient.run_id)))
    desk.clicks("jobmon.rerun", who=BO)

    assert "has been repaired since" in desk.told(BO)[-1]
    assert desk.repairs == 2


def test_what_somebody_else_did_meanwhile_stops_nobody(desk: Desk, transient: PretendRun) -> None:
    seen = desk.seen
    desk.clicks("jobmon.ack", who=BO)
    desk.clicks_only(seen, "jobmon.rerun", who=ANA)
    desk.world.work()

    assert desk.repairs == 1


def test_a_past_incidents_message_says_that_it_is_over(desk: Desk, transient: PretendRun) -> None:
    seen = desk.seen
    store, now = desk.services.store, desk.services.now()
    (incident,) = store.incidents()
    newer = replace(incident, incident_id="inc-newer", updated_at=now, destinations=())
    store.transact([], lambda tx: store.save_incident(tx, newer))
    for action_id in ("jobmon.ack", "jobmon.rerun"):
        desk.clicks_only(seen, action_id)
    desk.world.work()

    assert desk.repairs == 0
    assert all("This incident is over" in text for text in desk.told())
    assert sum("This incident is over" in text for text in desk.thread) == 2


def test_what_comes_to_an_incident_that_is_over_by_then_changes_no_other(
    desk: Desk, transient: PretendRun
) -> None:
    store = desk.services.store
    (over,) = store.incidents()
    newer = replace(over, incident_id="inc-newer")
    store.transact([], lambda tx: store.save_incident(tx, newer))
    actor = Actor(user_id=ANA)
    action = Action(
        action_id="a-1", kind=ActionKind.ACKNOWLEDGE, actor=actor, asked_at=over.opened_at
    )

    change_now(desk.services, over, Acknowledged(by=ANA), action=action, said="looks after it.")

    assert store.current_incident(over.workspace_id, over.job_key) == newer


def test_what_is_not_muted_cannot_be_unmuted(desk: Desk, transient: PretendRun) -> None:
    desk.types("unmute hourly_sessions")

    assert desk.told()[-1] == "It is not muted."
