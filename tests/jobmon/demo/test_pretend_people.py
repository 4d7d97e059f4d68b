"""People of the pretend Slack reach the app as Slack's people do."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from jobmon.demo.slack import PretendSlack
from tests.jobmon.demo.pieces import BUTTON, CHANNEL, MENU, section


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
