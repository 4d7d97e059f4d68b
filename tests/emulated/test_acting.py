"""Commands and buttons, with messages and answers in a Slack that others wrote."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.serving import make_server

from jobmon.action import CHANGES_SOMETHING, Permission
from jobmon.demo.scenarios import platform
from jobmon.demo.slack.person import element_of
from jobmon.demo.slack.team import Message
from jobmon.settings import Secret
from tests.emulated.conftest import TOKEN, EmulatedSlack
from tests.flow.conftest import World
from webhook.app import create_app
from workers.main import build_services
from workers.services import install

ANA, EVE = "U0ANA00001", "U0EVE00003"
STARTED = datetime.now(UTC) - timedelta(minutes=30)
_triggers = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """People whose messages stand in the emulated Slack."""

    world: World
    slack: EmulatedSlack
    url: str

    def types(self, text: str, *, who: str = ANA) -> None:
        """Type a command, and let the workers work."""
        form = {"text": text, "channel_id": self.slack.alerts, **self._request()}
        self._send("commands", who, form | {"user_id": who})

    def clicks(self, action_id: str, *, who: str = ANA) -> None:
        """Click on the incident's message, and let the workers work."""
        root = self.root
        shown = Message(
            ts=root["ts"], channel=self.slack.alerts, text=root["text"], blocks=root["blocks"]
        )
        element = element_of(shown, action_id)
        payload = {
            "type": "block_actions",
            "user": {"id": who},
            "channel": {"id": self.slack.alerts},
            "actions": [{"action_id": action_id, "value": element["value"]}],
            **self._request(),
        }
        self._send("interactions", who, {"payload": json.dumps(payload)})

    @property
    def root(self) -> dict[str, Any]:
        (message,) = self.slack.messages(self.slack.alerts)
        return message

    @property
    def thread(self) -> list[str]:
        found = self.slack.thread(self.slack.alerts, str(self.root["ts"]))
        return [str(item["text"]) for item in found]

    @property
    def answers(self) -> list[str]:
        return [str(item["text"]) for item in self.slack.messages(self.slack.answers)]

    def _request(self) -> dict[str, str]:
        return {"trigger_id": f"t-{next(_triggers)}", "response_url": self.slack.response_url}

    def _send(self, route: str, who: str, form: dict[str, str]) -> None:
        body = urlencode(form).encode()
        answer = self.world.slack.person(who).send_signed(f"{self.url}/slack/{route}", body)
        assert answer.status == 200
        self.world.work()


@pytest.fixture
def desk(world: World, emulated: EmulatedSlack) -> Iterator[Desk]:
    """A failure, told in the emulated Slack, where Ana may do everything and Eve nothing."""
    slack = replace(
        world.settings.slack,
        bot_token=Secret(TOKEN),
        api_url=emulated.url,
        channel=emulated.alerts,
    )
    permission = Permission(actions=tuple(sorted(CHANGES_SOMETHING)), users=(ANA,))
    settings = replace(world.settings, slack=slack, permissions=(permission,))
    services = replace(
        build_services(settings, world.client), limiter=world.services.limiter,
        sleep=world.services.sleep,
    )  # fmt: skip
    install(services)
    server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    world.workspace.add(platform.spot_instance_lost(501, STARTED))
    world.fails(501)
    world.work()
    yield Desk(world=world, slack=emulated, url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_commands_are_answered_and_told(desk: Desk) -> None:
    desk.types("status")
    assert "hourly_sessions" in desk.answers[0]
    desk.types("ack", who=EVE)
    assert f"<@{ANA}> may" in desk.answers[-1]
    assert any(f"<@{EVE}> asked to ack and was refused" in text for text in desk.thread)
    desk.types("ack")
    assert f"<@{ANA}> looks after it." in desk.thread
    assert f"Acknowledged* by <@{ANA}>" in json.dumps(desk.root["blocks"])


def test_a_rerun_is_followed_on_the_one_message(desk: Desk) -> None:
    (job_id,) = {run["job_id"] for run in desk.world.workspace.content.runs.values()}
    desk.world.workspace.repair_outcome(int(job_id), takes=600)
    desk.clicks("jobmon.rerun")

    assert len(desk.world.workspace.calls_to("/jobs/runs/repair")) == 1
    assert "is being rerun" in str(desk.root["text"])
    assert any("repairs run 501" in text for text in desk.thread)
    desk.types("rerun 501")
    assert "still active" in desk.answers[-1]
