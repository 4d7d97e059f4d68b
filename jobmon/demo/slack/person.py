"""Somebody in Slack who clicks buttons and types commands; the app gets them as Slack sends them.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from jobmon.demo.slack.team import TEAM_ID, Hook, JSONObject, Message, Team, mapping

TIMEOUT_SECONDS = 3
"""Slack shows an error to the person when the app takes longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """What the app answered; status 0 when it took too long or hung up."""

    status: int
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One user of the workspace."""

    team: Team
    user_id: str
    signing_secret: str
    hooks: str

    def type_command(
        self, url: str, text: str, *, channel: str, command: str = "/jobmon"
    ) -> Acknowledgement:
        """Type a slash command."""
        shown = self.team.channel(channel)
        form = {
            "command": command,
            "text": text,
            "user_id": self.user_id,
            "user_name": self.user_id.lower(),
            "channel_id": shown.channel_id,
            "channel_name": shown.name,
            "team_id": TEAM_ID,
            "team_domain": "pretend",
            "api_app_id": "A0JOBMON01",
            "response_url": self._hook(shown.channel_id, ""),
            "trigger_id": self._trigger(),
        }
        return self.send_signed(url, urlencode(form).encode())

    def see(self, answer: Acknowledgement, *, channel: str) -> None:
        """Show the answer to a command, as Slack does: to the person alone unless it says not."""
        if not answer.body.strip():
            return
        shown = _answer(answer.body)
        blocks = shown.get("blocks")
        message = Message(
            ts=self.team.next_ts(),
            channel=channel,
            text=str(shown.get("text") or ""),
            blocks=blocks if isinstance(blocks, list) else [],
        )
        with self.team.lock:
            if shown.get("response_type") == "in_channel":
                self.team.channel(channel).messages.append(message)
            else:
                message.ephemeral_to = self.user_id
                self.team.ephemerals.append(message)

    def click(
        self, url: str, message: Message, action_id: str, *, option: str = ""
    ) -> Acknowledgement:
        """Click a button of a message, or choose from a menu the option with this label."""
        element = element_of(message, action_id)
        payload = self.click_payload(message, element, option=option)
        return self.send_signed(url, urlencode({"payload": json.dumps(payload)}).encode())

    def click_payload(
        self, message: Message, element: Mapping[str, object], *, option: str = ""
    ) -> JSONObject:
        """What Slack tells the app about a click."""
        return {
            "type": "block_actions",
            "user": {"id": self.user_id, "team_id": TEAM_ID},
            "team": {"id": TEAM_ID, "domain": "pretend"},
            "api_app_id": "A0JOBMON01",
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": bool(message.ephemeral_to),
            },
            "channel": {"id": message.channel},
            "message": message.as_json(metadata=False),
            "trigger_id": self._trigger(),
            "response_url": self._hook(message.channel, message.ts),
            "state": {"values": {}},
            "actions": [_action(element, option, at=self.team.clock())],
        }

    def send_signed(self, url: str, body: bytes, *, at: float | None = None) -> Acknowledgement:
        """Post a form with Slack's signature."""
        stamp = str(int(self.team.clock() if at is None else at))
        base = b"v0:" + stamp.encode() + b":" + body
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        request = urllib.request.Request(  # noqa: S310 (the demo's own address)
            url,
            data=body,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": f"v0={digest}",
                "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return Acknowledgement(status=answer.status, body=answer.read().decode())
        except urllib.error.HTTPError as exc:
            return Acknowledgement(status=exc.code, body=exc.read().decode(errors="replace"))
        except OSError:
            return Acknowledgement(status=0)

    def _trigger(self) -> str:
        with self.team.lock:
            trigger = self.team.next_id("trigger.")
            self.team.triggers[trigger] = self.team.clock()
        return trigger

    def _hook(self, channel: str, message_ts: str) -> str:
        with self.team.lock:
            hook_id = self.team.next_id("H")
            self.team.hooks[hook_id] = Hook(
                channel=channel,
                user=self.user_id,
                message_ts=message_ts,
                issued_at=self.team.clock(),
            )
        return self.hooks + hook_id


def element_of(message: Message, action_id: str) -> Mapping[str, object]:
    """The button or menu of a message with this action id."""
    for block in message.blocks:
        elements = block.get("elements")
        for item in elements if isinstance(elements, list) else []:
            element = mapping(item)
            if element.get("action_id") == action_id:
                return element
    msg = f"the message has no {action_id}; it may have changed since it was looked at"
    raise LookupError(msg)


def _action(element: Mapping[str, object], option: str, *, at: float) -> JSONObject:
    action: JSONObject = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": "actions",
        "action_ts": f"{at:.6f}",
    }
    options = element.get("options")
    if not isinstance(options, list):
        return action | {"value": element.get("value", ""), "text": element.get("text")}
    for item in options:
        if mapping(mapping(item).get("text")).get("text") == option:
            return action | {"selected_option": item}
    msg = f"the menu has no option {option!r}"
    raise LookupError(msg)


def _answer(body: str) -> JSONObject:
    try:
        return dict(mapping(json.loads(body)))
    except json.JSONDecodeError:
        return {"text": body}
