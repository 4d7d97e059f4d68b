"""`/jobmon …`, typed in Slack and answered there."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from jobmon.demo.scenarios import data, platform
from jobmon.demo.workspace import PretendRun
from tests.flow.acting.conftest import ANA, EVE, STARTED, Desk
from tests.flow.conftest import CHANNEL
from tests.flow.jobs import a_failed_run, let_fail
from workers.services import install


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


def test_run_starts_a_job_by_name_or_id(desk: Desk, transient: PretendRun) -> None:
    desk.types("run hourly_sessions")
    desk.types(f"run {transient.job_id} --params day=monday")

    assert desk.new_runs == 2
    assert sum("of hourly_sessions" in text for text in desk.thread) == 2


def test_a_command_that_cannot_be_read_whole_starts_nothing_and_says_so(
    desk: Desk, transient: PretendRun
) -> None:
    long = desk.types(f"run hourly_sessions --params ids={'1' * 2000}")
    unpaired = desk.types('run hourly_sessions --params "day=monday')

    assert desk.new_runs == 0
    assert "Nothing was done: a command has at most 2000 characters" in long.body
    assert "Nothing was done: a quotation mark has no partner" in unpaired.body


def test_the_audit_trail_names_parameters_and_keeps_no_value(
    desk: Desk, transient: PretendRun
) -> None:
    desk.types("run hourly_sessions --params password=hunter22secret!")
    desk.types("rerun 501 --all --params password=hunter22secret!", who=EVE)

    (call,) = desk.world.workspace.calls_to("/jobs/run-now")
    assert call.parameters["job_parameters"] == {"password": "hunter22secret!"}
    refused, done = desk.services.store.audit()
    for outcome in (refused, done):
        assert outcome.action.parameters == (("password", "[redacted]"),)
        assert "hunter22" not in repr(outcome)
    assert not any("hunter22" in text for text in desk.thread)


def test_the_audit_trail_names_what_it_was_about_as_far_as_that_was_found(
    desk: Desk, transient: PretendRun
) -> None:
    workspace = desk.world.workspace
    (incident,) = desk.services.store.incidents()
    desk.types("rerun hourly_sessions")
    desk.types(f"rerun {workspace.url}/jobs/8/runs/999?o={workspace.workspace_id}")

    unknown, known = (outcome.action for outcome in desk.services.store.audit())
    assert (known.run_id, known.incident_id) == (501, incident.incident_id)
    assert (unknown.run_id, unknown.incident_id) == (None, "")
    assert known.workspace_id == unknown.workspace_id == workspace.workspace_id


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


def test_a_run_begun_anew_is_what_status_shows_and_cancel_stops(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=60)
    desk.types("rerun 501 --all")
    (new,) = set(desk.world.workspace.content.runs) - {501}

    desk.types("status hourly_sessions")
    assert f"|{new}>: *running*" in desk.told()[-1]
    desk.types("cancel hourly_sessions")
    assert f"<@{ANA}> asked run {new} of hourly_sessions to stop." in desk.thread
    desk.time_passes()
    assert "The repair was cancelled." in desk.thread


def test_the_number_of_a_tasks_run_stops_nothing_and_the_answer_names_the_whole(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=60)
    desk.types("rerun 501")
    task_run = transient.run["tasks"][0]["run_id"]

    desk.types(f"cancel {task_run}")

    assert f"{task_run} is the run of one task: `cancel 501` stops" in desk.told()[-1]
    assert not desk.world.workspace.calls_to("/jobs/runs/cancel")


def test_a_number_is_never_cut_to_another_runs(desk: Desk) -> None:
    run_id = 123456789012345678
    desk.world.workspace.add(platform.spot_instance_lost(run_id, STARTED))
    for number in (f"{run_id}9", f"{run_id}99999"):
        for command in ("cancel", "rerun", "status"):
            desk.types(f"{command} {number}")
            assert number in desk.told()[-1]

    assert desk.repairs == 0
    assert {call.parameters["run_id"] for call in desk.world.workspace.calls_to("/runs/get")} == {
        f"{run_id}9"
    }


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


def test_status_alone_shows_what_was_not_delivered(desk: Desk) -> None:
    desk.world.slack.add_channel("C0CONTROL1", "control")
    desk.types("status", channel="C0CONTROL1")
    assert desk.told() == ["Nothing is open: no job is known to be failing."]

    desk.world.slack.fail_next("error", error="is_archived", method="chat.postMessage")
    desk.fails(platform.spot_instance_lost(501, STARTED))
    desk.types("status", channel="C0CONTROL1")
    desk.types("status 501", channel="C0CONTROL1")

    alone, named = desk.told()[1:]
    assert "1 message given up: `jobmon replay` lists the reasons" in alone
    assert "The last delivery error was <!date^" in alone
    assert "archived" in alone
    assert "given up" not in named


def test_status_says_how_long_a_message_has_waited(desk: Desk) -> None:
    desk.world.slack.add_channel("C0CONTROL1", "control")
    desk.world.slack.fail_next("error", error="service_unavailable", method="chat.postMessage")
    desk.fails(platform.spot_instance_lost(501, STARTED))
    (mailbox,) = desk.world.client.scan_iter("jobmon:messages:deliver:*")
    now = datetime.now(UTC).timestamp() * 1000
    member = mailbox.decode().removeprefix("jobmon:messages:")
    desk.world.client.zadd("jobmon:since:deliver", {member: now - 20 * 60_000})
    desk.world.client.zadd("jobmon:wake", {member: now + 60_000})

    desk.types("status", channel="C0CONTROL1")

    assert "The oldest undelivered message has waited for 20 min." in desk.told()[-1]


def test_a_command_that_names_nothing_is_about_what_changed_last(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1), a_failed_run(2))
    desk.types("ack")

    first, last = desk.world.slack.messages(CHANNEL)
    assert "Acknowledged" not in first.text
    assert f"Acknowledged by Slack user {ANA}" in last.text
