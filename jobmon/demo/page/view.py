"""What the page shows, as values for its template: messages with their threads, and mails."""

from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from jobmon.demo.mailbox import StoredMail
from jobmon.demo.page.blocks_html import blocks_html
from jobmon.demo.page.mrkdwn_html import Names, mrkdwn_html
from jobmon.demo.slack.team import Channel, Message, Team, mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message and its replies."""

    ts: str
    channel: str
    time: str
    body: Markup
    edited: bool
    files: tuple[tuple[str, str], ...] = ()
    replies: tuple["MessageView", ...] = ()
    private: bool = False
    broadcast: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """One channel."""

    name: str
    channel_id: str
    messages: tuple[MessageView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """One mail of the list; its HTML is fetched into a frame of its own."""

    number: int
    subject: str
    sender: str
    recipients: str
    text: str
    has_html: bool


def channels_of(team: Team) -> tuple[ChannelView, ...]:
    """Every channel with what stands in it now."""
    with team.lock:
        names = _names(team)
        return tuple(_channel(team, channel, names) for channel in team.channels.values())


def mails_of(mails: tuple[StoredMail, ...]) -> tuple[MailView, ...]:
    """The mails, newest first."""
    views = (
        MailView(
            number=number,
            subject=mail.subject,
            sender=str(mail.message["From"]),
            recipients=", ".join(mail.recipients),
            text=mail.text,
            has_html=bool(mail.html),
        )
        for number, mail in enumerate(mails)
    )
    return tuple(reversed(tuple(views)))


def _channel(team: Team, channel: Channel, names: Names) -> ChannelView:
    roots = [item for item in channel.messages if not item.thread_ts or item.broadcast]
    shown = [_message(item, channel, names) for item in roots]
    shown += [
        _message(item, channel, names)
        for item in team.ephemerals[-3:]
        if item.channel == channel.channel_id
    ]
    return ChannelView(name=channel.name, channel_id=channel.channel_id, messages=tuple(shown))


def _message(message: Message, channel: Channel, names: Names) -> MessageView:
    replies = () if message.thread_ts else _replies(message, channel, names)
    return MessageView(
        ts=message.ts,
        channel=message.channel,
        time=f"{datetime.fromtimestamp(float(message.ts), UTC):%H:%M}",
        body=_body(message, names),
        edited=bool(message.edits) and not message.blocks,
        files=tuple((str(item["name"]), str(item["preview"])) for item in message.files),
        replies=replies,
        private=bool(message.ephemeral_to),
        broadcast=message.broadcast,
    )


def _replies(root: Message, channel: Channel, names: Names) -> tuple[MessageView, ...]:
    return tuple(
        _message(item, channel, names) for item in channel.messages if item.thread_ts == root.ts
    )


def _body(message: Message, names: Names) -> Markup:
    if message.blocks:
        return blocks_html(message.blocks, names)
    shown = mrkdwn_html(message.text, names)
    return Markup('<div class="section">{}</div>').format(shown)


def _names(team: Team) -> Names:
    people = {
        user_id: str(mapping(user.get("profile")).get("real_name") or user_id)
        for user_id, user in team.users.items()
    }
    return people | {group: group for group in team.groups if group not in people}
