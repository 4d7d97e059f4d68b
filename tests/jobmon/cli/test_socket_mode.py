"""The same commands and clicks, over a connection that jobmon opens itself."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from structlog.testing import capture_logs

from jobmon.action import Action, ActionKind
from jobmon.cli.slack import slack
from jobmon.cli.socket_mode import SocketMode, watch
from jobmon.cli.up import programs
from jobmon.errors import JobmonError, TransientError
from jobmon.ports.queue import WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.settings import Secret, Settings, SlackSettings
from jobmon.store.client import Client, Profile, connect
from tests.support.socket_server import SocketModeServer, socket_mode
from tests.support.waiting import wait_until
from webhook.asked import AWAY

COMMAND = {
    "envelope_id": "e1",
    "type": "slash_commands",
    "accepts_response_payload": True,
    "payload": {
        "command": "/jobmon",
        "text": "rerun 501",
        "user_id": "U0ANA00001",
        "channel_id": "C1",
        "trigger_id": "t1",
        "response_url": "https://hooks.slack.com/commands/1",
    },
}
CLICK: dict[str, Any] = {
    "envelope_id": "e2",
    "type": "interactive",
    "accepts_response_payload": True,
    "payload": {
        "type": "block_actions",
        "user": {"id": "U0ANA00001"},
        "channel": {"id": "C1"},
        "trigger_id": "t2",
        "actions": [{"action_id": "jobmon.ack", "value": "inc-1|3"}],
    },
}
EVENT = {"envelope_id": "e3", "type": "events_api", "payload": {"event": {"type": "x"}}}


@contextmanager
def connected(server: SocketModeServer, client: Client) -> Iterator[None]:
    settings = SlackSettings(app_token=Secret("xapp-1"), api_url=f"{server.url}/api/")
    stop = threading.Event()
    mode = SocketMode(settings, RqJobQueue(client))
    thread = threading.Thread(target=mode.run, args=(stop,))
    thread.start()
    yield
    stop.set()
    thread.join()


def test_commands_and_clicks_are_queued_and_acknowledged(client: Client) -> None:
    with socket_mode(COMMAND, CLICK, EVENT, COMMAND) as server, connected(server, client):
        wait_until(lambda: len(server.answers) == 4)

    by_id = {answer["envelope_id"]: answer.get("payload") for answer in server.answers}
    assert by_id == {"e1": {"text": "Looking…"}, "e2": None, "e3": None}
    assert server.tokens[0] == "Bearer xapp-1"
    queue = RqJobQueue(client)
    for key, kind in (("channel-C1", ActionKind.RERUN), ("inc-1", ActionKind.ACKNOWLEDGE)):
        lease = queue.take(WorkKind.ACT, key)
        assert lease is not None
        (message,) = lease.messages
        assert msgspec.json.decode(message.body, type=Action).kind is kind


def test_while_redis_is_away_a_click_is_told_so_where_slack_shows_it(tmp_path: Path) -> None:
    away = connect(f"unix://{tmp_path}/nobody.sock", Profile.WEB)
    with socket_mode() as server:
        payload = CLICK["payload"] | {"response_url": f"{server.url}/hooks/1"}
        server.envelopes.append(CLICK | {"payload": payload})
        with connected(server, away):
            wait_until(lambda: server.told and server.answers)

    assert server.answers == [{"envelope_id": "e2"}]
    assert [told["text"] for told in server.told] == [AWAY]


def test_a_slack_that_does_not_let_us_in_is_said_in_words(client: Client) -> None:
    settings = SlackSettings(app_token=Secret("xapp-1"), api_url="http://127.0.0.1:1/api/")
    with pytest.raises(JobmonError, match="Slack can't be reached"):
        SocketMode(settings, RqJobQueue(client)).run(threading.Event())


def test_a_connection_that_does_not_come_back_ends_the_program(client: Client) -> None:
    with socket_mode() as server:
        server.hangs_up = True
        settings = SlackSettings(app_token=Secret("xapp-1"), api_url=f"{server.url}/api/")
        mode = SocketMode(settings, RqJobQueue(client), patience=timedelta(0))
        with pytest.raises(TransientError, match="lost"):
            mode.run(threading.Event())
        mode.close()


def test_a_connection_that_comes_back_in_time_is_waited_for_and_both_are_logged() -> None:
    now, stop = [0.0], threading.Event()
    states = [True, False, False, True, True, False, False, True]

    def is_connected() -> bool:
        now[0] += 60
        if len(states) == 1:
            stop.set()
        return states.pop(0)

    with capture_logs() as said:
        watch(
            is_connected,
            stop,
            patience=timedelta(minutes=2),
            every=timedelta(0),
            clock=lambda: now[0],
        )

    assert [entry["event"] for entry in said] == ["socket.lost", "socket.connected"] * 2


def test_a_call_that_is_cut_off_is_made_once(client: Client) -> None:
    calls: list[bytes] = []

    class _CutOff(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            calls.append(self.rfile.readline())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _CutOff) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}/api"
        settings = SlackSettings(app_token=Secret("xapp-1"), api_url=address)
        with pytest.raises(JobmonError):
            SocketMode(settings, RqJobQueue(client)).run(threading.Event())
        server.shutdown()
        thread.join()

    assert [call.split()[1] for call in calls] == [b"/api/apps.connections.open"]


def test_without_a_token_it_says_which_beside_all_other_faults() -> None:
    wrong = {"PORT": "x", "REDIS_URL": "no-address", "SLACK_APP_TOKEN": None}

    result = CliRunner(env=wrong).invoke(slack, ["socket"])

    assert result.exit_code == 1
    faults = [line for line in result.stderr.splitlines() if line.startswith("✗ ")]
    named = {fault.split()[1].rstrip(":") for fault in faults}
    assert named == {"PORT", "SLACK_APP_TOKEN", "REDIS_URL"}


def test_one_command_starts_it_where_there_is_a_token() -> None:
    with_token = Settings(slack=SlackSettings(app_token=Secret("xapp-1")))

    assert [item.name for item in programs(with_token)].count("socket") == 1
    assert "socket" not in [item.name for item in programs(Settings())]
