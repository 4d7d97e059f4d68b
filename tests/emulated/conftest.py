"""A Slack that others wrote: the npm package `emulate`, on this machine, with state.

It speaks the Web API and incoming webhooks; it neither types commands nor clicks, so those are
signed by our own pretend person, and answered to one of its webhooks.
"""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from jobmon.listening import reserve_port
from tests.flow.conftest import world
from tests.support.waiting import wait_until

__all__ = ["emulated", "world"]

PROGRAM = Path(__file__).parents[2] / "node_modules" / "emulate" / "dist" / "index.js"
TOKEN = "xoxb-emulated"
SCOPES = ("chat:write", "commands", "files:write", "channels:history", "channels:read",
          "users:read", "users:read.email")  # fmt: skip
SEED = {
    "tokens": {TOKEN: {"login": "U000000001", "scopes": SCOPES}},
    "slack": {
        "channels": [{"name": "alerts"}],
        "bots": [{"name": "jobmon"}],
        "strict_scopes": True,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EmulatedSlack:
    """What stands in its channels, read through its own API."""

    url: str
    web: WebClient
    alerts: str
    answers: str

    @property
    def response_url(self) -> str:
        """Where an answer may be posted: a webhook of nobody's, which writes into #general."""
        return self.url.removesuffix("api/") + "services/T000000001/B000000001/X000000001"

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """The channel's own messages, oldest first."""
        found = self.web.conversations_history(channel=channel, include_all_metadata=True)
        tops = [item for item in found["messages"] if item.get("thread_ts") in {None, item["ts"]}]
        return sorted(tops, key=lambda item: str(item["ts"]))

    def thread(self, channel: str, ts: str) -> list[dict[str, Any]]:
        """The replies to a message, oldest first."""
        found = self.web.conversations_replies(channel=channel, ts=ts)["messages"]
        return [item for item in found if item["ts"] != ts]


@pytest.fixture
def emulated(tmp_path: Path) -> Iterator[EmulatedSlack]:
    """A fresh one for each test."""
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(SEED), encoding="utf-8")
    port = reserve_port()
    command = ("node", str(PROGRAM), "start", "--service", "slack", "--seed", str(seed))
    with (tmp_path / "emulate.log").open("wb") as log:
        process = subprocess.Popen(
            (*command, "--port", str(port)),
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(lambda: _listens(port), within=30)
        yield _slack(port)
    finally:
        process.terminate()
        process.wait(10)


def _slack(port: int) -> EmulatedSlack:
    url = f"http://127.0.0.1:{port}/api/"
    web = WebClient(token=TOKEN, base_url=url)
    channels = {item["name"]: item["id"] for item in web.conversations_list()["channels"]}
    return EmulatedSlack(url=url, web=web, alerts=channels["alerts"], answers=channels["general"])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
