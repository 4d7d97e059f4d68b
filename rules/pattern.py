"""Many RE2 patterns looked for at once: line by line, in linear time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

import re2

MAX_LINE = 1000
"""Characters of a line that are looked at; what follows cannot decide anything."""

MAX_HITS = 50
"""Places of one pattern in one text that are remembered, first ones first."""

MOST_TOGETHER = 350
"""Patterns of one filter: RE2 keeps what it learns of a filter's literals in room of a fixed size.

With 400 it has to forget and begin again every few hundred texts: three times the time a text.
"""

_NAMED = re2.compile(r"\(\?P?<(\w+)>")


class PatternError(ValueError):
    """A pattern is not valid RE2."""


@dataclass(frozen=True, slots=True)
class LineHit:
    """Where a pattern matched: a line counted from 0, and what its named groups took."""

    line: int
    captures: tuple[tuple[str, str], ...] = ()


class PatternSet:
    """Patterns that are tried together; only those whose literals are in a text are run on it.

    RE2 finds for each pattern which literals a text must hold, looks for all of them in one pass,
    and runs the few patterns that may match. An automaton of all patterns at once would have to
    build its states anew for every text that is not like those before.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self._filters: list[tuple[re2.Filter, int]] = []
        """Each with how many patterns it has."""
        for start in range(0, len(patterns), MOST_TOGETHER):
            self._add(patterns[start : start + MOST_TOGETHER])

    def __len__(self) -> int:
        return sum(size for _, size in self._filters)

    def matching(self, text: str | bytes) -> list[int]:
        """Indexes of the patterns that match somewhere in a line of `text`, ascending."""
        raw = as_bytes(text)
        found: list[int] = []
        first = 0
        for one, size in self._filters:
            found += [first + index for index in one.Match(raw) or ()]
            first += size
        return found

    def hits(self, index: int, text: str | bytes) -> Iterator[LineHit]:
        """Lines of `text` that the pattern matches, each once, at most `MAX_HITS`."""
        found = matched_lines(self._pattern(index), as_bytes(text))
        return (LineHit(line, _captures(match)) for line, match in islice(found, MAX_HITS))

    def lines_matching(self, text: bytes) -> list[int]:
        """Lines of a long text that any pattern matches, ascending."""
        found: set[int] = set()
        for index in self.matching(text):
            lines = matched_lines(self._pattern(index), text)
            found.update(line for line, _ in islice(lines, MAX_HITS))
        return sorted(found)

    def _pattern(self, index: int) -> "re2._Regexp":
        for one, size in self._filters:
            if index < size:
                return one.re(index)
            index -= size
        raise IndexError(index)

    def _add(self, patterns: Sequence[str]) -> None:
        one = re2.Filter()
        for pattern in patterns:
            try:
                one.Add(multiline(pattern), _options())
            except re2.error as exc:
                raise PatternError(fault_of(pattern)) from exc
        try:
            one.Compile()
        except re2.error as exc:  # there was no room for so many literals
            if len(patterns) == 1:
                raise PatternError(_reason(patterns[0])) from exc
            half = len(patterns) // 2
            self._add(patterns[:half])
            self._add(patterns[half:])
        else:
            self._filters.append((one, len(patterns)))


def fault_of(pattern: str) -> str:
    """Say what RE2 objects to in a pattern; empty when it is valid."""
    try:
        re2.Set.SearchSet(_options()).Add(pattern)
    except re2.error:
        return _reason(pattern)
    return ""


def _reason(pattern: str) -> str:
    # Adding to a Set parses quickly but does not say what is wrong; compiling does.
    try:
        re2.compile(pattern, _options())
    except re2.error as exc:
        reason = exc.args[0] if exc.args else exc
        return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
    return "cannot be searched for together with others"


def named_twice(pattern: str) -> str:
    """Return the first group name that a pattern uses again; only the first one would be read."""
    counted = Counter(match.group(1) for match in _NAMED.finditer(pattern))
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


def as_bytes(text: str | bytes) -> bytes:
    """Return the UTF-8 that RE2 reads; who asks for much of one text turns it once."""
    return text.encode(errors="replace") if isinstance(text, str) else text


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


def _captures(match: "re2._Match") -> tuple[tuple[str, str], ...]:
    named = match.groupdict().items()
    return tuple((name, value.decode(errors="replace")) for name, value in named if value)


@cache
def _options() -> "re2.Options":
    options = re2.Options()
    options.never_nl = True
    options.log_errors = False
    return options
