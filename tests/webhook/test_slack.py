"""What Slack sends is verified, taken once and acknowledged in time, whatever it is."""

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from jobmon.demo.slack import PretendSlack
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.settings import Secret, Settings
from jobmon.settings_reader import read_settings
from jobmon.store.client import Client
from tests.support.clicks import acknowledge_click
from tests.support.waiting import wait_until
from tests.support.web import web_client
from webhook.asked import AWAY, SLOW

SECRET = "signing-secret"
FORM = {
    "text": "rerun 501",
    "user_id": "U0ANA00001",
    "team_id": "T1",
    "channel_id": "C1",
    "trigger_id": "t.1",
    "response_url": "https://hooks.slack.com/commands/1",
}
CLICK = {
    "type": "block_actions",
    "user": {"id": "U0ANA00001"},
    "channel": {"id": "C1"},
    "trigger_id": "t.2",
    "actions": [{"action_id": "jobmon.ack", "value": "inc-1|3", "action_ts": "1"}],
}


def post(
    web: FlaskClient, path: str, body: bytes, *, secret: str = SECRET, age: int = 0
) -> TestResponse:
    stamp = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return web.post(
        path,
        data=body,
        content_type="application/x-www-form-urlencoded",
        headers={
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest.hexdigest()}",
        },
    )


def command(web: FlaskClient, **fields: str) -> TestResponse:
    return post(web, "/slack/commands", urlencode(FORM | fields).encode())


def click(web: FlaskClient, payload: Any) -> TestResponse:
    body = urlencode({"payload": json.dumps(payload)}).encode()
    return post(web, "/slack/interactions", body)


def waiting(client: Client) -> int:
    return RqJobQueue(client).pulse().mailboxes


def test_a_command_is_queued_and_acknowledged(web: FlaskClient, client: Client) -> None:
    answer = command(web)

    assert answer.status_code == 200
    assert answer.get_json() == {"response_type": "ephemeral", "text": "Looking…"}
    assert waiting(client) == 1


@pytest.mark.parametrize("path", ["commands", "interactions", "events"])
@pytest.mark.parametrize(("secret", "age"), [("other", 0), (SECRET, 301), (SECRET, -301)])
def test_what_is_not_signed_now_is_refused(
    web: FlaskClient, client: Client, path: str, secret: str, age: int
) -> None:
    answer = post(web, f"/slack/{path}", b"ssl_check=1", secret=secret, age=age)

    assert answer.status_code == 401
    assert waiting(client) == 0


def test_slacks_certificate_check_is_answered_once_it_is_verified(web: FlaskClient) -> None:
    assert post(web, "/slack/commands", b"ssl_check=1&token=x").status_code == 200
    assert web.post("/slack/commands", data={"ssl_check": "1"}).status_code == 401


def test_the_address_check_of_the_events_api_is_answered(web: FlaskClient) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c1"}).encode()

    assert post(web, "/slack/events", body).get_json() == {"challenge": "c1"}


def test_help_and_typos_are_answered_at_once(web: FlaskClient, client: Client) -> None:
    assert "rerun [RUN" in command(web, text="help").get_json()["text"]
    assert "Did you mean `rerun`?" in command(web, text="reurn 5").get_json()["text"]
    assert waiting(client) == 0


def test_a_request_that_comes_again_is_taken_once(web: FlaskClient, client: Client) -> None:
    for _ in range(3):
        assert command(web).get_json()["text"] == "Looking…"
    for _ in range(3):
        assert click(web, CLICK).data == b""

    assert client.llen("jobmon:messages:act:channel-C1") == 1
    assert client.llen("jobmon:messages:act:inc-1") == 1


def test_two_people_who_click_are_two_requests_of_one_mailbox(
    web: FlaskClient, client: Client
) -> None:
    click(web, CLICK)
    click(web, CLICK | {"user": {"id": "U0BO000002"}, "trigger_id": "t.3"})

    assert client.llen("jobmon:messages:act:inc-1") == 2


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "view_submission"},
        CLICK | {"actions": [{"action_id": "jobmon.open", "value": "inc-1|3"}]},
        CLICK | {"actions": [{"action_id": "jobmon.ack", "value": "inc-1"}]},
        CLICK | {"actions": [{"action_id": "jobmon.ack", "value": "a/b|1"}]},
        CLICK | {"actions": [{"action_id": "jobmon.mute", "selected_option": None}]},
        CLICK | {"user": {}},
        CLICK | {"user": {"id": "U1|x"}},
        [],
        None,
    ],
    ids=str,
)
def test_what_asks_for_nothing_is_only_acknowledged(
    web: FlaskClient, client: Client, payload: Any
) -> None:
    answer = click(web, payload)

    assert (answer.status_code, answer.data) == (200, b"")
    assert waiting(client) == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
