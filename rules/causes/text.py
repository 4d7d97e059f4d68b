"""Texts as lines: cleaned once, and bounded however long the text is."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

import re2

MAX_LINE = 2_000
"""Characters of a line that are examined; the quoted line is never cut."""
MAX_LINES = 3_000
"""Lines of a text that are examined; of a longer text those around its error words."""
BEFORE, AFTER = 2, 14
"""How many lines belong to an error word in a long text."""

_ESCAPES = re2.compile(
    r"\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])|\x9b[0-9;]*[@-~]"
)
_STRONG = re2.compile(
    r"Traceback \(most|Caused by|Exception|Error\b|ERROR|FATAL|CRITICAL|SEVERE|panic:|rror:"
    r"|[Ee]xit(?:ed)? (?:with )?(?:code|status)|OutOfMemory|oom-kill|Killed|SIG[A-Z]{3,4}\b"
    r"|[Nn]o space left|ermission denied|terminate called|core dumped"
)
_WEAK = re2.compile(
    r"(?i)fail|denied|refused|unable to|cannot|could not|exceeded|timed out|terminated|invalid"
)


def clean(text: str) -> str:
    """Take out ANSI escapes, unify line ends, and replace what is not valid Unicode."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    if "\x1b" in text or "\x9b" in text:
        text = _ESCAPES.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def clean_lines(text: str) -> tuple[str, ...]:
    """The lines that causes are found in and quoted from; `Cause.line` counts these."""
    return tuple(clean(text).split("\n"))


def examined(lines: tuple[str, ...]) -> Iterable[int]:
    """Numbers of the lines worth examining: all of a short text, else those around errors."""
    if len(lines) <= MAX_LINES:
        return range(len(lines))
    return _around_errors(lines)


def _around_errors(lines: tuple[str, ...]) -> list[int]:
    text = "\n".join(lines)
    starts: list[int] = []
    at = 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    chosen: set[int] = set()
    for pattern in (_STRONG, _WEAK):
        hits = _first_and_last(_hit_lines(pattern.finditer(text), starts), limit=MAX_LINES // 8)
        for hit in hits:
            if len(chosen) >= MAX_LINES:
                break
            chosen.update(range(max(0, hit - BEFORE), min(len(lines), hit + AFTER)))
    chosen.update(range(len(lines) - AFTER, len(lines)))
    return sorted(chosen)


def _hit_lines(matches: Iterator[object], starts: list[int]) -> list[int]:
    hits: list[int] = []
    for match in matches:
        line = bisect_right(starts, match.start()) - 1  # type: ignore[attr-defined]
        if not hits or hits[-1] != line:
            hits.append(line)
    return hits


def _first_and_last(hits: list[int], *, limit: int) -> list[int]:
    if len(hits) <= limit:
        return hits
    # Most room goes to the first ones: what comes later is more often a consequence.
    head = limit * 2 // 3
    return hits[:head] + hits[-(limit - head) :]
