"""Which of many patterns may match a line, by the literals that the line holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import BytesAhoCorasick

from rules.literals import Way, literals

Literal = int
"""A literal's number in the automaton."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text and the patterns, by their index, that may match it."""

    number: int
    """Counted from 0."""
    start: int
    end: int
    patterns: set[int]


@dataclass(slots=True)
class _Literals:
    """Literals by number, and what hangs on each."""

    numbers: dict[bytes, Literal] = field(default_factory=dict)
    ways: list[list[tuple[int, tuple[frozenset[Literal], ...]]]] = field(default_factory=list)
    """For each literal the patterns that it is the rarest of in one way, with the rest of that."""

    def number(self, literal: bytes) -> Literal:
        known = self.numbers.setdefault(literal, len(self.ways))
        if known == len(self.ways):
            self.ways.append([])
        return known

    def add(self, index: int, way: Way) -> None:
        rarest, *others = way
        # One character is in nearly every line: looking for it would cost more than it excludes.
        asked = (some for some in others if min(map(len, some)) > 1)
        rest = tuple(frozenset(map(self.number, some)) for some in asked)
        for literal in rarest:
            self.ways[self.number(literal)].append((index, rest))


class Prefilter:
    """All literals of the patterns are looked for in one pass (Aho-Corasick)."""

    def __init__(self, patterns: Sequence[str]) -> None:
        known = _Literals()
        seldom_excluded = []
        for index, pattern in enumerate(patterns):
            ways = literals(pattern)
            if not ways or any(len(one) == 1 for rarest, *_ in ways for one in rarest):
                seldom_excluded.append((index, ways))
                continue
            for way in ways:
                known.add(index, way)
        self._seldom_excluded = tuple(seldom_excluded)
        """Patterns whose rarest literal, if they have one, is a single character."""
        self._ways = known.ways
        self._automaton = BytesAhoCorasick(list(known.numbers))

    def anywhere(self, folded: bytes) -> Iterator[int]:
        """Yield the patterns that no literal of more than a character tells lines for."""
        for index, ways in self._seldom_excluded:
            if not ways or any(_holds(folded, way) for way in ways):
                yield index

    def lines(self, folded: bytes) -> Iterator[Line]:
        """Yield the lines of a text in lower case that any other pattern may match."""
        number, start, end = 0, 0, -1
        seen: set[Literal] = set()
        for one, _, at in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if at > end:
                if patterns := self._possible(seen):
                    yield Line(number, start, end, patterns)
                seen.clear()
                begun = folded.rfind(b"\n", 0, at) + 1
                number += folded.count(b"\n", start, begun)
                start, end = begun, folded.find(b"\n", at)
                end = len(folded) if end < 0 else end
            seen.add(one)
        if patterns := self._possible(seen):
            yield Line(number, start, end, patterns)

    def _possible(self, seen: set[Literal]) -> set[int]:
        possible: set[int] = set()
        for one in seen:
            for index, others in self._ways[one]:
                if index in possible:
                    continue
                for some in others:
                    if some.isdisjoint(seen):
                        break
                else:
                    possible.add(index)
        return possible


def _holds(folded: bytes, way: Way) -> bool:
    return all(any(one in folded for one in some) for some in way)
