"""Many RE2 patterns looked for at once: only those are run whose literals a line holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import re2

from rules.alphabets import named_in_any
from rules.causes import plain
from rules.pattern import matched_lines, multiline, options
from rules.prefilter import Prefilter

MAX_HITS = 50
"""Places of one pattern in one text that are remembered, first ones first."""


@dataclass(frozen=True, slots=True)
class LineHit:
    """Where a pattern matched: a line counted from 0, and what its named groups took."""

    line: int
    captures: tuple[tuple[str, str], ...] = ()


class _Pattern:
    """A compiled pattern, with its named groups: RE2 would list them anew for each match."""

    def __init__(self, pattern: str) -> None:
        self.regex: re2._Regexp = re2.compile(multiline(named_in_any(pattern)), options())
        self._groups = tuple(self.regex.groupindex.items())

    def captures(self, match: "re2._Match") -> tuple[tuple[str, str], ...]:
        """Return what the named groups took."""
        named = ((name, match.group(number)) for name, number in self._groups)
        return tuple((name, value.decode(errors="replace")) for name, value in named if value)


class PatternSet:
    """Patterns that are tried together, each only on lines that hold literals it cannot do without.

    A pattern is compiled when it is first tried. The patterns are valid RE2, see `fault_of`. Quotes
    and spaces count as plain ones, and several spaces as one, in patterns and in texts.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(map(plain, patterns))
        self._prefilter = Prefilter(self.patterns)
        self._compiled: dict[int, _Pattern] = {}

    def __len__(self) -> int:
        return len(self.patterns)

    def hits(self, text: str, *, most: int = MAX_HITS) -> dict[int, list[LineHit]]:
        """Return for each pattern that matches, by its index, the first lines that it matches."""
        raw = plain(text).encode(errors="replace")
        folded = raw.lower()
        found: dict[int, list[LineHit]] = {}
        for index in self._prefilter.anywhere(folded):
            pattern = self._pattern(index)
            matches = islice(matched_lines(pattern.regex, raw), most)
            if hits := [LineHit(line, pattern.captures(match)) for line, match in matches]:
                found[index] = hits
        for line in self._prefilter.lines(folded):
            said = raw[line.start : line.end]
            for index in line.patterns:
                if len(found.get(index, ())) == most:
                    continue
                pattern = self._pattern(index)
                if match := pattern.regex.search(said):
                    hit = LineHit(line.number, pattern.captures(match))
                    found.setdefault(index, []).append(hit)
        return dict(sorted(found.items()))

    def _pattern(self, index: int) -> "_Pattern":
        known = self._compiled.get(index)
        if known is None:
            known = self._compiled[index] = _Pattern(self.patterns[index])
        return known