CLICKS = st.fixed_dictionaries(
    {
        "user": JSON | st.fixed_dictionaries({"id": JSON | st.just("U0ANA00001")}),
        "actions": JSON
        | st.lists(
            st.fixed_dictionaries(
                {
                    "action_id": JSON | st.sampled_from(["jobmon.ack", "jobmon.mute"]),
                    "value": JSON | st.just("inc-1|3"),
                    "selected_option": JSON | st.fixed_dictionaries({"value": JSON}),
                }
            ),
            max_size=2,
        ),
        "trigger_id": JSON,
        "response_url": JSON,
    }
)
OFTEN = hypothesis_settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@OFTEN
@given(payload=CLICKS | JSON)
def test_no_payload_is_an_error_of_ours(web: FlaskClient, payload: Any) -> None:
    assert click(web, payload).status_code == 200


@OFTEN
@given(form=st.dictionaries(st.sampled_from([*FORM, "ssl_check"]), st.text(st.characters())))
def test_no_form_is_an_error_of_ours(web: FlaskClient, form: dict[str, str]) -> None:
    body = urlencode(FORM | form, errors="replace").encode()

    assert post(web, "/slack/commands", body).status_code == 200


@OFTEN
@given(body=st.binary())
@pytest.mark.parametrize("path", ["commands", "interactions", "events"])
def test_no_body_is_an_error_of_ours(web: FlaskClient, path: str, body: bytes) -> None:
    assert post(web, f"/slack/{path}", body).status_code == 200


def test_deep_nesting_is_no_error_of_ours(web: FlaskClient) -> None:
    body = urlencode({"payload": "[" * 100_000}).encode()

    assert post(web, "/slack/interactions", body).status_code == 200


def test_while_redis_is_away_nothing_is_done_and_it_says_so(
    web_without_redis: FlaskClient,
) -> None:
    assert command(web_without_redis).get_json()["text"] == AWAY


@pytest.fixture
def slack() -> Iterator[PretendSlack]:
    with PretendSlack() as pretend:
        yield pretend


def test_while_redis_is_away_a_click_is_told_so_where_slack_shows_it(
    settings: Settings, slack: PretendSlack, tmp_path: Path
) -> None:
    away = replace(
        settings,
        redis=replace(settings.redis, url=Secret(f"unix://{tmp_path}/nobody.sock")),
        slack=replace(settings.slack, api_url=slack.url),
    )
    with web_client(away) as web:
        answer = click(web, acknowledge_click(slack))
        wait_until(lambda: bool(slack.team.ephemerals))

    assert (answer.status_code, answer.data) == (200, b"")
    assert [told.text for told in slack.team.ephemerals] == [AWAY]


@pytest.fixture
def full_redis(client: Client) -> Iterator[Client]:
    """A Redis that answers every write with an error."""
    client.config_set("maxmemory", 1)
    yield client
    client.config_set("maxmemory", 0)


def test_while_redis_is_full_nothing_is_done_and_it_says_so(
    web: FlaskClient, full_redis: Client
) -> None:
    answer = command(web)

    assert (answer.status_code, answer.get_json()["text"]) == (200, AWAY)
    full_redis.config_set("maxmemory", 0)
    assert command(web).get_json()["text"] != AWAY


@pytest.fixture
def silent_server() -> Iterator[int]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


def test_a_redis_that_does_not_answer_keeps_slack_waiting_no_longer_than_it_waits(
    silent_server: int, tmp_path: Path
) -> None:
    settings = read_settings(
        {
            "REDIS_URL": f"redis://127.0.0.1:{silent_server}",
            "JOBMON_WEBHOOK_USERNAME": "databricks",
            "JOBMON_WEBHOOK_PASSWORD": "secret",
            "SLACK_SIGNING_SECRET": SECRET,
            "JOBMON_DATA_DIR": str(tmp_path / "data"),
        }
    )
    with web_client(settings) as web:
        began = time.monotonic()
        answer = command(web)
        took = time.monotonic() - began

    assert took < 2.5
    assert answer.status_code == 200
    assert answer.get_json()["text"] in {SLOW, AWAY}
