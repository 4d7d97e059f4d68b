"""Outside text made harmless to show, before any medium's own escaping.

Order matters: `plain` or `one_line` first, then `shorten`, then escape for the medium, so that a
cut never lands inside an escaped entity.
"""

import re
import unicodedata
from collections.abc import Iterator

ELLIPSIS = "…"
MOST_CODE = 12

_ANSI = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])|\x9b[0-?]*[@-~]"
)
_NEWLINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_CODE = re.compile(r"`([^`\n]+)`")
_KEPT_CONTROLS = "\n\t"
_JOINER = "\u200d"  # holds emoji of several parts together


def plain(text: str) -> str:
    """Take out what a terminal or a browser would obey: ANSI, control and bidi characters."""
    text = _NEWLINES.sub("\n", _ANSI.sub("", text))
    return "".join(char for char in text if _is_shown(char))


def one_line(text: str) -> str:
    """The same on a single line, with runs of white space as one space."""
    return _SPACES.sub(" ", plain(text)).strip()


def shorten(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, ending in `…` when something was cut."""
    if units(text) <= limit:
        return text
    kept = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore")
    return kept.rstrip() + ELLIPSIS


def shorten_front(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units of the end, after `…` when something was cut."""
    if units(text) <= limit:
        return text
    room = units(text) - (limit - 1)
    kept = text.encode("utf-16-le")[2 * room :].decode("utf-16-le", errors="ignore")
    return ELLIPSIS + kept.lstrip()


def units(text: str) -> int:
    """The length of a text as JavaScript counts it, the strictest count vendors use."""
    return len(text.encode("utf-16-le")) // 2


def runs_of(text: str) -> Iterator[tuple[str, bool]]:
    """Each run of a sentence, and whether backticks mark it as code: ``fix `a` `` is two.

    Beyond `MOST_CODE` the backticks stay, so that no text makes a message of a thousand pieces.
    """
    for index, run in enumerate(_CODE.split(text, maxsplit=MOST_CODE)):
        if run:
            yield run, index % 2 == 1


def listed(names: tuple[str, ...], *, total: int, show: int = 3) -> str:
    """`a, b and 22 more`: the first names of `total`."""
    shown = names[:show] if total > show else names[:total]
    rest = total - len(shown)
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more" if shown else f"{rest}"
    if len(shown) > 1:
        return f"{', '.join(shown[:-1])} and {shown[-1]}"
    return "".join(shown)


def counted(number: int, noun: str) -> str:
    """`1 task`, `24 tasks`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _is_shown(char: str) -> bool:
    if char in _KEPT_CONTROLS or char == _JOINER:
        return True
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
