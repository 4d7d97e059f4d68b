import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from jobmon.demo.slack import PretendSlack
from jobmon.demo.slack.block_checks import check_message
from jobmon.demo.slack.team import Refusal

CHANNEL = "C0123456789"
BUTTON = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Go"},
    "action_id": "go",
    "value": "v",
}
MENU = {
    "type": "static_select",
    "placeholder": {"type": "plain_text", "text": "Mute"},
    "action_id": "mute",
    "options": [{"text": {"type": "plain_text", "text": "1 hour"}, "value": "60"}],
}


@pytest.fixture
def slack() -> Iterator[PretendSlack]:
    with PretendSlack() as server:
        yield server


@pytest.fixture
def web(slack: PretendSlack) -> WebClient:
    return WebClient(slack.token, base_url=slack.url, retry_handlers=[])


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


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


class _App(BaseHTTPRequestHandler):
    seen: list[tuple[bytes, dict[str, str]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).seen.append(
            (body, {name.lower(): value for name, value in self.headers.items()})
        )
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def app() -> Iterator[tuple[str, list[tuple[bytes, dict[str, str]]]]]:
    """An app that takes whatever Slack sends."""
    seen: list[tuple[bytes, dict[str, str]]] = []
    handler = type("App", (_App,), {"seen": seen})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", seen
        server.shutdown()
        thread.join()


App = tuple[str, list[tuple[bytes, dict[str, str]]]]


def test_a_command_reaches_the_app_with_a_signature_that_slacks_sdk_accepts(
    slack: PretendSlack, app: App
) -> None:
    url, seen = app

    answer = slack.person("U0ANA00001").type_command(url, "rerun 123", channel=CHANNEL)

    ((body, headers),) = seen
    assert answer.status == 200
    assert SignatureVerifier(slack.signing_secret).is_valid_request(body, headers)
    assert parse_qs(body.decode())["text"] == ["rerun 123"]


def test_a_click_carries_the_value_and_the_choice(
    slack: PretendSlack, web: WebClient, app: App
) -> None:
    url, seen = app
    blocks = [{"type": "actions", "elements": [BUTTON, MENU]}]
    web.chat_postMessage(channel=CHANNEL, text="x", blocks=blocks)
    (message,) = slack.messages()

    slack.person().click(url, message, "go")
    slack.person().click(url, message, "mute", option="1 hour")

    pressed, chosen = (
        json.loads(parse_qs(body.decode())["payload"][0])["actions"][0] for body, _ in seen
    )
    assert pressed["value"] == "v"
    assert chosen["selected_option"]["value"] == "60"


def test_the_signature_is_the_one_slack_documents(slack: PretendSlack, app: App) -> None:
    url, seen = app

    slack.person().send_signed(url, b"a=b", at=1531420618)

    ((_, headers),) = seen
    expected = hmac.new(
        slack.signing_secret.encode(), b"v0:1531420618:a=b", hashlib.sha256
    ).hexdigest()
    assert headers["x-slack-signature"] == f"v0={expected}"


def _answer_to(url: str, **answer: Any) -> int:
    request = Request(url, data=json.dumps(answer).encode())  # noqa: S310 (loopback)
    with urlopen(request, timeout=5) as reply:  # noqa: S310 (loopback)
        return int(reply.status)


def test_a_response_address_shows_the_answer_to_one_person_five_times(
    slack: PretendSlack, app: App
) -> None:
    url, seen = app
    slack.person("U0ANA00001").type_command(url, "status", channel=CHANNEL)
    response_url = parse_qs(seen[0][0].decode())["response_url"][0]

    statuses = [_answer_to(response_url, text="fine") for _ in range(5)]

    assert statuses == [200] * 5
    assert {message.ephemeral_to for message in slack.team.ephemerals} == {"U0ANA00001"}
    with pytest.raises(OSError, match="404"):
        _answer_to(response_url, text="once more")


def test_a_trigger_opens_one_dialog(slack: PretendSlack, web: WebClient, app: App) -> None:
    url, seen = app
    slack.person().type_command(url, "help", channel=CHANNEL)
    trigger = parse_qs(seen[0][0].decode())["trigger_id"][0]
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Mute"},
        "blocks": [section("x")],
    }

    web.views_open(trigger_id=trigger, view=view)

    with pytest.raises(SlackApiError) as raised:
        web.views_open(trigger_id=trigger, view=view)
    assert raised.value.response["error"] == "exchanged_trigger_id"


def test_socket_mode_is_refused(web: WebClient) -> None:
    with pytest.raises(SlackApiError):
        web.apps_connections_open(app_token="xapp-x")
