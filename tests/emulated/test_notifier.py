"""The real notifier against a Slack that others wrote."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jobmon.digest import Destination, DestinationKind, Note
from jobmon.errors import DestinationError
from jobmon.settings import Secret, Settings, SlackSettings
from notifiers.slack.notifier import SlackNotifier
from tests.emulated.conftest import TOKEN, EmulatedSlack
from tests.support.digests import a_delivery, a_digest, a_note
from tests.support.example_digests import STATES


def notifier(slack: EmulatedSlack) -> SlackNotifier:
    settings = SlackSettings(bot_token=Secret(TOKEN), api_url=slack.url)
    return SlackNotifier.from_settings(replace(Settings(), slack=settings))


def place(slack: EmulatedSlack, channel: str = "") -> Destination:
    return Destination(kind=DestinationKind.SLACK, address=channel or slack.alerts)


@pytest.mark.parametrize("name", STATES, ids=str)
def test_every_kind_of_message_is_taken_as_it_is(emulated: EmulatedSlack, name: str) -> None:
    receipt = notifier(emulated).send(a_delivery(place(emulated), digest=STATES[name]()), root=None)

    (message,) = emulated.messages(emulated.alerts)
    assert not receipt.degraded
    assert message["ts"] == receipt.message_id
    assert message["text"]
    assert message["blocks"]


def test_one_message_is_posted_then_edited(emulated: EmulatedSlack) -> None:
    sender = notifier(emulated)
    root = sender.send(a_delivery(place(emulated)), root=None)
    before = emulated.messages(emulated.alerts)[0]["blocks"]
    later = a_digest(history="Seen three times in 90 days")
    sender.send(a_delivery(place(emulated), delivery_id="d-2", digest=later), root=root)

    (message,) = emulated.messages(emulated.alerts)
    assert message["ts"] == root.message_id
    assert message["blocks"] != before
    assert message["metadata"]["event_payload"] == {"delivery_id": "d-2"}


def test_notes_and_long_errors_go_into_the_thread(emulated: EmulatedSlack) -> None:
    sender = notifier(emulated)
    root = sender.send(a_delivery(place(emulated)), root=None)
    sender.send(a_note(place(emulated)), root=root)
    long = Note(text="The full error of load:", attachment="line\n" * 900, attachment_name="l.txt")
    receipt = sender.send(a_note(place(emulated), delivery_id="n-2", note=long), root=root)

    assert not receipt.degraded
    thread = emulated.thread(emulated.alerts, root.message_id)
    assert "Repair 2 started" in thread[0]["text"]
    assert any(item.get("files") for item in thread)
    assert len(emulated.messages(emulated.alerts)) == 1


def test_what_was_sent_is_found_again_by_its_delivery_id(emulated: EmulatedSlack) -> None:
    sender, since = notifier(emulated), datetime.now(UTC) - timedelta(minutes=1)
    delivery, note = a_delivery(place(emulated)), a_note(place(emulated))
    assert sender.find(delivery, root=None, since=since) is None
    root = sender.send(delivery, root=None)
    replied = sender.send(note, root=root)

    found = sender.find(delivery, root=None, since=since)
    assert found is not None
    assert found.message_id == root.message_id
    again = sender.find(note, root=root, since=since)
    assert again is not None
    assert again.message_id == replied.message_id


def test_a_channel_that_is_not_there_is_named_as_the_fault(emulated: EmulatedSlack) -> None:
    with pytest.raises(DestinationError, match="C0NOWHERE01"):
        notifier(emulated).send(a_delivery(place(emulated, "C0NOWHERE01")), root=None)
