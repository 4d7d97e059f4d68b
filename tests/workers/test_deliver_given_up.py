"""Slack is away for more than a day: each message is tried for a day of its own."""

from datetime import timedelta

import pytest

from jobmon.redis_answers import text_of
from tests.workers.office import Office, letters, note, state
from workers.job import GIVE_UP_AFTER


@pytest.fixture(autouse=True)
def slack_away(office: Office) -> None:
    office.slack.fail_next("status", times=1000, status=503)


def let_a_day_pass(office: Office) -> None:
    """Let it be a day ago that all of this was put and tried."""
    back = round((GIVE_UP_AFTER + timedelta(minutes=1)).total_seconds() * 1000)
    for box in office.client.scan_iter("jobmon:box:*"):
        office.client.hincrby(box, "began", -back)
    for messages in office.client.scan_iter("jobmon:messages:*"):
        for number, raw in enumerate(office.client.lrange(messages, 0, -1)):
            due, put_at, json = text_of(raw).split(" ", 2)
            moved = f"{int(due) - back} {int(put_at) - back} {json}"
            office.client.lset(messages, number, moved)


def try_again(office: Office) -> None:
    office.let_time_pass()
    office.work()


def test_what_was_put_seconds_ago_is_not_given_up_with_what_waited_for_a_day(
    office: Office,
) -> None:
    office.put(state(1), note(1))
    office.work()
    let_a_day_pass(office)
    office.put(note(2))
    try_again(office)

    assert set(letters(office)) == {"d-1", "n-1"}

    let_a_day_pass(office)
    try_again(office)

    assert set(letters(office)) == {"d-1", "n-1", "n-2"}
    assert office.queue.pulse().mailboxes == 0


def test_a_state_that_was_overtaken_is_tried_as_long_as_the_newest(office: Office) -> None:
    office.put(state(1))
    office.work()
    let_a_day_pass(office)
    office.put(state(2))
    try_again(office)
    assert not letters(office)

    let_a_day_pass(office)
    try_again(office)

    assert set(letters(office)) == {"d-1", "d-2"}
