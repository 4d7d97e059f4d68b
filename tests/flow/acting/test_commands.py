"""`/jobmon …`, typed in Slack and answered there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import redis.exceptions

from jobmon.action import ActionKind, Permission
from jobmon.demo.scenarios import data, platform, training
from jobmon.demo.workspace import Fault, FaultKind, PretendRun
from jobmon.ports.queue import JobQueue
from jobmon.settings import Policy
from tests.flow.acting.conftest import ANA, BO, EVE, EVERYTHING, STARTED, Desk
from tests.flow.conftest import CHANNEL
from workers.services import install


class KilledAfterRepair:
    """A queue whose worker dies when it asks for the first look at a repair."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue

    def put(self, *_: object, **__: object) -> bool:
        raise redis.exceptions.ConnectionError

    def __getattr__(self, name: str) -> Any:
        return getattr(self._queue, name)


def test_rerun_repairs_what_failed_and_keeps_the_parameters(desk: Desk) -> None:
    desk.fails(training.failed(501, STARTED))
    desk.types("rerun 501")
    assert desk.repairs == 0
    assert "A rerun will most likely fail again" in desk.told()[-1]

    desk.types("rerun 501")

    (call,) = desk.world.workspace.calls_to("/jobs/runs/repair")
    assert call.parameters["rerun_all_failed_tasks"] is True
    assert call.parameters["rerun_dependent_tasks"] is True
    assert call.parameters["job_parameters"]["env"] == "prod"  # type: ignore[index]
    assert "repairs run 501: the failed tasks" in desk.told()[-1]


def test_a_second_repair_names_the_one_before(desk: Desk, transient: PretendRun) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, succeeds=False)
    desk.types("rerun 501")
    desk.time_passes()
    first = desk.world.workspace.content.runs[501]["repair_history"][-1]["id"]
    desk.types(f"rerun {transient.run['run_name']}")

    call = desk.world.workspace.calls_to("/jobs/runs/repair")[-1]
    assert call.parameters["latest_repair_id"] == first


def test_without_a_name_the_latest_open_incident_is_named_before_anything_is_done(
    desk: Desk, transient: PretendRun
) -> None:
    desk.types("rerun")

    named, done = desk.told()
    assert named.startswith("The latest open incident here: hourly_sessions")
    assert "repairs run 501" in done
    assert desk.repairs == 1


def test_without_a_name_a_question_names_the_incident_too(desk: Desk) -> None:
    desk.fails(training.failed(501, STARTED))
    desk.types("rerun")

    named, question = desk.told()
    assert "train_models" in named
    assert "A rerun will most likely fail again" in question
    assert desk.repairs == 0


def test_a_defect_of_ours_is_said_and_holds_nobody_up(desk: Desk, transient: PretendRun) -> None:
    class Broken:
        def all(self) -> Any:
            return 1 / 0

        def __getattr__(self, name: str) -> Any:
            return getattr(desk.services.workspaces, name)

    install(replace(desk.services, workspaces=Broken()))
    person = desk.world.slack.person(ANA)
    for text in ("rerun 501 --tasks x", "run 501", "status"):
        person.type_command(f"{desk.url}/slack/commands", text, channel=CHANNEL)
    desk.world.work()

    assert any("went wrong inside jobmon" in text for text in desk.told())
    assert any("hourly_sessions" in text for text in desk.told())
    assert not any("ZeroDivision" in text for text in desk.told())
    assert desk.services.queue.dead_letters()


