"""Which of many patterns may match a line, by the literals that the line holds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import BytesAhoCorasick

from rules.literals import Way, literals

_Asked = tuple[int, tuple[tuple[bytes, ...], ...]]
"""A pattern, by its index, and what else a line has to hold where it matches in one way."""
FEW = 8
"""Literals that are looked for in a line one by one: more would cost what a regex costs."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text and the patterns, by their index, that may match it."""

    number: int
    """Counted from 0."""
    start: int
    end: int
    patterns: set[int]


class Prefilter:
    """The rarest literals of the patterns are looked for in one pass (Aho-Corasick)."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._seldom_excluded: list[tuple[int, tuple[Way, ...]]] = []
        """Patterns whose rarest literal, if they have one, is a single character."""
        owners: dict[bytes, list[_Asked]] = {}
        for index, pattern in enumerate(patterns):
            ways = literals(pattern)
            if not ways or any(len(one) == 1 for rarest, *_ in ways for one in rarest):
                self._seldom_excluded.append((index, ways))
                continue
            for rarest, *others in ways:
                asked = (index, tuple(tuple(some) for some in others if len(some) <= FEW))
                for one in rarest:
                    owners.setdefault(one, []).append(asked)
        self._owners = tuple(map(tuple, owners.values()))
        self._automaton = BytesAhoCorasick(list(owners))

    def anywhere(self, folded: bytes) -> Iterator[int]:
        """Yield the patterns that no literal of more than a character tells lines for."""
        for index, ways in self._seldom_excluded:
            if not ways or any(_holds(folded, way) for way in ways):
                yield index

    def lines(self, folded: bytes) -> Iterator[Line]:
        """Yield the lines of a text in lower case that any other pattern may match."""
        number, start, end = 0, 0, -1
        seen: set[int] = set()
        for one, _, at in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if at > end:
                if seen and (patterns := self._possible(seen, folded[start:end])):
                    yield Line(number, start, end, patterns)
                seen.clear()
                begun = folded.rfind(b"\n", 0, at) + 1
                number += folded.count(b"\n", start, begun)
                start, end = begun, folded.find(b"\n", at)
                end = len(folded) if end < 0 else end
            seen.add(one)
        if seen and (patterns := self._possible(seen, folded[start:end])):
            yield Line(number, start, end, patterns)

    def _possible(self, seen: Iterable[int], line: bytes) -> set[int]:
        possible: set[int] = set()
        for one in seen:
            for index, others in self._owners[one]:
                if index not in possible and _holds(line, others):
                    possible.add(index)
        return possible


def _holds(folded: bytes, needed: Iterable[Iterable[bytes]]) -> bool:
    # Written out: a generator for each question would cost as much as the regex that it spares.
    for alternatives in needed:
        for one in alternatives:
            if one in folded:
                break
        else:
            return False
    return True
