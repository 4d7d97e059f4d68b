"""The pretend Slack refuses what Slack refuses, and shows what it shows."""

from collections.abc import Mapping
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from jobmon.demo.slack import PretendSlack
from jobmon.demo.slack.block_checks import check_message
from jobmon.demo.slack.team import Refusal
from tests.jobmon.demo.pieces import BUTTON, CHANNEL, MENU, section


def refused(web: WebClient, **arguments: Any) -> Mapping[str, Any]:
    with pytest.raises(SlackApiError) as raised:
        web.chat_postMessage(channel=CHANNEL, text="x", **arguments)
    data = raised.value.response.data
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        pytest.param([section("x")] * 51, "no more than 50", id="51 blocks"),
        pytest.param([section("x" * 3001)], "less than 3001", id="long section"),
        pytest.param([section("")], "more than 0", id="empty text"),
        pytest.param([{"type": "alert", "text": "x"}], "unsupported type", id="unknown block"),
        pytest.param([section("x", colour="red")], "colour", id="unknown property"),
        pytest.param(
            [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
            "unsupported type: mrkdwn",
            id="header with markup",
        ),
        pytest.param(
            [section("x", block_id="a"), section("y", block_id="a")], "already", id="same id"
        ),
        pytest.param(
            [{"type": "actions", "elements": [BUTTON | {"disabled": True}]}],
            "disabled",
            id="button with what buttons lack",
        ),
        pytest.param(
            [{"type": "actions", "elements": [BUTTON | {"value": "v" * 2001}]}],
            "less than 2001",
            id="long value",
        ),
        pytest.param(
            [{"type": "actions", "elements": [BUTTON, BUTTON]}], "action_id", id="same action"
        ),
        pytest.param(
            [{"type": "actions", "elements": [MENU | {"options": []}]}], "options", id="no option"
        ),
        pytest.param(
            [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{}]}]}],
            "unsupported type",
            id="unknown run",
        ),
    ],
)
def test_blocks_that_slack_would_refuse_are_refused(
    web: WebClient, blocks: list[dict[str, Any]], fault: str
) -> None:
    answer = refused(web, blocks=blocks)

    assert answer["error"] == "invalid_blocks"
    assert fault in " ".join(answer["response_metadata"]["messages"])


def test_too_many_characters_in_all_are_refused() -> None:
    with pytest.raises(Refusal, match="msg_blocks_too_long"):
        check_message("x", [section("x" * 2900) for _ in range(5)])


def test_blocks_that_slack_takes_are_taken(web: WebClient, slack: PretendSlack) -> None:
    web.chat_postMessage(channel=CHANNEL, text="x", blocks=[section("x"), {"type": "divider"}])

    assert len(slack.messages()[0].blocks) == 2


def test_an_edit_without_blocks_takes_the_blocks_away(web: WebClient, slack: PretendSlack) -> None:
    ts = web.chat_postMessage(channel=CHANNEL, text="x", blocks=[section("x")])["ts"]

    web.chat_update(channel=CHANNEL, ts=str(ts), text="y")

    assert slack.messages()[0].blocks == []


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE00", "channel_not_found"),
        ("C0ARCHIVED0", "is_archived"),
        ("C0OUTSIDE00", "not_in_channel"),
        ("C0SECRET000", "channel_not_found"),
    ],
)
def test_channels_that_take_no_message(
    web: WebClient, slack: PretendSlack, channel: str, error: str
) -> None:
    slack.add_channel("C0ARCHIVED0", "old", archived=True)
    slack.add_channel("C0OUTSIDE00", "outside", member=False)
    slack.add_channel("C0SECRET000", "secret", member=False, private=True)

    with pytest.raises(SlackApiError) as raised:
        web.chat_postMessage(channel=channel, text="x")

    assert raised.value.response["error"] == error


def test_a_wrong_token_is_refused(slack: PretendSlack) -> None:
    stranger = WebClient("xoxb-other", base_url=slack.url, retry_handlers=[])

    with pytest.raises(SlackApiError) as raised:
        stranger.auth_test()

    assert raised.value.response["error"] == "invalid_auth"


def test_more_than_one_message_a_second_is_too_many_when_enforced() -> None:
    with PretendSlack(enforce_rate=True) as slack:
        web = WebClient(slack.token, base_url=slack.url, retry_handlers=[])
        web.chat_postMessage(channel=CHANNEL, text="x")

        with pytest.raises(SlackApiError) as raised:
            web.chat_postMessage(channel=CHANNEL, text="y")

    assert raised.value.response.status_code == 429
    assert raised.value.response.headers["Retry-After"] == "1"


def test_a_thread_and_its_channel_are_read_as_slack_shows_them(web: WebClient) -> None:
    root = str(web.chat_postMessage(channel=CHANNEL, text="root")["ts"])
    web.chat_postMessage(channel=CHANNEL, text="quiet", thread_ts=root)
    web.chat_postMessage(channel=CHANNEL, text="loud", thread_ts=root, reply_broadcast=True)

    history = web.conversations_history(channel=CHANNEL)["messages"]
    replies = web.conversations_replies(channel=CHANNEL, ts=root)["messages"]

    assert [message["text"] for message in history or []] == ["loud", "root"]
    assert [message["text"] for message in replies or []] == ["root", "quiet", "loud"]


def test_metadata_is_shown_only_when_asked_for(web: WebClient) -> None:
    mark = {"event_type": "mark", "event_payload": {"id": "1"}}
    web.chat_postMessage(channel=CHANNEL, text="x", metadata=mark)

    (plain,) = web.conversations_history(channel=CHANNEL)["messages"] or []
    (full,) = (
        web.conversations_history(channel=CHANNEL, include_all_metadata=True)["messages"] or []
    )

    assert "metadata" not in plain
    assert full["metadata"] == mark


def test_people_and_groups_can_be_looked_up(web: WebClient, slack: PretendSlack) -> None:
    slack.add_user("U0ANA00001", name="Ana", email="Ana@example.com")
    slack.add_group("S0DATATEAM", ["U0ANA00001"])

    found = web.users_lookupByEmail(email="ana@example.com")["user"]

    assert found is not None
    assert found["id"] == "U0ANA00001"
    assert web.usergroups_users_list(usergroup="S0DATATEAM")["users"] == ["U0ANA00001"]
