"""After an answer that never came, a message is looked up before it is sent again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jobmon.demo.slack import PretendSlack
from jobmon.digest import Note
from jobmon.errors import (
    DoubtfulError,
)
from notifiers.slack.notifier import SlackNotifier
from tests.support.digests import (
    a_delivery,
    a_note,
)


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


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


def test_a_file_that_slack_asks_to_wait_with_comes_later_and_its_note_not_again(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    note = a_note(note=Note(text="The full error:", attachment="  a line\n" * 500))
    slack.fail_next("rate_limited", method="files.getUploadURLExternal", retry_after=7)

    with pytest.raises(DoubtfulError) as raised:
        slack_notifier.send(note, root=root)
    found = slack_notifier.find(note, root=root, since=long_ago())

    assert raised.value.retry_after == timedelta(seconds=7)
    said, file = slack.thread(root.message_id)
    assert found is not None
    assert (found.message_id, found.degraded) == (said.ts, "")
    assert [shared["name"] for shared in file.files] == ["error.txt"]


def test_where_history_may_not_be_read_a_failure_is_told_again_and_a_note_is_not(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    slack.fail_next("error", error="missing_scope", times=2)

    assert slack_notifier.find(a_delivery(), root=None, since=long_ago()) is None
    note = slack_notifier.find(a_note(), root=root, since=long_ago())

    assert note is not None
    assert "perhaps not delivered" in note.degraded
