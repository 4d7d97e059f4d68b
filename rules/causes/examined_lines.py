"""Which lines of a text are examined: all of a short one, else those around its error words."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice

import re2

from rules.causes import signals

MAX_LINES = 3_000
"""Lines of a text that are examined; of a longer text those around its error words."""
BEFORE, AFTER = 2, 14
"""How many lines belong to an error word in a long text."""
_HITS = 90
"""Lines with error words of each strength that are looked for from the start of a long text."""
_MATCHES = 10_000
_TAIL = 60_000
"""Characters at the end of a long text that are searched as well."""

# In order: what is decisive, what names errors, what only sounds like them.
_MARKS = (
    re2.compile(
        r"Traceback \(most|Exception in thread|\b(?:ERROR|FATAL|CRITICAL|SEVERE)\b|##\[error\]"
        r"|\"(?:error|critical|fatal)\"|[Ee]xit(?:ed)? (?:with )?(?:code|status)|OutOfMemory"
        r"|No space left|core dumped|terminate called|SIG[A-Z]{3,4}\b|panic:"
    ),
    re2.compile(
        r"Caused by|Exception\b|Error\b|rror:|[Pp]ermission denied|Killed|\[[A-Z]+_[A-Z_.]+\]"
    ),
    signals.SIGNAL,
    signals.ERROR_WORD,
)


def examined(lines: tuple[str, ...]) -> Sequence[int]:
    """Choose the lines worth examining: all of a short text, else those around errors."""
    if len(lines) <= MAX_LINES:
        return range(len(lines))
    return _around_errors(lines)


def _around_errors(lines: tuple[str, ...]) -> list[int]:
    text = "\n".join(lines)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    tail = max(0, len(text) - _TAIL)
    chosen: set[int] = set()
    for mark in _MARKS:
        hits = _hit_lines(mark.finditer(text), starts, offset=0)
        last = _hit_lines(mark.finditer(text[tail:]), starts, offset=tail, limit=_MATCHES)
        for hit in hits + last[-_HITS // 3 :]:
            if len(chosen) >= MAX_LINES:
                break
            chosen.update(range(max(0, hit - BEFORE), min(len(lines), hit + AFTER)))
    chosen.update(range(len(lines) - AFTER, len(lines)))
    return sorted(chosen)


def _hit_lines(
    matches: "Iterator[re2._Match[str]]", starts: list[int], *, offset: int, limit: int = _HITS
) -> list[int]:
    hits: list[int] = []
    for match in islice(matches, _MATCHES):
        line = bisect_right(starts, match.start() + offset) - 1
        if not hits or hits[-1] != line:
            hits.append(line)
            if len(hits) >= limit:
                break
    return hits
