"""RE2 patterns: matched line by line, in linear time."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

import re2

MAX_LINE = 1000
"""Characters of a line that are looked at; what follows cannot decide anything."""

_NAMED = re.compile(r"\(\?P?<(\w+)>")


def fault_of(pattern: str) -> str:
    """Say what RE2 objects to in a pattern; empty when it is valid."""
    try:
        re2.Set.SearchSet(options()).Add(pattern)
    except re2.error:
        return _reason(pattern)
    return ""


def _reason(pattern: str) -> str:
    # Adding to a Set parses quickly but does not say what is wrong; compiling does.
    try:
        re2.compile(pattern, options())
    except re2.error as exc:
        reason = exc.args[0] if exc.args else exc
        return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return "cannot be searched for together with others"


def named_twice(pattern: str) -> str:
    """Return the first group name that a pattern uses again; only the first one would be read."""
    counted = Counter(_NAMED.findall(pattern))
    return next((name for name, times in counted.items() if times > 1), "")


def literal(text: str) -> str:
    """Return a pattern that matches exactly this text."""
    return str(re2.escape(text))


def multiline(pattern: str) -> str:
    """Let `^` and `$` stand for the ends of a line; the options forbid crossing one."""
    return f"(?m){pattern}"


def clipped(lines: Iterable[str]) -> str:
    """Join lines, each cut at `MAX_LINE`; the number of lines stays."""
    return "\n".join([line[:MAX_LINE] for line in lines])


def matched_lines(pattern: "re2._Regexp", text: bytes) -> Iterator[tuple[int, "re2._Match"]]:
    """Yield each line that a compiled pattern matches, counted from 0, with its first match."""
    line, counted, last = 0, 0, -1
    for match in pattern.finditer(text):
        start = match.start()
        line += text.count(b"\n", counted, start)
        counted = start
        if line != last:
            last = line
            yield line, match


@cache
def options() -> "re2.Options":
    """Return what all patterns are compiled with: a match ends where its line does."""
    options = re2.Options()
    options.never_nl = True
    options.log_errors = False
    return options
