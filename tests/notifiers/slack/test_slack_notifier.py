"""What the Slack notifier sends: one message that is edited, and a thread."""

import pytest

from jobmon.demo.slack import PretendSlack
from jobmon.digest import Note
from jobmon.incident import IncidentState, NotifyReason
from notifiers.slack.blocks import size_of
from notifiers.slack.limits import BLOCKS_BUDGET
from notifiers.slack.note import MAX_INLINE_ATTACHMENT, MAX_NOTE_TEXT
from notifiers.slack.notifier import SlackNotifier
from notifiers.text import units
from tests.support.blocks import of_type, shown_text
from tests.support.digests import (
    a_delivery,
    a_digest,
    a_note,
    an_incident,
)

LONG = "Traceback (most recent call last):\n" + "  a line\n" * 500


def test_the_first_delivery_posts_and_later_ones_edit_the_same_message(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    resolved = a_digest(incident=an_incident(IncidentState.RESOLVED), reason=NotifyReason.RESOLVED)

    edited = slack_notifier.send(a_delivery(delivery_id="dlv-2", digest=resolved), root=root)

    (message,) = slack.messages()
    assert (message.ts, message.edits) == (root.message_id, 1)
    assert edited.message_id == root.message_id
    assert message.text.startswith("✅ nightly_orders recovered")


def test_text_and_blocks_always_travel_together(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    slack_notifier.send(a_delivery(), root=root)
    slack_notifier.send(a_note(), root=root)

    for call in (*slack.calls_of("chat.postMessage"), *slack.calls_of("chat.update")):
        assert call.arguments["text"]
        assert call.arguments["blocks"]


def test_links_are_never_unfolded(slack: PretendSlack, slack_notifier: SlackNotifier) -> None:
    slack_notifier.send(a_delivery(), root=None)

    (call,) = slack.calls_of("chat.postMessage")
    assert (call.arguments["unfurl_links"], call.arguments["unfurl_media"]) == (False, False)


def test_a_note_goes_into_the_thread_and_aloud_only_when_asked(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)

    slack_notifier.send(a_note(), root=root)
    slack_notifier.send(a_note(delivery_id="dlv-loud", broadcast=True), root=root)

    assert [note.broadcast for note in slack.thread(root.message_id)] == [False, True]


def test_a_note_mentions_the_people_whom_it_calls_and_no_one_else(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    digest = a_digest(mentions=("U0ONCALL01",), reason=NotifyReason.NEW_CAUSE)

    slack_notifier.send(a_note(), root=root)
    slack_notifier.send(a_note(digest=digest, delivery_id="d2"), root=root)

    quiet, loud = slack.thread(root.message_id)
    assert not of_type(quiet.blocks, "user")
    assert [item["user_id"] for item in of_type(loud.blocks, "user")] == ["U0ONCALL01"]


def test_a_note_of_strangers_text_mentions_nobody(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    note = Note(text="<!channel> <@U0123456789> *now*")

    root = slack_notifier.send(a_note(note=note), root=None)

    (message,) = slack.messages()
    assert message.ts == root.message_id
    assert not of_type(message.blocks, "mrkdwn", "user")
    assert "<" not in message.text


def test_a_note_in_our_own_markup_names_the_person(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    note = Note(text="<@U0ANA00001> muted it.", markup=True)

    slack_notifier.send(a_note(note=note), root=None)

    assert "<@U0ANA00001> muted it." in shown_text(slack.messages()[0].blocks)


def test_a_short_attachment_is_shown_and_a_long_one_becomes_a_file(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)

    slack_notifier.send(a_note(note=Note(text="short", attachment="KeyError: 'a'")), root=root)
    slack_notifier.send(a_note(note=Note(text="long", attachment=LONG)), root=root)

    short, long, file = slack.thread(root.message_id)
    assert "KeyError: 'a'" in shown_text(short.blocks)
    assert "a line" not in shown_text(long.blocks)
    assert file.files[0]["size"] == len(LONG)


@pytest.mark.parametrize("letter", ["e", "я", "文", "🔥", '"', "\n<"])
def test_an_attachment_is_shown_up_to_one_length_in_any_script_and_never_too_long_for_slack(
    slack: PretendSlack, slack_notifier: SlackNotifier, letter: str
) -> None:
    most = letter * (MAX_INLINE_ATTACHMENT // units(letter))
    note = Note(text=letter * MAX_NOTE_TEXT, attachment=most)
    slack_notifier.send(a_note(note=note), root=None)

    (message,) = slack.messages()
    assert size_of(tuple(message.blocks)) <= BLOCKS_BUDGET
    assert most.strip() in shown_text(message.blocks)


def test_a_file_that_slack_refuses_is_said_in_the_thread_and_in_the_receipt(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    slack.fail_next("error", method="files.getUploadURLExternal", error="file_uploads_disabled")

    receipt = slack_notifier.send(a_note(note=Note(text="long", attachment=LONG)), root=root)

    (note,) = slack.thread(root.message_id)
    assert "could not attach error.txt" in receipt.degraded
    assert "could not attach error.txt" in shown_text(note.blocks)
