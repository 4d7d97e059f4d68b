"""Many RE2 patterns looked for at once: only those are run whose literals a line holds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import re2
from ahocorasick_rs import BytesAhoCorasick

from rules.alphabets import named_in_any
from rules.causes import plain
from rules.literals import Alternatives, literals
from rules.pattern import matched_lines, multiline, options

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
    """Patterns that are tried together, each only on lines that hold one of its literals.

    All literals are looked for in one pass (Aho-Corasick); a pattern is compiled when it is first
    tried. The patterns are valid RE2, see `fault_of`. Quotes and spaces count as plain ones, and
    several spaces as one, in patterns and in texts.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(map(plain, patterns))
        self._compiled: dict[int, _Pattern] = {}
        self._needed: list[tuple[Alternatives, ...]] = []
        """What a line has to hold before a pattern is tried on it."""
        self._seldom_excluded: list[int] = []
        """Patterns whose rarest literal, if they have one, is a single character."""
        owners: dict[bytes, list[int]] = {}
        for index, pattern in enumerate(self.patterns):
            needed = literals(pattern)
            self._needed.append(needed)
            if needed and all(len(one) > 1 for one in needed[0]):
                for one in needed[0]:
                    owners.setdefault(one, []).append(index)
            else:
                self._seldom_excluded.append(index)
        self._owners = tuple(owners.values())
        self._automaton = BytesAhoCorasick(list(owners))

    def __len__(self) -> int:
        return len(self.patterns)

    def hits(self, text: str, *, most: int = MAX_HITS) -> dict[int, list[LineHit]]:
        """Return for each pattern that matches, by its index, the first lines that it matches."""
        raw = plain(text).encode(errors="replace")
        folded = raw.lower()
        found = self._on_every_line(raw, folded, most)
        for number, start, end, asked in self._asked(folded):
            line, in_lower_case = raw[start:end], folded[start:end]
            for index in asked:
                known = found.get(index, ())
                if len(known) == most or not _holds(in_lower_case, self._needed[index][1:]):
                    continue
                pattern = self._pattern(index)
                if match := pattern.regex.search(line):
                    hit = LineHit(number, pattern.captures(match))
                    found.setdefault(index, []).append(hit)
        return dict(sorted(found.items()))

    def _on_every_line(self, raw: bytes, folded: bytes, most: int) -> dict[int, list[LineHit]]:
        """Try the patterns that no literal of more than a character excludes."""
        found = {}
        for index in self._seldom_excluded:
            if _holds(folded, self._needed[index]):
                pattern = self._pattern(index)
                matches = islice(matched_lines(pattern.regex, raw), most)
                if hits := [LineHit(line, pattern.captures(match)) for line, match in matches]:
                    found[index] = hits
        return found

    def _asked(self, folded: bytes) -> Iterator[tuple[int, int, int, set[int]]]:
        """Yield lines, counted from 0, from where to where, with the patterns to try on them."""
        number, start, end = 0, 0, -1
        asked: set[int] = set()
        seen = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        for one, _, at in seen:
            if at > end:
                if asked:
                    yield number, start, end, asked
                    asked = set()
                begun = folded.rfind(b"\n", 0, at) + 1
                number += folded.count(b"\n", start, begun)
                start, end = begun, folded.find(b"\n", at)
                end = len(folded) if end < 0 else end
            asked.update(self._owners[one])
        if asked:
            yield number, start, end, asked

    def _pattern(self, index: int) -> "_Pattern":
        known = self._compiled.get(index)
        if known is None:
            known = self._compiled[index] = _Pattern(self.patterns[index])
        return known


def _holds(folded: bytes, needed: Iterable[Alternatives]) -> bool:
    # Written out: a generator for each question would cost as much as the regex that it spares.
    for alternatives in needed:
        for one in alternatives:
            if one in folded:
                break
        else:
            return False
    return True
