"""The pretend Slack as one object: start it, point the SDK at `url`, look at what came."""

import time
from collections.abc import Callable
from datetime import timedelta

from jobmon.demo.loopback import Loopback
from jobmon.demo.slack.api import Call, Service
from jobmon.demo.slack.faults import Fault, FaultKind
from jobmon.demo.slack.http import SlackServer
from jobmon.demo.slack.person import Person
from jobmon.demo.slack.team import Channel, Message, Team

DEFAULT_CHANNEL = "C0123456789"
TOKEN = "xoxb-pretend-token"  # noqa: S105 (a made-up token)
SIGNING_SECRET = "pretend-signing-secret"  # noqa: S105 (a made-up secret)


class PretendSlack(Loopback):
    """A Slack workspace on loopback with one app, jobmon, and one channel, `data-alerts`.

    Channels, messages and files are kept in memory; the checks are Slack's documented ones.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        latency: timedelta = timedelta(0),
        enforce_rate: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = TOKEN
        self.signing_secret = SIGNING_SECRET
        self.team = Team(clock=clock)
        self.service = Service(
            self.team, token=self.token, latency=latency, enforce_rate=enforce_rate
        )
        super().__init__(SlackServer(self.service, port=port))
        self.team.upload_url = f"{self.address}/upload/"
        self.add_channel(DEFAULT_CHANNEL, "data-alerts")

    @property
    def url(self) -> str:
        """The API address, for `SLACK_API_URL`."""
        return f"{self.address}/api/"

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every API call that came in, in order."""
        return tuple(self.service.calls)

    def calls_of(self, method: str) -> tuple[Call, ...]:
        """The calls of one method."""
        return tuple(call for call in self.service.calls if call.method == method)

    def add_channel(
        self,
        channel_id: str,
        name: str,
        *,
        member: bool = True,
        private: bool = False,
        archived: bool = False,
    ) -> Channel:
        """Create a channel."""
        channel = Channel(
            channel_id=channel_id, name=name, member=member, private=private, archived=archived
        )
        self.team.channels[channel_id] = channel
        return channel

    def add_user(self, user_id: str, *, name: str, email: str = "") -> None:
        """Create a person."""
        profile = {"real_name": name, "email": email.lower()}
        self.team.users[user_id] = {"id": user_id, "name": name, "profile": profile}

    def add_group(self, group_id: str, members: list[str]) -> None:
        """Create a user group."""
        self.team.groups[group_id] = members

    def messages(self, channel: str = DEFAULT_CHANNEL) -> tuple[Message, ...]:
        """What stands in the channel itself, oldest first."""
        with self.team.lock:
            return tuple(
                message for message in self.team.channels[channel].messages if not message.thread_ts
            )

    def direct_messages(self, user_id: str) -> tuple[Message, ...]:
        """What our app has told a person directly, oldest first."""
        with self.team.lock:
            return tuple(self.team.direct(user_id).messages)

    def thread(self, ts: str, channel: str = DEFAULT_CHANNEL) -> tuple[Message, ...]:
        """The replies to a message, oldest first."""
        with self.team.lock:
            return tuple(
                message
                for message in self.team.channels[channel].messages
                if message.thread_ts == ts
            )

    def delete_message(self, ts: str, channel: str = DEFAULT_CHANNEL) -> None:
        """Take a message away, as a person or a retention rule does."""
        with self.team.lock:
            kept = [item for item in self.team.channels[channel].messages if item.ts != ts]
            self.team.channels[channel].messages = kept

    def fail_next(
        self,
        kind: FaultKind | str,
        *,
        method: str = "",
        times: int = 1,
        error: str = "",
        status: int = 503,
        delay: timedelta = timedelta(0),
        retry_after: int = 1,
    ) -> None:
        """Let the next calls go wrong: `fail_next("error", error="is_archived")`."""
        fault = Fault(
            kind=FaultKind(kind),
            method=method,
            times=times,
            error=error,
            status=status,
            delay=delay,
            retry_after=retry_after,
        )
        self.service.faults.add(fault)

    def person(self, user_id: str = "U0ANA00001") -> Person:
        """Somebody who clicks and types: their requests reach the app signed, as Slack's do."""
        return Person(
            team=self.team,
            user_id=user_id,
            signing_secret=self.signing_secret,
            hooks=f"{self.address}/hooks/",
        )
