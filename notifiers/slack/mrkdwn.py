"""Slack's markup for the little text that is ours; strangers' text goes in as plain text.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from datetime import datetime

from jobmon.action import SLACK_USER_ID
from notifiers.standing import StandingLine
from notifiers.text import plain, shorten
from notifiers.times import when

_TOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_STRONG = re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)")
GROUP_ID = re.compile(r"S[A-Z0-9]{5,20}")


def escape(text: str) -> str:
    """Escape the three characters that Slack gives a meaning: no mention or link can remain."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def safe(text: str, limit: int) -> str:
    """Clean, cut and escape; the result may be longer than `limit`, never cut in an entity."""
    return escape(shorten(plain(text), limit))


def quoted(text: str, limit: int) -> str:
    """Lines of a stranger's text as they are: nothing in them is markup."""
    harmless = text.replace("```", "'''")
    return f"```\n{safe(harmless, limit)}\n```"


def link(url: str, label: str) -> str:
    """A link to an address that `safe_link` let through."""
    return f"<{escape(url)}|{escape(label).replace('|', '/')}>"


def local_time(moment: datetime) -> str:
    """A time that Slack shows in each reader's own time zone."""
    fallback = escape(when(moment))
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"


def to_plain(markup: str) -> str:
    """The same without markup, for media that know none: `@U…`, a label, a time in UTC."""
    shown = _TOKEN.sub(lambda found: found.group(2) or found.group(1).lstrip("!"), markup)
    shown = _STRONG.sub(r"\1", shown)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def standing_line(line: StandingLine) -> str:
    """Where an incident stands, with its people and times as Slack shows them."""
    return line.told(words=escape, person=person, time=local_time)


def is_mentionable(target: str) -> bool:
    """Whether it is the id of a user or a group: nothing else is ever mentioned."""
    return bool(SLACK_USER_ID.fullmatch(target) or GROUP_ID.fullmatch(target))


def mention_of(target: str) -> str:
    """A mention of a user or group, of an id that is mentionable."""
    return f"<!subteam^{target}>" if GROUP_ID.fullmatch(target) else f"<@{target}>"


def person(name: str) -> str:
    """A Slack user by id, anybody else as the plain name they came with."""
    return f"<@{name}>" if SLACK_USER_ID.fullmatch(name) else escape(name)
