"""Slack's Web API, as far as jobmon speaks it: one request a call, errors translated."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from slack_sdk.web import SlackResponse

from jobmon.settings import SlackSettings
from notifiers.slack.blocks import SlackMessage
from notifiers.slack.forms import EVENT_TYPE
from notifiers.slack.web import TIMEOUT_SECONDS, translated, web_client

LOOK_BACK = timedelta(minutes=10)
"""Our clock may be ahead of Slack's: the delivery id says which message it is, not the time."""
LOOK_BACK_MESSAGES = 200
LOOK_BACK_PAGES = 5


class SlackClient:
    """Posts, edits, looks up and uploads; every error is one of `jobmon.errors`."""

    def __init__(self, settings: SlackSettings, *, timeout: int = TIMEOUT_SECONDS) -> None:
        self._web = web_client(settings.api_url, settings.bot_token.reveal(), timeout=timeout)

    def post(
        self,
        channel: str,
        message: SlackMessage,
        *,
        metadata: dict[str, object] | None,
        thread: str = "",
        broadcast: bool = False,
    ) -> tuple[str, str]:
        """Post a message or a reply; gives channel id and ts."""
        answer = translated(
            channel,
            lambda: self._web.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=list(message.blocks) or None,
                metadata=metadata,
                thread_ts=thread or None,
                reply_broadcast=broadcast or None,
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        return str(answer["channel"]), str(answer["ts"])

    def update(
        self,
        channel: str,
        ts: str,
        message: SlackMessage,
        *,
        metadata: dict[str, object] | None,
    ) -> tuple[str, str]:
        """Edit a message of ours; blocks are always sent, since leaving them out deletes them."""
        answer = translated(
            channel,
            lambda: self._web.chat_update(
                channel=channel,
                ts=ts,
                text=message.text,
                blocks=list(message.blocks),
                metadata=metadata,
            ),
        )
        return str(answer["channel"]), str(answer["ts"])

    def upload(self, channel: str, *, thread: str, name: str, text: str) -> None:
        """Put a file into a thread."""
        translated(
            channel,
            lambda: self._web.files_upload_v2(
                channel=channel, thread_ts=thread, filename=name, title=name, content=text
            ),
        )

    def find(self, channel: str, delivery_id: str, *, since: datetime, thread: str = "") -> str:
        """The ts of the message that carries this delivery id, or nothing."""
        oldest = f"{(since - LOOK_BACK).timestamp():.6f}"
        pages = self._pages(channel, thread=thread, oldest=oldest)
        return next((ts for page in pages if (ts := _ts_of(page, delivery_id))), "")

    def has_file(self, channel: str, name: str, *, thread: str, after: str) -> bool:
        """Whether a file of this name came into a thread after the message at `after`."""
        pages = self._pages(channel, thread=thread, oldest=after)
        return any(name in _file_names(page) for page in pages)

    def carries(self, channel: str, ts: str, delivery_id: str) -> bool:
        """Whether the message at `ts` was last edited by this delivery."""
        answer = translated(
            channel,
            lambda: self._web.conversations_history(
                channel=channel,
                oldest=ts,
                latest=ts,
                inclusive=True,
                limit=1,
                include_all_metadata=True,
            ),
        )
        return _ts_of(answer.get("messages") or [], delivery_id) == ts

    def _pages(
        self, channel: str, *, thread: str, oldest: str
    ) -> Iterator[Sequence[Mapping[str, object]]]:
        cursor = ""
        for _ in range(LOOK_BACK_PAGES):
            answer = self._page(channel, thread=thread, oldest=oldest, cursor=cursor)
            yield answer.get("messages") or []
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def _page(self, channel: str, *, thread: str, oldest: str, cursor: str) -> SlackResponse:
        if thread:
            return translated(
                channel,
                lambda: self._web.conversations_replies(
                    channel=channel,
                    ts=thread,
                    oldest=oldest,
                    cursor=cursor or None,
                    limit=LOOK_BACK_MESSAGES,
                    include_all_metadata=True,
                ),
            )
        return translated(
            channel,
            lambda: self._web.conversations_history(
                channel=channel,
                oldest=oldest,
                cursor=cursor or None,
                limit=LOOK_BACK_MESSAGES,
                include_all_metadata=True,
            ),
        )


def _ts_of(messages: Sequence[Mapping[str, object]], delivery_id: str) -> str:
    for message in messages:
        metadata = message.get("metadata")
        if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
            continue
        if (metadata.get("event_payload") or {}).get("delivery_id") == delivery_id:
            return str(message.get("ts", ""))
    return ""


def _file_names(messages: Sequence[Mapping[str, object]]) -> frozenset[str]:
    shared = [message.get("files") for message in messages]
    files = [file for item in shared if isinstance(item, list) for file in item]
    return frozenset(str(file.get("name", "")) for file in files if isinstance(file, dict))