def test_without_a_name_another_channels_incident_is_not_meant(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.slack.add_channel("C0OTHER0001", "other")
    desk.types("rerun", channel="C0OTHER0001")

    assert "no such incident is open in this channel" in desk.told()[-1]
    assert desk.repairs == 0


def test_all_runs_the_whole_job_anew_and_says_so(desk: Desk, transient: PretendRun) -> None:
    desk.types("rerun 501 --all --params day=monday")

    assert (desk.repairs, desk.new_runs) == (0, 1)
    assert "started the whole job anew" in desk.told()[-1]
    (call,) = desk.world.workspace.calls_to("/jobs/run-now")
    assert call.parameters["job_parameters"] == {"day": "monday"}


def test_a_run_too_old_to_repair_is_run_anew_and_says_why(desk: Desk) -> None:
    desk.fails(platform.spot_instance_lost(501, STARTED - timedelta(days=61)))
    desk.types("rerun 501")

    assert (desk.repairs, desk.new_runs) == (0, 1)
    assert "older than 60 days" in desk.told()[-1]
    assert "started the whole job anew" in desk.told()[-1]


def test_a_run_that_databricks_has_forgotten_is_run_anew(desk: Desk, transient: PretendRun) -> None:
    runs = desk.world.workspace.content.runs
    runs[77] = {**runs.pop(501), "run_id": 77, "start_time": 1}
    desk.types("rerun hourly_sessions")

    assert (desk.repairs, desk.new_runs) == (0, 1)
    assert "has forgotten run 501" in desk.told()[-1]


def test_chosen_tasks_are_run_with_what_depends_on_them(desk: Desk) -> None:
    desk.fails(training.failed(501, STARTED))
    desk.types("rerun 501 --tasks train_churn_att")
    assert "has no task train_churn_att. Did you mean train_churn_at?" in desk.told()[-1]

    desk.types("rerun 501 --tasks train_churn_at")
    desk.types("rerun 501 --tasks train_churn_at")
    (call,) = desk.world.workspace.calls_to("/jobs/runs/repair")
    assert call.parameters["rerun_tasks"] == ["train_churn_at"]


def test_what_speaks_against_a_rerun_is_said_in_words(desk: Desk, transient: PretendRun) -> None:
    desk.world.workspace.add(
        replace(transient, run={**training.succeeded(502, STARTED + timedelta(minutes=9)).run,
                                "job_id": transient.job_id})
    )  # fmt: skip
    desk.types("rerun 501")
    assert "A newer run of this job has succeeded" in desk.told()[-1]

    desk.types("rerun 502")
    assert "succeeded" in desk.told()[-1]
    desk.types("rerun 404404")
    assert "Nothing was done" in desk.told()[-1]
    assert desk.repairs == 0


@pytest.mark.parametrize("kind", [FaultKind.DROP_AFTER, FaultKind.NONSENSE], ids=str)
def test_a_doubtful_answer_is_settled_by_the_runs_history(
    desk: Desk, transient: PretendRun, kind: FaultKind
) -> None:
    desk.world.workspace.fail(Fault(path="/jobs/runs/repair", kind=kind))
    desk.types("rerun 501")

    assert desk.repairs == 1
    assert "repairs run 501" in desk.told()[-1]


def test_a_repair_that_surely_did_not_begin_is_not_tried_again(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.fail(Fault(path="/jobs/runs/repair", kind=FaultKind.DROP))
    desk.types("rerun 501")
    assert desk.repairs == 1
    assert "history shows none" in desk.told()[-1]

    desk.types("rerun 501")
    assert desk.repairs == 2
    assert "repairs run 501" in desk.told()[-1]


def test_a_worker_killed_after_the_repair_began_begins_no_other_and_says_so(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=60)
    desk.configure(Permission(actions=EVERYTHING, users=(ANA,)))
    whole = desk.services
    install(replace(whole, queue=KilledAfterRepair(whole.queue)))
    desk.types("rerun 501")
    assert desk.repairs == 1
    assert not whole.store.audit()

    install(whole)
    desk.world.client.hset("jobmon:box:act:channel-C0123456789", "until", 0)
    desk.time_passes()

    assert desk.repairs == 1
    assert "repairs run 501" in desk.told()[-1]
    assert "is being rerun" in desk.root.text
    (outcome,) = whole.store.audit()
    assert outcome.done


def test_run_starts_a_job_by_name_or_id(desk: Desk, transient: PretendRun) -> None:
    desk.types("run hourly_sessions")
    desk.types(f"run {transient.job_id} --params day=monday")

    assert desk.new_runs == 2
    assert "of hourly_sessions" in desk.world.slack.messages(CHANNEL)[0].text or desk.thread


def test_enter_pressed_twice_is_one_run(desk: Desk, transient: PretendRun) -> None:
    person = desk.world.slack.person(ANA)
    for _ in range(2):
        person.type_command(f"{desk.url}/slack/commands", "run hourly_sessions", channel=CHANNEL)
    desk.world.work()

    assert desk.new_runs == 1
    assert "That was asked for already, by you." in desk.told()


def test_what_concerns_others_is_said_in_the_channel(desk: Desk) -> None:
    desk.world.workspace.add(platform.spot_instance_lost(501, STARTED))
    desk.types("run hourly_sessions")

    (message,) = desk.world.slack.messages(CHANNEL)
    assert message.text.startswith(f"<@{ANA}> started run")
    assert not desk.told()


def test_reading_is_for_everyone(desk: Desk, transient: PretendRun) -> None:
    for text in ("status", "status 501", "status hourly_sessions", "diagnose 501", "runs",
                 "runs hourly_sessions", "incidents"):  # fmt: skip
        desk.types(text, who=EVE)

    told = desk.told(EVE)
    assert len(told) == 7
    assert all("hourly_sessions" in text for text in told)
    assert "sessionize" in told[3]


def test_who_may_not_is_told_who_may(desk: Desk, transient: PretendRun) -> None:
    for text in ("rerun 501", "rerun 501 --all", "run hourly_sessions", "cancel 501", "ack",
                 "mute for 4h", "unmute hourly_sessions"):  # fmt: skip
        desk.types(text, who=EVE)

    assert all(f"<@{ANA}> and <@{BO}> may" in text for text in desk.told(EVE))
    assert (desk.repairs, desk.new_runs) == (0, 0)
    assert len(desk.told(EVE)) == 7


def test_nobody_may_change_anything_until_somebody_is_named(
    desk: Desk, transient: PretendRun
) -> None:
    desk.configure()
    desk.types("rerun 501")

    assert "Nobody is allowed to `rerun` this job" in desk.told()[0]
    assert desk.repairs == 0


def test_a_permission_holds_for_the_jobs_name_even_when_its_number_was_typed(
    desk: Desk, transient: PretendRun
) -> None:
    desk.configure(Permission(actions=EVERYTHING, users=(ANA,), jobs=("dev_*",)))
    desk.types(f"run {transient.job_id}")
    assert desk.new_runs == 0
    desk.configure(Permission(actions=EVERYTHING, users=(ANA,), jobs=("hourly_*",)))
    desk.types(f"run {transient.job_id}")
    assert desk.new_runs == 1


def test_a_user_groups_members_may(desk: Desk, transient: PretendRun) -> None:
    desk.world.slack.add_group("S0ONCALL01", [EVE])
    desk.configure(Permission(actions=EVERYTHING, groups=("S0ONCALL01",)))
    desk.types("rerun 501", who=BO)
    assert desk.repairs == 0
    desk.types("rerun 501", who=EVE)
    assert desk.repairs == 1


def test_the_second_person_has_to_ask_for_exactly_the_same(
    desk: Desk, transient: PretendRun
) -> None:
    desk.configure(Permission(actions=(ActionKind.RERUN,), users=(ANA, BO), second_person=True))
    desk.types("rerun 501", who=ANA)
    desk.types("rerun 501 --params day=monday", who=BO)
    assert desk.repairs == 0
    desk.types("rerun hourly_sessions", who=BO)
    assert desk.repairs == 1


def test_rights_in_databricks_count_when_they_are_to_be_checked(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.slack.add_user(ANA, name="Ana", email="ana@example.com")
    desk.world.slack.add_user(BO, name="Bo", email="bo@example.com")
    desk.world.workspace.allow(transient.job_id, level="CAN_MANAGE_RUN", user="ana@example.com")
    desk.world.workspace.allow(transient.job_id, level="CAN_VIEW", user="bo@example.com")
    desk.configure(
        Permission(actions=EVERYTHING, users=(ANA, BO, EVE)),
        policy=Policy(check_job_permissions=True),
    )
    desk.types("rerun 501", who=BO)
    assert "In Databricks you may not manage runs of this job" in desk.told(BO)[0]
    desk.types("rerun 501", who=EVE)
    assert "Nothing was done" in desk.told(EVE)[0]
    assert desk.repairs == 0
    desk.types("rerun 501", who=ANA)
    assert desk.repairs == 1


def test_everything_done_or_refused_is_in_the_audit_trail(
    desk: Desk, transient: PretendRun
) -> None:
    desk.types("rerun 501", who=EVE)
    desk.types("ack", who=ANA)
    desk.types("status", who=ANA)

    done, refused = desk.services.store.audit()
    assert (refused.done, refused.action.kind, refused.action.actor.user_id) == (
        False, "rerun", EVE,
    )  # fmt: skip
    assert (done.done, done.action.kind, done.action.actor.user_id) == (True, "ack", ANA)
    assert done.action.incident_id.startswith("inc-")
    assert refused.action.run_id == 501


def test_a_mute_has_its_term(desk: Desk, transient: PretendRun) -> None:
    desk.types("mute for 4h")
    assert "muted it until" in desk.thread[-1]
    assert "jobmon.unmute" in desk.buttons
    desk.types("unmute")
    assert "unmuted it" in desk.thread[-1]
    desk.types("mute hourly_sessions until changed")
    assert "until the cause changes" in desk.thread[-1]


def test_cancel_stops_an_active_run(desk: Desk, transient: PretendRun) -> None:
    desk.types("cancel 501")
    assert "has ended already" in desk.told()[-1]
    desk.world.workspace.repair_outcome(transient.job_id, takes=60)
    desk.types("rerun 501")
    desk.types("cancel 501")
    assert f"<@{ANA}> asked run 501 of hourly_sessions to stop." in desk.thread
    desk.time_passes()
    assert "The repair was cancelled." in desk.thread


def test_a_name_with_markup_in_it_stays_text(desk: Desk) -> None:
    run = data.table_not_found(501, STARTED)
    evil = "<!channel> & <@U0EVE00003>"
    desk.fails(replace(run, run={**run.run, "run_name": evil}))
    desk.types("status 501", who=EVE)
    desk.types("run 501", who=ANA)
    desk.types("ack", who=ANA)

    everything = [*desk.told(EVE), *desk.told(ANA), *desk.thread]
    assert not any("<!channel>" in text or "<@U0EVE" in text for text in everything)


def test_an_answer_goes_to_slack_only(desk: Desk, transient: PretendRun) -> None:
    form = {"text": "status", "user_id": ANA, "channel_id": CHANNEL, "trigger_id": "t1"}
    body = urlencode({**form, "response_url": f"{desk.url}/healthz"}).encode()
    desk.world.slack.person(ANA).send_signed(f"{desk.url}/slack/commands", body)
    desk.world.work()

    assert not desk.told()


def test_a_request_that_is_played_again_is_done_once(desk: Desk, transient: PretendRun) -> None:
    form = {"text": "run hourly_sessions", "user_id": ANA, "channel_id": CHANNEL}
    body = urlencode({**form, "trigger_id": "t1"}).encode()
    for _ in range(3):
        answer = desk.world.slack.person(ANA).send_signed(f"{desk.url}/slack/commands", body)
        assert answer.status == 200
        desk.world.work()

    assert desk.new_runs == 1
