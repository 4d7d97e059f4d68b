from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jobmon.demo.slack import PretendSlack
from jobmon.digest import Note
from jobmon.errors import (
    ContentError,
    CredentialError,
    DestinationError,
    DoubtfulError,
    JobmonError,
    MessageGone,
    PermanentError,
    TransientError,
)
from jobmon.incident import IncidentState, NotifyReason
from jobmon.settings import Secret, SlackSettings
from notifiers.slack.client import SlackClient
from notifiers.slack.notifier import SlackNotifier
from tests.support.blocks import of_type, shown_text
from tests.support.digests import (
    a_delivery,
    a_digest,
    a_note,
    an_incident,
    slack_destination,
)

LONG = "Traceback (most recent call last):\n" + "  a line\n" * 500


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


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


def test_a_file_that_slack_refuses_is_said_in_the_thread_and_in_the_receipt(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    slack.fail_next("error", method="files.getUploadURLExternal", error="file_uploads_disabled")

    receipt = slack_notifier.send(a_note(note=Note(text="long", attachment=LONG)), root=root)

    (note,) = slack.thread(root.message_id)
    assert "could not attach error.txt" in receipt.degraded
    assert "could not attach error.txt" in shown_text(note.blocks)


@pytest.mark.parametrize(
    ("refusals", "degraded"),
    [(1, "without delivery id"), (2, "plain sections"), (3, "text only")],
)
def test_content_that_slack_refuses_is_sent_in_a_plainer_form(
    slack: PretendSlack, slack_notifier: SlackNotifier, refusals: int, degraded: str
) -> None:
    slack.fail_next("error", error="invalid_blocks", times=refusals)

    receipt = slack_notifier.send(a_delivery(), root=None)

    assert receipt.degraded == degraded
    assert slack.messages()[0].text.startswith("❌ nightly_orders failed")


def test_content_that_slack_refuses_in_every_form_is_an_error(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    slack.fail_next("error", error="invalid_blocks", times=4)

    with pytest.raises(ContentError):
        slack_notifier.send(a_delivery(), root=None)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("ratelimited", TransientError),
        ("service_unavailable", TransientError),
        ("internal_error", DoubtfulError),
        ("fatal_error", DoubtfulError),
        ("invalid_auth", CredentialError),
        ("token_revoked", CredentialError),
        ("missing_scope", CredentialError),
        ("channel_not_found", DestinationError),
        ("not_in_channel", DestinationError),
        ("is_archived", DestinationError),
        ("restricted_action_read_only_channel", DestinationError),
        ("message_not_found", MessageGone),
        ("edit_window_closed", MessageGone),
        ("an_error_of_next_year", PermanentError),
    ],
)
def test_slacks_errors_say_what_can_be_done(
    slack: PretendSlack, slack_notifier: SlackNotifier, error: str, kind: type[JobmonError]
) -> None:
    slack.fail_next("error", error=error)

    with pytest.raises(kind) as raised:
        slack_notifier.send(a_delivery(), root=None)

    assert type(raised.value) is kind


def test_a_channel_without_us_says_how_to_invite_us(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    slack.add_channel("C0ELSEWHERE", "elsewhere", member=False)

    with pytest.raises(DestinationError, match="/invite @jobmon"):
        slack_notifier.send(a_delivery(slack_destination("C0ELSEWHERE")), root=None)


def test_slacks_waiting_time_is_passed_on(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    slack.fail_next("rate_limited", retry_after=17)

    with pytest.raises(TransientError) as raised:
        slack_notifier.send(a_delivery(), root=None)

    assert raised.value.retry_after == timedelta(seconds=17)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "status", "html"])
def test_after_an_answer_that_never_came_nothing_is_sent_again_by_itself(
    slack: PretendSlack, slack_notifier: SlackNotifier, fault: str
) -> None:
    slack.fail_next(fault)

    with pytest.raises(DoubtfulError):
        slack_notifier.send(a_delivery(), root=None)

    assert len(slack.calls_of("chat.postMessage")) == 1


def test_an_answer_that_comes_too_late_is_doubtful(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    slack.fail_next("slow", delay=timedelta(seconds=1.5))

    with pytest.raises(DoubtfulError):
        slack_notifier.send(a_delivery(), root=None)


def test_a_slack_that_is_not_there_may_be_tried_later() -> None:
    settings = SlackSettings(bot_token=Secret("xoxb-x"), api_url="http://127.0.0.1:1/api/")

    with pytest.raises(TransientError):
        SlackNotifier(SlackClient(settings)).send(a_delivery(), root=None)


def test_a_doubtful_post_that_was_taken_is_found_by_its_delivery_id(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    slack.fail_next("drop_after")
    with pytest.raises(DoubtfulError):
        slack_notifier.send(a_delivery(), root=None)

    found = slack_notifier.find(a_delivery(), root=None, since=long_ago())

    assert found is not None
    assert found.message_id == slack.messages()[0].ts


def test_a_doubtful_post_that_was_not_taken_is_not_found(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    slack_notifier.send(a_delivery(delivery_id="another"), root=None)

    assert slack_notifier.find(a_delivery(), root=None, since=long_ago()) is None


def test_a_doubtful_note_is_found_in_its_thread(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    sent = slack_notifier.send(a_note(), root=root)

    assert slack_notifier.find(a_note(), root=root, since=long_ago()) == sent
    assert slack_notifier.find(a_note(delivery_id="no"), root=root, since=long_ago()) is None


def test_a_doubtful_edit_is_found_only_if_it_was_the_last(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    edit = a_delivery(delivery_id="dlv-edit")

    assert slack_notifier.find(edit, root=root, since=long_ago()) is None
    slack_notifier.send(edit, root=root)
    assert slack_notifier.find(edit, root=root, since=long_ago()) is not None


def test_a_message_is_found_behind_many_others(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    sent = slack_notifier.send(a_delivery(), root=None)
    channel = slack.team.channels["C0123456789"]
    for _ in range(450):
        channel.messages.append(
            replace(channel.messages[0], ts=slack.team.next_ts(), metadata=None)
        )

    assert slack_notifier.find(a_delivery(), root=None, since=long_ago()) == sent


def test_where_history_may_not_be_read_a_failure_is_told_again_and_a_note_is_not(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    slack.fail_next("error", error="missing_scope", times=2)

    assert slack_notifier.find(a_delivery(), root=None, since=long_ago()) is None
    note = slack_notifier.find(a_note(), root=root, since=long_ago())

    assert note is not None
    assert "perhaps not delivered" in note.degraded


def test_a_deleted_message_is_reported_as_gone(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    slack.delete_message(root.message_id)

    with pytest.raises(MessageGone):
        slack_notifier.send(a_delivery(delivery_id="dlv-2"), root=root)
    with pytest.raises(MessageGone):
        slack_notifier.send(a_note(), root=root)
