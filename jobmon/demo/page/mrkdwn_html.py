"""Slack's mrkdwn as HTML: mentions, links, dates and the simple styles."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from markupsafe import Markup

Names = Mapping[str, str]
"""What ids are called: users and groups."""

_TOKEN = re.compile(r"<([^<>]*)>")
_STYLES = (
    (re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)"), r"<b>\1</b>"),
    (re.compile(r"(?<!\w)_([^_\n]+)_(?!\w)"), r"<i>\1</i>"),
    (re.compile(r"(?<!\w)~([^~\n]+)~(?!\w)"), r"<s>\1</s>"),
    (re.compile(r"`([^`\n]+)`"), r"<code>\1</code>"),
)
_GROUP = "!subteam^"
_DATE = "!date^"


def mrkdwn_html(text: str, names: Names) -> Markup:
    """Show a text the way Slack would."""
    parts: list[Markup] = []
    end = 0
    for found in _TOKEN.finditer(text):
        parts.append(_styled(text[end : found.start()]))
        parts.append(_special(found.group(1), names))
        end = found.end()
    parts.append(_styled(text[end:]))
    return Markup("").join(parts)


def mention_html(target: str, names: Names) -> Markup:
    """`@Ana`, highlighted."""
    return Markup('<span class="mention">@{}</span>').format(names.get(target, target))


def link_html(url: str, label: str) -> Markup:
    """A link, if it is one to a page."""
    if not url.startswith(("https://", "http://")):
        return Markup("{}").format(label)
    link = Markup('<a href="{}" rel="noreferrer noopener" target="_blank">{}</a>')
    return link.format(url, label)


def _styled(text: str) -> Markup:
    escaped = str(Markup("{}").format(_unescaped(text)))
    for pattern, shape in _STYLES:
        escaped = pattern.sub(shape, escaped)
    # Escaped above, and the styles add nothing but their own tags.
    return Markup(escaped)  # noqa: S704


def _special(token: str, names: Names) -> Markup:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return mention_html(target[1:], names)
    if target.startswith(_GROUP):
        return mention_html(target.removeprefix(_GROUP), names)
    if target.startswith(_DATE):
        return _date(target.removeprefix(_DATE), _unescaped(label))
    if target.startswith("!"):
        return Markup('<span class="mention everyone">@{}</span>').format(target[1:])
    return link_html(_unescaped(target), _unescaped(label or target))


def _date(token: str, fallback: str) -> Markup:
    seconds = token.partition("^")[0]
    if not seconds.isdigit():
        return Markup("{}").format(fallback)
    moment = datetime.fromtimestamp(int(seconds), UTC)
    shown = f"{moment:%b} {moment.day} at {moment:%H:%M}"
    return Markup("<time title='{}'>{}</time>").format(fallback, shown)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
