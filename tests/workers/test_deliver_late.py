"""What comes late does not turn a message back."""

from dataclasses import replace

from jobmon.digest import Delivery
from tests.support.digests import slack_destination
from tests.workers.office import CHANNEL, Office, letters, note, state
from workers.outbox import coalesced


def shown(office: Office) -> str:
    """What the incident's one message says."""
    (root,) = office.slack.messages(CHANNEL)
    return str(root.blocks)


def is_refused(office: Office, *deliveries: Delivery) -> None:
    """Let Slack refuse what is sent."""
    office.slack.fail_next("error", error="token_revoked", times=len(deliveries))
    for delivery in deliveries:
        office.put(delivery)
        office.work()
    assert len(letters(office)) == len(deliveries)


def replay(office: Office, *message_ids: str) -> None:
    """Put dead letters back, in this order."""
    ids = {item.message.message_id: item.letter_id for item in office.queue.dead_letters()}
    for message_id in message_ids:
        office.queue.replay(ids[message_id])


def remember(office: Office, delivery: Delivery) -> None:
    """Let the incident be as this delivery shows it."""
    store = office.services.store
    store.transact([], lambda tx: store.save_digest(tx, delivery.digest))


def test_the_newest_state_is_the_one_with_the_highest_version_in_whatever_order_they_wait() -> None:
    (merged,) = coalesced([state(3), state(1), state(2)])

    assert merged.digest.history == "state 3"
    assert merged.delivery_id == "d-1"


def test_an_older_state_that_is_replayed_leaves_the_message_as_it_is(office: Office) -> None:
    office.put(state(1))
    office.work()
    is_refused(office, state(2))
    office.put(state(3))
    office.work()

    replay(office, "d-2")
    office.work()

    assert "state 3" in shown(office)
    assert not letters(office)


def test_states_that_are_replayed_newest_first_show_the_newest(office: Office) -> None:
    is_refused(office, state(1), state(2), state(3))

    replay(office, "d-3", "d-2", "d-1")
    office.work()

    assert "state 3" in shown(office)


def test_states_that_are_replayed_one_by_one_show_the_newest(office: Office) -> None:
    is_refused(office, state(1), state(2), state(3))

    for message_id in ("d-3", "d-2", "d-1"):
        replay(office, message_id)
        office.work()

    assert "state 3" in shown(office)


def test_a_message_that_was_late_shows_what_has_become_of_the_incident(office: Office) -> None:
    is_refused(office, state(1))
    remember(office, state(2))

    replay(office, "d-1")
    office.work()

    assert "state 2" in shown(office)


def test_who_is_called_is_called_by_a_message_that_shows_a_newer_state(office: Office) -> None:
    remember(office, state(2))
    loud = replace(state(1).digest, mentions=("U0ONCALL01",))
    office.put(replace(state(1), digest=loud))
    office.work()

    assert "U0ONCALL01" in shown(office)


def test_a_state_that_stands_there_already_is_not_sent_again(office: Office) -> None:
    remember(office, state(2))
    office.put(state(1))
    office.work()
    office.put(state(2))
    office.work()

    (root,) = office.slack.messages(CHANNEL)
    assert root.edits == 0


def test_a_message_that_a_note_finds_deleted_comes_back_as_the_incident_is_now(
    office: Office,
) -> None:
    office.put(state(1))
    office.work()
    office.slack.delete_message(office.slack.messages(CHANNEL)[0].ts, CHANNEL)
    remember(office, state(9))
    office.put(note(1))
    office.work()

    assert "state 9" in shown(office)


def test_a_found_message_of_which_nobody_knows_what_it_shows_is_edited(office: Office) -> None:
    office.slack.fail_next("drop_after", method="chat.postMessage")
    office.put(state(1))
    office.work()
    office.slack.fail_next("rate_limited", method="chat.update", retry_after=1)
    office.put(state(2))
    office.let_time_pass()
    office.work()
    receipt = office.services.store.root_receipt(
        state(1).digest.incident.incident_id, slack_destination(CHANNEL)
    )
    assert receipt is not None
    assert receipt.version == 0

    office.client.delete(*office.client.scan_iter("jobmon:pause:*"))
    office.let_time_pass()
    office.work()

    assert "state 2" in shown(office)
