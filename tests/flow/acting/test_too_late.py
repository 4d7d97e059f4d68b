"""What was asked for while no worker was there: done soon after, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jobmon.action import ActionKind, Permission
from jobmon.clock import utc_now
from jobmon.demo.workspace import PretendRun
from tests.flow.acting.conftest import ANA, BO, Desk
from tests.flow.conftest import CHANNEL
from tests.flow.jobs import a_good_run
from workers.services import install


def asks(desk: Desk, text: str, *, who: str = ANA) -> None:
    """Type a command while no worker is there."""
    person = desk.world.slack.person(who)
    person.type_command(f"{desk.url}/slack/commands", text, channel=CHANNEL)


def workers_come_back(desk: Desk, *, after: timedelta) -> None:
    """Let the workers work, by a clock that has gone on."""
    install(replace(desk.services, now=lambda: utc_now() + after))
    desk.world.work()


@pytest.mark.parametrize("text", ["rerun 501", "rerun 501 --all", "rerun", "run hourly_sessions"])
def test_a_day_later_nothing_is_started_and_the_thread_says_so(
    desk: Desk, transient: PretendRun, text: str
) -> None:
    before = desk.thread
    asks(desk, text)
    workers_come_back(desk, after=timedelta(hours=20))

    assert (desk.repairs, desk.new_runs) == (0, 0)
    (line,) = desk.thread[len(before) :]
    assert line.startswith(f"<@{ANA}> asked to {text.split(maxsplit=1)[0]}, and nothing was done")
    assert "that was asked for 20 h ago and not done until now: ask again" in line
    (outcome,) = desk.services.store.audit()
    assert not outcome.done


def test_who_asked_is_told_directly_since_slack_takes_no_answer_any_more(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.slack.add_user(ANA, name="Ana")
    desk.world.workspace.add(a_good_run(7, 0))
    asks(desk, "run job_7")
    workers_come_back(desk, after=timedelta(hours=20))

    assert desk.told() == []
    (told,) = desk.world.slack.direct_messages(ANA)
    about, answer = told.text.splitlines()
    assert about == "You asked for run job_7:"
    assert answer.startswith("Nothing was done: that was asked for 20 h ago")


def test_within_half_an_hour_it_is_done(desk: Desk, transient: PretendRun) -> None:
    asks(desk, "rerun 501")
    workers_come_back(desk, after=timedelta(minutes=29))

    assert desk.repairs == 1


def test_a_click_of_yesterday_changes_nothing_either(desk: Desk, transient: PretendRun) -> None:
    desk.clicks_only(desk.root, "jobmon.ack")
    workers_come_back(desk, after=timedelta(hours=20))

    assert "looks after" not in desk.root.text
    assert "20 h ago" in desk.thread[-1]


def test_a_question_of_yesterday_is_answered(desk: Desk, transient: PretendRun) -> None:
    desk.world.slack.add_user(ANA, name="Ana")
    asks(desk, "status")
    workers_come_back(desk, after=timedelta(hours=20))

    (told,) = desk.world.slack.direct_messages(ANA)
    assert "hourly_sessions" in told.text


def test_a_first_request_of_yesterday_waits_for_no_second_person(
    desk: Desk, transient: PretendRun
) -> None:
    desk.configure(Permission(actions=(ActionKind.RERUN,), users=(ANA, BO), second_person=True))
    asks(desk, "rerun 501", who=ANA)
    workers_come_back(desk, after=timedelta(hours=20))
    install(desk.services)
    desk.types("rerun 501", who=BO)

    assert desk.repairs == 0
    desk.types("rerun 501", who=ANA)
    assert desk.repairs == 1
