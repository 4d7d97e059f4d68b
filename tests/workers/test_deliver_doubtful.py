"""What may have been sent is looked up, and what is missing of it is added."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from jobmon.clock import utc_now
from jobmon.digest import Delivery, Note
from tests.support.digests import a_note, slack_destination
from tests.workers.office import CHANNEL, Office, letters, state
from workers.services import install


@pytest.mark.parametrize("minutes", [-9, 0, 9], ids="clock {}m off".format)
def test_a_lost_answer_is_found_though_our_clock_is_not_slacks(
    office: Office, minutes: int
) -> None:
    ours = replace(office.services, now=lambda: utc_now() + timedelta(minutes=minutes))
    install(ours)
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.put(state(1))
    office.work()
    office.let_time_pass()
    office.work()

    assert len(office.slack.messages(CHANNEL)) == 1


def test_a_message_that_was_posted_anew_with_a_lost_answer_is_found(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.delete_message(office.slack.messages(CHANNEL)[0].ts, CHANNEL)
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.put(state(2))
    for _ in range(3):
        office.work()
        office.let_time_pass()

    (root,) = office.slack.messages(CHANNEL)
    assert "state 2" in str(root.blocks)


def a_long_error() -> Delivery:
    """A note with a text that only a file has room for."""
    text = "Traceback (most recent call last):\n" * 200
    return a_note(
        slack_destination(CHANNEL),
        delivery_id="n-1",
        note=Note(text="The full error of load:", attachment=text, attachment_name="load.txt"),
    )


def thread(office: Office) -> list[str]:
    """The notes of the incident's thread, and the names of its files."""
    (root,) = office.slack.messages(CHANNEL)
    replies = office.slack.thread(root.ts, CHANNEL)
    return [str(item.files[0]["name"]) if item.files else item.text for item in replies]


def test_a_note_whose_answer_was_lost_gets_its_file(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.put(a_long_error())
    office.work()
    office.let_time_pass()
    office.work()

    assert thread(office) == ["The full error of load:", "load.txt"]


def test_a_file_that_slack_asks_to_wait_with_is_tried_again_after_that(office: Office) -> None:
    office.put(state(1))
    office.work()
    method = "files.getUploadURLExternal"
    office.slack.fail_next("rate_limited", method=method, times=2, retry_after=7)
    office.put(a_long_error())
    with capture_logs() as said:
        for _ in range(3):
            office.work()
            office.let_time_pass()

    postponed = [entry["seconds"] for entry in said if entry["event"] == "job.postponed"]
    assert postponed == [7, 7]
    assert thread(office) == ["The full error of load:", "load.txt"]
    assert not letters(office)


def test_a_note_that_has_its_file_already_gets_no_second_one(office: Office) -> None:
    office.put(state(1))
    office.work()
    root = office.services.store.root_receipt(
        state(1).digest.incident.incident_id, slack_destination(CHANNEL)
    )
    office.services.store.claim("n-1", now=utc_now())
    office.services.notifier(slack_destination(CHANNEL)).send(a_long_error(), root=root)
    office.put(a_long_error())
    office.work()

    assert thread(office) == ["The full error of load:", "load.txt"]


def test_a_found_note_that_cannot_get_its_file_says_so(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.slack.fail_next(
        "error", method="files.getUploadURLExternal", error="file_uploads_disabled"
    )
    office.put(a_long_error())
    office.work()
    office.let_time_pass()
    office.work()

    (note,) = thread(office)
    assert "could not attach load.txt" in note
    assert "could not attach" in office.services.store.last_words()["delivery_error"]
    assert not letters(office)
