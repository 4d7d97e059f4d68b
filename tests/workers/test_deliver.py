"""What waits in the outbox is sent once and in order."""

from datetime import timedelta

from tests.support.digests import (
    NOW,
    email_destination,
    slack_destination,
)
from tests.workers.office import CHANNEL, Office, letters, note, state
from workers.outbox import coalesced


def test_a_root_message_and_its_notes_arrive_in_order_and_once(office: Office) -> None:
    office.put(state(1), note(1), note(2))
    office.work()
    office.let_time_pass()
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    thread = [message.text for message in office.slack.thread(root.ts, CHANNEL)]
    assert len(thread) == 2
    assert "note 1" in thread[0]
    assert "note 2" in thread[1]


def test_states_that_were_overtaken_are_left_out() -> None:
    merged = coalesced([state(1), note(1), state(2), state(3)])

    assert [item.delivery_id for item in merged] == ["d-1", "n-1"]
    assert merged[0].digest.history == "state 3"


def test_mails_cannot_be_edited_so_none_is_left_out() -> None:
    mails = [state(1, email_destination()), state(2, email_destination())]

    assert coalesced(mails) == tuple(mails)


def test_a_later_state_edits_the_message(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.put(state(2))
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert root.edits == 1


def test_a_message_that_was_sent_before_a_crash_is_found_and_not_sent_again(
    office: Office,
) -> None:
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.put(state(1))
    office.work()
    office.let_time_pass()
    office.work()

    assert len(office.slack.messages(CHANNEL)) == 1
    assert len(office.slack.calls_of("chat.postMessage")) == 1
    receipt = office.services.store.root_receipt(
        state(1).digest.incident.incident_id, slack_destination(CHANNEL)
    )
    assert receipt is not None
    assert receipt.message_id == office.slack.messages(CHANNEL)[0].ts


def test_a_found_message_is_brought_up_to_the_newest_state(office: Office) -> None:
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.put(state(1))
    office.work()
    office.put(state(2))
    office.let_time_pass()
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert root.edits == 1
    assert "state 2" in str(root.blocks)


def test_a_doubtful_message_that_did_not_arrive_is_sent(office: Office) -> None:
    office.slack.fail_next("drop_before", method="chat.postMessage")
    office.put(state(1))
    office.work()
    office.let_time_pass()
    office.work()

    assert len(office.slack.messages(CHANNEL)) == 1


def test_a_claim_left_by_a_killed_worker_is_looked_up(office: Office) -> None:
    office.services.store.claim("d-1", now=NOW)
    office.put(state(1))
    office.work()

    assert len(office.slack.messages(CHANNEL)) == 1
    assert office.slack.calls_of("conversations.history")


def test_a_mail_that_may_have_been_sent_is_sent_again_with_the_same_id(office: Office) -> None:
    office.mailbox.fail_next("after_data", "drop")
    office.put(state(1, email_destination()))
    office.work()
    office.let_time_pass()
    office.work()

    ids = {str(mail.message["Message-ID"]) for mail in office.mailbox.messages}
    assert len(ids) == 1
    assert len(office.mailbox.messages) == 2


def test_each_mail_worthy_state_is_a_mail_of_its_own_after_an_outage(office: Office) -> None:
    office.mailbox.fail_next("mail", "451 not now")
    office.put(state(1, email_destination()))
    office.work()
    office.put(state(2, email_destination()))
    office.let_time_pass()
    office.work()

    assert len({str(mail.message["Message-ID"]) for mail in office.mailbox.messages}) == 2


def test_a_root_message_that_somebody_deleted_is_posted_anew_once(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.delete_message(office.slack.messages(CHANNEL)[0].ts, CHANNEL)
    office.put(state(2))
    office.work()
    office.put(state(3))
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert "state 3" in str(root.blocks)
    assert not letters(office)


def test_a_note_finds_its_root_deleted_and_both_are_there_again(office: Office) -> None:
    office.put(state(1))
    office.work()
    office.slack.delete_message(office.slack.messages(CHANNEL)[0].ts, CHANNEL)
    office.put(note(1))
    office.work()
    office.let_time_pass()
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert len(office.slack.thread(root.ts, CHANNEL)) == 1
    assert not letters(office)


def test_a_rate_limit_is_obeyed_and_the_message_comes_later(office: Office) -> None:
    office.slack.fail_next("rate_limited", method="chat.postMessage", retry_after=30)
    office.put(state(1))
    office.work()

    assert not office.texts()
    due = office.client.zscore("jobmon:wake", f"deliver:{office.key()}") or 0
    assert due / 1000 - office.client.time()[0] > 25
    office.client.delete(*office.client.scan_iter("jobmon:pause:*"))
    office.let_time_pass()
    office.work()
    assert len(office.texts()) == 1


def test_a_note_that_waits_for_its_turn_holds_no_newer_state_up(office: Office) -> None:
    office.put(state(1))
    office.work()
    for _ in range(20):
        office.services.limiter.reserve(f"slack-post-{CHANNEL}", rate=1.0, burst=6)
    office.put(note(1), state(2))
    office.work()
    office.put(state(3))
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert "state 3" in str(root.blocks)
    assert root.edits == 2  # what was shown is not shown again while the note waits
    assert not office.slack.thread(root.ts, CHANNEL)

    office.let_time_pass()
    office.work()
    office.let_time_pass()
    office.work()

    assert len(office.slack.thread(root.ts, CHANNEL)) == 1
    assert office.slack.messages(CHANNEL)[0].edits == 2


def test_a_look_up_that_fails_is_tried_again_and_loses_nothing(office: Office) -> None:
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.slack.fail_next("html", method="conversations.history")
    office.put(state(1))
    for _ in range(3):
        office.work()
        office.let_time_pass()

    assert len(office.slack.calls_of("chat.postMessage")) == 1
    assert len(office.slack.messages(CHANNEL)) == 1
    assert not letters(office)
    assert office.queue.pulse().mailboxes == 0


def test_waiting_for_a_turn_leaves_nothing_to_look_up(office: Office) -> None:
    office.services.limiter.pause(f"slack-post-{CHANNEL}", timedelta(seconds=30))
    office.put(state(1))
    office.work()
    office.client.delete(*office.client.scan_iter("jobmon:pause:*"))
    office.let_time_pass()
    office.work()

    assert len(office.slack.messages(CHANNEL)) == 1
    assert not office.slack.calls_of("conversations.history")
