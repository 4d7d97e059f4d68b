"""What a signed Slack request asks for: an action to queue, or a text to answer with."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from jobmon.action import CHANGES_SOMETHING, Action, ActionKind, Actor
from jobmon.command import NotUnderstood, help_text, parse_command
from jobmon.ports.queue import Message, WorkKind

REPLAY_MEMORY = timedelta(minutes=10)
SAME_COMMAND_WINDOW_SECONDS = 10

BUTTONS = {
    "jobmon.rerun": ActionKind.RERUN,
    "jobmon.ack": ActionKind.ACKNOWLEDGE,
    "jobmon.mute": ActionKind.MUTE,
    "jobmon.unmute": ActionKind.UNMUTE,
    "jobmon.details": ActionKind.DETAILS,
}
MAX_ID = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer that needs no work; empty means only to acknowledge."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An action to queue, once."""

    action: Action
    message: Message
    acknowledgement: str = ""
    once_for: timedelta = REPLAY_MEMORY


def asked_by_command(form: Mapping[str, str], *, now: datetime) -> Asked | Said:
    """Read a slash command.

    The same person typing the same text in the same channel within seconds asked once: people press
    Enter again when an answer is slow.
    """
    parsed = parse_command(form.get("text", ""))
    if isinstance(parsed, NotUnderstood):
        return Said(text=parsed.answer)
    if parsed.kind is ActionKind.HELP:
        return Said(text=help_text())
    actor = _actor(form.get("user_id"), form.get("team_id"), form.get("channel_id"))
    bucket = int(now.timestamp()) // SAME_COMMAND_WINDOW_SECONDS
    once = f"{bucket}" if parsed.kind in CHANGES_SOMETHING else form.get("trigger_id", "")
    action = Action(
        action_id=_id("c", actor.user_id, actor.channel_id, form.get("text", ""), once),
        kind=parsed.kind,
        actor=actor,
        asked_at=now,
        target=parsed.target,
        tasks=parsed.tasks,
        parameters=parsed.parameters,
        everything=parsed.everything,
        duration_minutes=parsed.duration_minutes,
        until_changed=parsed.until_changed,
        response_url=form.get("response_url", ""),
    )
    return Asked(
        action=action,
        message=message_of(action, key=f"channel-{actor.channel_id or 'none'}"),
        acknowledgement="Looking…",
    )


def asked_by_click(payload: str, *, now: datetime) -> Asked | Said:
    """Read a click. Who clicks the same button of the same state second asked the same thing."""
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        return Said()
    click = _first(body.get("actions")) if isinstance(body, dict) else None
    if click is None:
        return Said()
    chosen = _mapping(click.get("selected_option")).get("value") or click.get("value")
    incident_id, _, rest = str(chosen or "").partition("|")
    version, _, term = rest.partition("|")
    kind = BUTTONS.get(str(click.get("action_id")))
    if kind is None or not incident_id or not version.isdecimal():
        return Said()
    actor = _actor(
        _mapping(body.get("user")).get("id"),
        _mapping(body.get("team")).get("id"),
        _mapping(body.get("channel")).get("id"),
    )
    action = Action(
        action_id=_id("b", kind.value, incident_id, version, term),
        kind=kind,
        actor=actor,
        asked_at=now,
        incident_id=incident_id[:MAX_ID],
        incident_version=int(version[:9]),
        confirmed=kind is ActionKind.RERUN,
        duration_minutes=int(term[:6]) if term.isdecimal() else None,
        until_changed=term == "changed",
        response_url=str(body.get("response_url") or ""),
    )
    return Asked(action=action, message=message_of(action, key=_safe(incident_id)))


def message_of(action: Action, *, key: str) -> Message:
    """The message that asks a worker to do it."""
    return Message(
        kind=WorkKind.ACT,
        key=key,
        message_id=action.action_id,
        body=msgspec.json.encode(action),
    )


def _actor(user: object, team: object, channel: object) -> Actor:
    return Actor(user_id=_safe(user), team_id=_safe(team), channel_id=_safe(channel))


def _safe(value: object) -> str:
    """A Slack id: anything else is no id."""
    text = str(value or "")[:MAX_ID]
    return text if text.replace("-", "").replace("_", "").isalnum() and text.isascii() else ""


def _id(*parts: str) -> str:
    joined = "/".join(parts).encode(errors="replace")
    return f"a-{hashlib.sha256(joined).hexdigest()[:24]}"


def _first(value: object) -> Mapping[str, object] | None:
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
