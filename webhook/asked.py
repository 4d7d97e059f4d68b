"""What a request of Slack's asks for: an action to queue, or a text to answer with.

The same for HTTP and for Socket Mode; who calls has made sure that the request is Slack's.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import structlog

from jobmon.action import Action, ActionKind, Actor
from jobmon.button import ButtonValue, kind_of
from jobmon.command import NotUnderstood, help_text, parse_command
from jobmon.ports.queue import JobQueue, Message, WorkKind
from jobmon.run import WorkspaceId
from webhook.in_time import InTime, TooSlow
from webhook.intake import REDIS_AWAY

log = structlog.get_logger()

ANSWER_WITHIN = timedelta(seconds=1.5)
"""Slack shows an error after 3 s; the way there and back takes its share."""
LOOKING = "Looking…"
AWAY = "jobmon's Redis takes nothing at the moment. Nothing was done; try again."
SLOW = (
    "jobmon's Redis is slow at the moment: this may be done yet. Look before you ask again; "
    "a rerun that has begun is not begun twice."
)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_URL = re.compile(r"https?://[!-~]{1,500}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer that needs no work; empty means only to acknowledge."""

    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An action to queue. The same request sent again has the same action id."""

    action: Action
    message: Message
    acknowledgement: str = ""


def take(queue: JobQueue, asked: Asked | Said, in_time: InTime) -> str:
    """Queue what was asked, once; gives what to acknowledge it with, in time for Slack."""
    if isinstance(asked, Said):
        return asked.text
    try:
        is_new = in_time(lambda: queue.put(asked.message))
    except REDIS_AWAY as exc:
        log.error("slack.not_taken", reason=type(exc).__name__)  # noqa: TRY400
        return AWAY
    except TooSlow as exc:
        log.error("slack.not_taken", reason="redis is slow")  # noqa: TRY400
        return SLOW if exc.began else AWAY
    if is_new:
        kind, user = asked.action.kind.value, asked.action.actor.user_id
        log.info("slack.taken", action=kind, user=user)
    return asked.acknowledgement


def asked_by_command(form: Mapping[str, object], *, now: datetime) -> Asked | Said:
    """Read a slash command."""
    text = _typed(form.get("text"))
    parsed = parse_command(text)
    if isinstance(parsed, NotUnderstood):
        return Said(text=parsed.answer)
    if parsed.kind is ActionKind.HELP:
        return Said(text=help_text())
    actor = _actor(form.get("user_id"), form.get("team_id"), form.get("channel_id"))
    if not actor.user_id:
        return Said(text="Slack did not say who asked. Nothing was done.")
    action = Action(
        action_id=_request_id("c", form.get("trigger_id"), form.get("response_url"), text, actor),
        kind=parsed.kind,
        actor=actor,
        asked_at=now,
        workspace_id=WorkspaceId(parsed.workspace_id) if parsed.workspace_id else None,
        target=parsed.target,
        tasks=parsed.tasks,
        parameters=parsed.parameters,
        everything=parsed.everything,
        duration_minutes=parsed.duration_minutes,
        until_changed=parsed.until_changed,
        by_cause=parsed.by_cause,
        response_url=_url(form.get("response_url")),
    )
    message = message_of(action, key=f"channel-{actor.channel_id or 'none'}")
    return Asked(action=action, message=message, acknowledgement=LOOKING)


def asked_by_click(body: object, *, now: datetime) -> Asked | Said:
    """Read a click on a button or menu; anything else is only to be acknowledged."""
    payload = _mapping(body)
    click = _first(payload.get("actions"))
    kind = kind_of(_text(click.get("action_id")))
    chosen = _mapping(click.get("selected_option")).get("value") or click.get("value")
    value = ButtonValue.read(_text(chosen))
    actor = _actor(
        _mapping(payload.get("user")).get("id"),
        _mapping(payload.get("team")).get("id"),
        _mapping(payload.get("channel")).get("id"),
    )
    if kind is None or value is None or not actor.user_id:
        return Said()
    trigger = payload.get("trigger_id") or click.get("action_ts")
    url = payload.get("response_url")
    action = Action(
        action_id=_request_id("b", trigger, url, str(value), actor, kind),
        kind=kind,
        actor=actor,
        asked_at=now,
        incident_id=value.incident_id,
        incident_version=value.version,
        confirmed=kind is ActionKind.RERUN,  # the button's own dialog has asked
        duration_minutes=value.minutes,
        until_changed=value.until_changed,
        response_url=_url(url),
    )
    return Asked(action=action, message=message_of(action, key=value.incident_id))


def read_payload(text: str) -> object:
    """The JSON of an interaction; None when it is none."""
    try:
        return msgspec.json.decode(text.encode(errors="replace"))
    except (msgspec.DecodeError, RecursionError):
        return None


def message_of(action: Action, *, key: str) -> Message:
    """The message that asks a worker to do it."""
    return Message(
        kind=WorkKind.ACT,
        key=key,
        message_id=action.action_id,
        body=msgspec.json.encode(action),
    )


def _request_id(*parts: object) -> str:
    """The same for the same request of Slack's, another for each time somebody asks."""
    joined = repr(parts).encode(errors="replace")
    return f"a-{hashlib.sha256(joined).hexdigest()[:24]}"


def _actor(user: object, team: object, channel: object) -> Actor:
    return Actor(user_id=_id(user), team_id=_id(team), channel_id=_id(channel))


def _id(value: object) -> str:
    """A Slack id: anything else is no id."""
    text = _text(value)
    return text if _ID.fullmatch(text) else ""


def _url(value: object) -> str:
    text = _text(value)
    return text if _URL.fullmatch(text) else ""


def _text(value: object) -> str:
    """A text that can be stored: no half of a surrogate pair."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _typed(value: object) -> str:
    """What somebody typed, without the three escapes that Slack may have made in it.

    Its page tells of them for messages; a text that came without them stays as it is.
    https://docs.slack.dev/messaging/formatting-message-text
    """
    text = _text(value)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _first(value: object) -> Mapping[str, object]:
    return _mapping(value[0]) if isinstance(value, list) and value else {}


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
