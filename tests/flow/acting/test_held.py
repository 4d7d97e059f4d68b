"""What people do with a failure that is not told yet."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobmon.queue.mailboxes import RqJobQueue
from jobmon.settings import Maintenance, MuteRule
from tests.flow.acting.conftest import EVE, Desk
from tests.flow.conftest import CHANNEL
from tests.flow.jobs import METASTORE, a_failed_run, let_fail
from workers.services import install


def hold_back(desk: Desk) -> None:
    """Begin a maintenance window for every job."""
    now = datetime.now(UTC)
    window = Maintenance(start=now - timedelta(hours=1), end=now + timedelta(hours=1))
    desk.configure(
        *desk.services.settings.permissions,
        policy=replace(desk.services.settings.policy, maintenance=(window,)),
    )


def test_what_was_held_back_does_not_undo_what_somebody_did_meanwhile(desk: Desk) -> None:
    hold_back(desk)
    let_fail(desk.world, a_failed_run(7))
    desk.types("ack job_7")
    assert "acknowledged" in desk.root.text.lower()

    desk.time_passes()

    assert "acknowledged" in desk.root.text.lower()
    assert "jobmon.ack" not in desk.buttons


def test_what_is_said_of_a_failure_that_is_held_back_waits_with_its_message(desk: Desk) -> None:
    hold_back(desk)
    let_fail(desk.world, a_failed_run(7))
    desk.types("rerun job_7", who=EVE)
    assert not desk.world.slack.messages(CHANNEL)
    assert not RqJobQueue(desk.world.client).dead_letters()
    assert RqJobQueue(desk.world.client).pulse().oldest_undelivered_seconds is None

    desk.time_passes()

    assert any(EVE in text and "rerun" in text for text in desk.thread)
    assert not RqJobQueue(desk.world.client).dead_letters()


def test_what_is_said_of_a_failure_that_nobody_hears_of_is_dropped(desk: Desk) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    mute = MuteRule(jobs=("job_7",), until=tomorrow)
    settings = replace(desk.services.settings, mutes=(mute,))
    install(replace(desk.services, settings=settings))
    let_fail(desk.world, a_failed_run(7))
    desk.types("rerun job_7", who=EVE)
    desk.time_passes()

    assert not desk.world.slack.messages(CHANNEL)
    assert not RqJobQueue(desk.world.client).dead_letters()
    assert not desk.world.client.exists("jobmon:wake")


def test_a_storm_that_is_held_back_is_told_after_it_and_raises_no_alarm(desk: Desk) -> None:
    hold_back(desk)
    let_fail(desk.world, *(a_failed_run(job, 0, METASTORE) for job in range(1, 6)))
    assert not desk.world.slack.messages(CHANNEL)
    assert not desk.world.mailbox.messages
    assert not RqJobQueue(desk.world.client).dead_letters()

    desk.time_passes()

    threads = [desk.world.slack.thread(root.ts) for root in desk.world.slack.messages(CHANNEL)]
    said = [note.text for thread in threads for note in thread]
    assert sum("one message of its own" in text for text in said) == 2
    assert not RqJobQueue(desk.world.client).dead_letters()
