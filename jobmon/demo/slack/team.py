"""The state of a pretend workspace: channels, messages, people, files."""

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

TEAM_ID = "T0PRETEND1"
BOT_USER = "U0JOBMON01"

JSONObject = dict[str, object]


class Refusal(Exception):
    """`ok: false`, with an error string of Slack's and perhaps more."""

    def __init__(self, error: str, **extra: object) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra


@dataclass(slots=True, kw_only=True)
class Message:
    """One message as the channel has it now."""

    ts: str
    channel: str
    text: str
    user: str = BOT_USER
    blocks: list[JSONObject] = field(default_factory=list)
    thread_ts: str = ""
    broadcast: bool = False
    metadata: JSONObject | None = None
    edits: int = 0
    files: list[JSONObject] = field(default_factory=list)
    ephemeral_to: str = ""

    def as_json(self, *, metadata: bool) -> JSONObject:
        """The message as the API shows it."""
        shown: JSONObject = {"type": "message", "ts": self.ts, "text": self.text}
        shown |= {"user": self.user, "bot_id": "B0JOBMON01", "team": TEAM_ID}
        shown |= {"blocks": self.blocks} if self.blocks else {}
        shown |= {"thread_ts": self.thread_ts} if self.thread_ts else {}
        shown |= {"files": self.files} if self.files else {}
        shown |= {"metadata": self.metadata} if metadata and self.metadata else {}
        return shown


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel and what was said in it, oldest first."""

    channel_id: str
    name: str
    member: bool = True
    private: bool = False
    archived: bool = False
    messages: list[Message] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Hook:
    """A response address: who may be answered there, where, about which message."""

    channel: str
    user: str
    message_ts: str
    issued_at: float
    uses: int = 0


@dataclass(slots=True, kw_only=True)
class Upload:
    """A file on its way: announced, then sent, then shared."""

    file_id: str
    name: str
    length: int
    content: bytes = b""


class Team:
    """Everything a pretend workspace knows; methods hold its lock while they change it."""

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.channels: dict[str, Channel] = {}
        self.users: dict[str, JSONObject] = {}
        self.groups: dict[str, list[str]] = {}
        self.uploads: dict[str, Upload] = {}
        self.ephemerals: list[Message] = []
        self.views: list[JSONObject] = []
        self.triggers: dict[str, float] = {}
        self.used_triggers: set[str] = set()
        self.hooks: dict[str, Hook] = {}
        self.upload_url = ""
        self.scopes = ""
        """What the bot token was granted, comma separated; told with every answer."""
        self._ids = itertools.count(1)
        self._last_ts = 0

    def next_id(self, prefix: str) -> str:
        """An id in Slack's form."""
        return f"{prefix}{next(self._ids):09d}"

    def next_ts(self) -> str:
        """A message time that no other message has."""
        micros = max(int(self.clock() * 1_000_000), self._last_ts + 1)
        self._last_ts = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def channel(self, address: object) -> Channel:
        """The channel with this id, or the public one with this name."""
        wanted = str(address or "")
        for channel in self.channels.values():
            named = not channel.private and wanted.lstrip("#") == channel.name
            if channel.channel_id == wanted or named:
                if channel.private and not channel.member:
                    break
                return channel
        raise Refusal("channel_not_found")

    def writable(self, address: object) -> Channel:
        """The same, if our app may write there; a person's id is their conversation with it."""
        if str(address) in self.users:
            return self.direct(str(address))
        channel = self.channel(address)
        if channel.archived:
            raise Refusal("is_archived")
        if not channel.member:
            raise Refusal("not_in_channel")
        return channel

    def direct(self, user_id: str) -> Channel:
        """The conversation between our app and a person, which begins with the first message."""
        channel = Channel(channel_id=f"D{user_id[1:]}", name="", private=True)
        return self.channels.setdefault(channel.channel_id, channel)

    def message(self, channel: Channel, ts: object) -> Message:
        """One message of a channel."""
        for message in channel.messages:
            if message.ts == ts:
                return message
        raise Refusal("message_not_found")

    def use_trigger(self, trigger_id: object) -> None:
        """A trigger is good once, for three seconds."""
        trigger = str(trigger_id)
        if trigger in self.used_triggers:
            raise Refusal("exchanged_trigger_id")
        issued = self.triggers.get(trigger)
        if issued is None:
            raise Refusal("invalid_trigger_id")
        if self.clock() - issued > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        self.used_triggers.add(trigger)


TRIGGER_SECONDS = 3


def mapping(value: object) -> Mapping[str, object]:
    """A JSON object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}
