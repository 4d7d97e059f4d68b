"""What cannot be sent says so, is told elsewhere, and holds nobody else up."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import redis.exceptions
from rq.timeouts import JobTimeoutException
from structlog.testing import capture_logs

from jobmon.digest import Destination
from jobmon.ports.notifier import Notifier
from tests.workers.office import CHANNEL, Office, breaks_on, letters, note, state
from workers.services import install


def test_a_note_that_slack_refuses_does_not_bury_the_rest_of_its_mailbox(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.fail_next("error", method="chat.postMessage", error="user_is_restricted")
    office.put(note(1), note(2), note(3))
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert len(office.slack.thread(root.ts, CHANNEL)) == 2
    assert set(letters(office)) == {"n-1"}
    assert "user_is_restricted" in letters(office)["n-1"]


def test_what_was_buried_is_not_tried_again_with_the_rest(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.fail_next("error", method="chat.postMessage", error="user_is_restricted")
    office.slack.fail_next("rate_limited", method="chat.postMessage")
    office.put(note(1), note(2))
    office.work()
    office.client.delete(*office.client.scan_iter("jobmon:pause:*"))
    office.let_time_pass()
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    (reply,) = office.slack.thread(root.ts, CHANNEL)
    assert "note 2" in reply.text
    assert set(letters(office)) == {"n-1"}


def test_with_a_dead_credential_it_is_told_by_mail_and_kept_as_a_dead_letter(
    office: Office,
) -> None:
    office.slack.fail_next("error", error="token_revoked", times=9)
    office.put(state(1), note(1))
    office.work()
    office.let_time_pass()
    office.work()

    (mail,) = office.mailbox.messages
    assert "could not be reached" in mail.message.as_string().replace("=\n", "")
    assert set(letters(office)) == {"d-1", "n-1"}
    assert "token_revoked" in letters(office)["d-1"]


def test_a_note_without_its_message_says_why_that_was_given_up(office: Office) -> None:
    office.slack.fail_next("error", error="token_revoked")
    office.put(state(1), note(1))
    office.work()
    office.let_time_pass()
    office.work()

    assert "token_revoked" in letters(office)["n-1"]
    assert "token_revoked" in office.services.store.last_words()["delivery_error"]


def test_a_note_that_comes_after_its_message_was_given_up_is_kept_for_a_replay(
    office: Office,
) -> None:
    office.slack.fail_next("error", error="token_revoked")
    office.put(state(1))
    office.work()
    office.put(note(1))
    office.work()
    assert set(letters(office)) == {"d-1", "n-1"}

    for letter in reversed(office.queue.dead_letters()):
        office.queue.replay(letter.letter_id)
    office.work()
    office.let_time_pass()
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert len(office.slack.thread(root.ts, CHANNEL)) == 1


def test_a_note_of_what_nobody_was_told_is_dropped_and_the_log_says_so(office: Office) -> None:
    office.put(note(1))
    with capture_logs() as said:
        office.work()

    assert not office.slack.calls_of("chat.postMessage")
    assert not letters(office)
    assert office.queue.pulse().mailboxes == 0
    assert "delivery.note_dropped" in [entry["event"] for entry in said]


def test_a_replayed_letter_is_delivered_when_the_credential_is_good_again(office: Office) -> None:
    office.slack.fail_next("error", error="token_revoked", times=1)
    office.put(state(1))
    office.work()
    (letter,) = office.queue.dead_letters()

    office.queue.replay(letter.letter_id)
    office.work()

    assert len(office.texts()) == 1
    assert not letters(office)


def test_where_mail_is_told_anyway_the_log_takes_what_slack_cannot(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = replace(
        state(1).digest.incident,
        destinations=(f"slack:{CHANNEL}", "email:oncall@example.com"),
    )
    office.slack.fail_next("error", error="is_archived")
    office.put(replace(state(1), digest=replace(state(1).digest, incident=incident)))
    office.work()
    office.let_time_pass()
    office.work()

    assert not office.mailbox.messages
    assert "is_archived" in letters(office)["d-1"]
    assert "could not be reached" in capsys.readouterr().err


def test_what_a_defect_of_ours_keeps_from_slack_is_told_by_mail(office: Office) -> None:
    breaks_on(office, "d-1", KeyError("what nobody thought of"))
    office.put(state(1))
    with capture_logs() as said:
        office.work()
        office.let_time_pass()
        office.work()

    (mail,) = office.mailbox.messages
    assert "KeyError, see the log" in mail.message.as_string().replace("=\n", "")
    assert letters(office) == {"d-1": "KeyError, see the log"}
    crashes = [entry for entry in said if entry["event"] == "delivery.crashed"]
    assert [crash["exc_info"] for crash in crashes] == [True]


def test_a_defect_that_one_note_meets_does_not_bury_the_rest_of_its_mailbox(
    office: Office,
) -> None:
    office.put(state(1))
    office.work()
    breaks_on(office, "n-1", KeyError("what nobody thought of"))
    office.put(note(1), note(2), note(3))
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert len(office.slack.thread(root.ts, CHANNEL)) == 2
    assert set(letters(office)) == {"n-1"}


@pytest.mark.parametrize("lost", [redis.exceptions.ConnectionError, JobTimeoutException])
def test_a_lost_redis_and_a_job_that_takes_too_long_are_nothing_of_the_deliverys(
    office: Office, lost: type[Exception]
) -> None:
    def notifier(_place: Destination) -> Notifier:
        raise lost

    install(replace(office.services, notifier=notifier))
    office.put(state(1))
    with suppress(redis.exceptions.ConnectionError):
        office.work()
    assert not letters(office)

    install(office.services)
    office.let_time_pass()
    office.work()

    assert len(office.texts()) == 1
    assert not office.mailbox.messages


def test_a_worker_that_lost_its_lease_sends_nothing(office: Office) -> None:
    office.put(state(1))
    box = f"jobmon:box:deliver:{office.key()}"

    def lose_it_while_waiting(_wait: timedelta) -> None:
        office.client.hset(box, "token", "another's")

    install(replace(office.services, sleep=lose_it_while_waiting))
    for _ in range(6):  # so that there is a turn to wait for
        office.services.limiter.reserve(f"slack-post-{CHANNEL}", rate=1.1, burst=6)
    office.work()

    assert not office.texts()
    assert not letters(office)
