"""Methods that read channels and take files."""

from collections.abc import Callable, Mapping

from jobmon.demo.slack.team import Channel, JSONObject, Message, Refusal, Team, Upload, mapping

Arguments = Mapping[str, object]
PAGE = 100


def history(team: Team, arguments: Arguments) -> JSONObject:
    """The channel's messages, newest first; replies only when they were broadcast."""
    channel = _readable(team, arguments)
    shown = [item for item in channel.messages if not item.thread_ts or item.broadcast]
    return _page(list(reversed(shown)), arguments)


def replies(team: Team, arguments: Arguments) -> JSONObject:
    """A thread, oldest first, with its root."""
    channel = _readable(team, arguments)
    root = str(arguments.get("ts"))
    shown = [item for item in channel.messages if root in (item.ts, item.thread_ts)]
    if not shown:
        raise Refusal("thread_not_found")
    return _page(shown, arguments, always=root)


def info(team: Team, arguments: Arguments) -> JSONObject:
    """What a channel is, and whether we are in it."""
    return {"channel": _shown(team.channel(arguments.get("channel")))}


def join(team: Team, arguments: Arguments) -> JSONObject:
    """Enter a public channel."""
    channel = team.channel(arguments.get("channel"))
    if channel.private:
        raise Refusal("method_not_supported_for_channel_type")
    channel.member = True
    return {"channel": _shown(channel)}


def upload_url(team: Team, arguments: Arguments) -> JSONObject:
    """First step of an upload: announce it."""
    length = int(str(arguments.get("length") or 0))
    if length <= 0:
        raise Refusal("invalid_arguments")
    upload = Upload(
        file_id=team.next_id("F"), name=str(arguments.get("filename") or ""), length=length
    )
    team.uploads[upload.file_id] = upload
    return {"upload_url": team.upload_url + upload.file_id, "file_id": upload.file_id}


def complete_upload(team: Team, arguments: Arguments) -> JSONObject:
    """Last step of an upload: share it in a channel or thread."""
    channel = team.channel(arguments.get("channel_id"))
    if not channel.member:
        raise Refusal("not_in_channel")
    files = arguments.get("files")
    shared = [_shared(team, mapping(item)) for item in (files if isinstance(files, list) else [])]
    if not shared:
        raise Refusal("invalid_arguments")
    message = Message(
        ts=team.next_ts(),
        channel=channel.channel_id,
        text=str(arguments.get("initial_comment") or ""),
        thread_ts=str(arguments.get("thread_ts") or ""),
        files=shared,
    )
    channel.messages.append(message)
    return {"files": shared}


def _shared(team: Team, item: Mapping[str, object]) -> JSONObject:
    upload = team.uploads.get(str(item.get("id")))
    if upload is None or len(upload.content) != upload.length:
        raise Refusal("file_not_found")
    return {
        "id": upload.file_id,
        "name": upload.name,
        "title": str(item.get("title") or upload.name),
        "size": upload.length,
        "preview": upload.content.decode(errors="replace")[:2000],
    }


def _readable(team: Team, arguments: Arguments) -> Channel:
    channel = team.channel(arguments.get("channel"))
    if not channel.member:
        raise Refusal("not_in_channel")
    return channel


def _page(messages: list[Message], arguments: Arguments, *, always: str = "") -> JSONObject:
    wanted = _between(arguments)
    found = [item for item in messages if item.ts == always or wanted(item.ts)]
    limit = min(int(str(arguments.get("limit") or PAGE)), 999)
    start = int(str(arguments.get("cursor") or 0))
    page, more = found[start : start + limit], len(found) > start + limit
    return {
        "messages": [
            item.as_json(metadata=_is_true(arguments.get("include_all_metadata"))) for item in page
        ],
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


def _between(arguments: Arguments) -> Callable[[str], bool]:
    oldest = float(str(arguments.get("oldest") or 0))
    latest = float(str(arguments.get("latest") or "inf"))
    if _is_true(arguments.get("inclusive")):
        return lambda ts: oldest <= float(ts) <= latest
    return lambda ts: oldest < float(ts) < latest


def _is_true(value: object) -> bool:
    return value in (True, 1, "1", "true", "True")


def _shown(channel: Channel) -> JSONObject:
    return {
        "id": channel.channel_id,
        "name": channel.name,
        "is_member": channel.member,
        "is_private": channel.private,
        "is_archived": channel.archived,
    }
