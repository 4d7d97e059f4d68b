"""What Slack's errors mean to whoever has to send."""

from datetime import timedelta

import pytest

from jobmon.demo.slack import PretendSlack
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
from jobmon.settings import Secret, SlackSettings
from notifiers.slack.client import SlackClient
from notifiers.slack.notifier import SlackNotifier
from tests.support.digests import (
    RUN_URL,
    a_delivery,
    a_note,
    slack_destination,
)


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
    (message,) = slack.messages()
    assert message.text.startswith("❌ nightly_orders failed")
    assert RUN_URL in f"{message.text} {message.blocks}"


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


def test_a_slack_that_is_not_there_may_be_tried_later() -> None:
    settings = SlackSettings(bot_token=Secret("xoxb-x"), api_url="http://127.0.0.1:1/api/")

    with pytest.raises(TransientError):
        SlackNotifier(SlackClient(settings)).send(a_delivery(), root=None)


def test_a_deleted_message_is_reported_as_gone(
    slack: PretendSlack, slack_notifier: SlackNotifier
) -> None:
    root = slack_notifier.send(a_delivery(), root=None)
    slack.delete_message(root.message_id)

    with pytest.raises(MessageGone):
        slack_notifier.send(a_delivery(delivery_id="dlv-2"), root=root)
    with pytest.raises(MessageGone):
        slack_notifier.send(a_note(), root=root)
