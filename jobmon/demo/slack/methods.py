"""The Web API methods that jobmon uses: `(team, arguments)` in, the answer or a Refusal out.

https://docs.slack.dev/reference/methods
"""

import json
from collections.abc import Callable, Mapping

from jobmon.demo.slack.block_checks import check_message
from jobmon.demo.slack.team import (
    BOT_USER,
    TEAM_ID,
    Channel,
    JSONObject,
    Message,
    Refusal,
    Team,
    mapping,
)

Arguments = Mapping[str, object]
Method = Callable[[Team, Arguments], JSONObject]

MAX_UPDATE_TEXT = 4000
MAX_METADATA = 8000


def auth_test(_team: Team, _arguments: Arguments) -> JSONObject:
    """Who we are."""
    return {
        "url": "https://pretend.slack.com/",
        "team": "Pretend",
        "user": "jobmon",
        "team_id": TEAM_ID,
        "user_id": BOT_USER,
        "bot_id": "B0JOBMON01",
    }


def post_message(team: Team, arguments: Arguments) -> JSONObject:
    """Post a message, or a reply when `thread_ts` is given."""
    channel = team.writable(arguments.get("channel"))
    check_message(arguments.get("text"), arguments.get("blocks"))
    thread = _thread(team, channel, arguments.get("thread_ts"))
    message = Message(
        ts=team.next_ts(),
        channel=channel.channel_id,
        text=str(arguments.get("text") or ""),
        blocks=_blocks(arguments),
        thread_ts=thread,
        broadcast=bool(arguments.get("reply_broadcast")) and bool(thread),
        metadata=_metadata(arguments),
    )
    channel.messages.append(message)
    shown = message.as_json(metadata=True)
    return {"channel": channel.channel_id, "ts": message.ts, "message": shown}


def update(team: Team, arguments: Arguments) -> JSONObject:
    """Edit a message of ours: a text without blocks removes the blocks."""
    channel = team.channel(arguments.get("channel"))
    message = team.message(channel, arguments.get("ts"))
    if message.user != BOT_USER:
        raise Refusal("cant_update_message")
    text, blocks = str(arguments.get("text") or ""), _blocks(arguments)
    if len(text) > MAX_UPDATE_TEXT:
        raise Refusal("msg_too_long")
    check_message(text, blocks)
    if _has_rich_text(message.blocks) and blocks and not _has_rich_text(blocks):
        raise Refusal("block_mismatch")
    message.text, message.blocks = text, blocks
    message.metadata = _metadata(arguments) or message.metadata
    message.edits += 1
    return {"channel": channel.channel_id, "ts": message.ts, "text": text}


def post_ephemeral(team: Team, arguments: Arguments) -> JSONObject:
    """Show something to one person only."""
    channel = team.writable(arguments.get("channel"))
    check_message(arguments.get("text"), arguments.get("blocks"))
    message = Message(
        ts=team.next_ts(),
        channel=channel.channel_id,
        text=str(arguments.get("text") or ""),
        blocks=_blocks(arguments),
        ephemeral_to=str(arguments.get("user") or ""),
    )
    team.ephemerals.append(message)
    return {"message_ts": message.ts}


def get_permalink(team: Team, arguments: Arguments) -> JSONObject:
    """The address of a message."""
    channel = team.channel(arguments.get("channel"))
    message = team.message(channel, arguments.get("message_ts"))
    stamp = message.ts.replace(".", "")
    link = f"https://pretend.slack.com/archives/{channel.channel_id}/p{stamp}"
    return {"channel": channel.channel_id, "permalink": link}


def open_view(team: Team, arguments: Arguments) -> JSONObject:
    """Open a dialog for whoever just clicked."""
    team.use_trigger(arguments.get("trigger_id"))
    view = dict(mapping(arguments.get("view")))
    if view.get("type") != "modal" or "title" not in view or not view.get("blocks"):
        raise Refusal("invalid_arguments")
    team.views.append(view)
    return {"view": {**view, "id": team.next_id("V")}}


def open_connection(_team: Team, _arguments: Arguments) -> JSONObject:
    """Socket Mode is not offered here."""
    raise Refusal("not_allowed_token_type")


def user_info(team: Team, arguments: Arguments) -> JSONObject:
    """One person."""
    user = team.users.get(str(arguments.get("user")))
    if user is None:
        raise Refusal("user_not_found")
    return {"user": user}


def lookup_by_email(team: Team, arguments: Arguments) -> JSONObject:
    """The person with a mail address."""
    wanted = str(arguments.get("email", "")).lower()
    for user in team.users.values():
        if mapping(user.get("profile")).get("email") == wanted:
            return {"user": user}
    raise Refusal("users_not_found")


def group_members(team: Team, arguments: Arguments) -> JSONObject:
    """Who is in a user group."""
    members = team.groups.get(str(arguments.get("usergroup")))
    if members is None:
        raise Refusal("no_such_subteam")
    return {"users": members}


def _thread(team: Team, channel: Channel, ts: object) -> str:
    if not ts:
        return ""
    try:
        parent = team.message(channel, ts)
    except Refusal:
        raise Refusal("thread_not_found") from None
    return parent.thread_ts or parent.ts


def _blocks(arguments: Arguments) -> list[JSONObject]:
    blocks = arguments.get("blocks")
    return list(blocks) if isinstance(blocks, list) else []


def _metadata(arguments: Arguments) -> JSONObject | None:
    metadata = arguments.get("metadata")
    if not metadata:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_format")
    if not metadata.get("event_type"):
        raise Refusal("invalid_metadata_format")
    if len(json.dumps(metadata)) > MAX_METADATA:
        raise Refusal("metadata_too_large")
    return metadata


def _has_rich_text(blocks: list[JSONObject]) -> bool:
    return any(block.get("type") == "rich_text" for block in blocks)
