"""The literals that a regex cannot match without: a text that holds none of them is done with.

Read is the syntax of RE2 as rules use it. What is not understood is never guessed: such a regex
has no literals, and is tried on every text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

MOST = 24
"""Literals of one part; where there are more, what stands beside it is asked instead."""
LONGEST = 40
"""Bytes up to which literals that follow each other are joined."""
LONG_ENOUGH = 8
"""Bytes from which on a literal is rare; of two such the one with fewer others is better."""
MOST_NEEDED = 3
"""Alternatives that are asked for in one way; a fourth one excludes little."""
MOST_WAYS = 12
"""Ways of a part that are told apart beside others; of more, what they have in common is asked."""
MOST_CHARACTERS = 4
"""Characters of a class such as `[Ss]` that is written out."""

_CHARACTER = r"[^\\()\[|?*+.^$]|\\[^\w\s]"
# All but the last one of a run of characters may not be repeated, so the run ends before it.
_RUN = re.compile(rf"(?:(?!\{{\d)(?:{_CHARACTER}))+(?![?*+]|\{{\d)")
_ALONE = re.compile(_CHARACTER)
_HEX = re.compile(r"\\x([0-9a-fA-F]{2})")
_ESCAPED = re.compile(r"\\(\W)")
_ASSERTION = re.compile(r"\\[bBAz]|[\^$]")
_ANY_CHARACTER = re.compile(r"\.|\\(?:[dDwWsSnrtfv]|[pP](?:\{\^?\w+\}|\w))")
_CLASS = re.compile(r"\[(\^?)(\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*)\]")
_SEVERAL = re.compile(r"[^\\]-.|\[:|\\[a-wyzA-Z]")
"""In a class: a range, or a class of its own."""
_MEMBER = re.compile(r"\\x([0-9a-fA-F]{2})|\\?(.)")
_GROUP = re.compile(r"\((?:\?(?:P?<\w+>|([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])))?")
_REPEATED = re.compile(r"(?:([?*+])|\{(\d+)(?:,\d*)?\})\??")


Alternatives = frozenset[bytes]
"""Literals of which one is there; empty when nothing is known."""
Way = tuple[Alternatives, ...]
"""What is there where a regex matches in one of its ways: of each set one literal."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of a part of a regex."""

    exact: Alternatives = frozenset()
    """All that it can match."""
    inner: tuple[Way, ...] = ((),)
    """The ways in which it can match, by what is within it."""

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways in which it can match, by all that is known."""
        return tuple((*way, self.exact) for way in self.inner) if self.exact else self.inner


_UNKNOWN = _Part()
_EMPTY = _Part(exact=frozenset({b""}))


class _NotUnderstoodError(ValueError):
    """The regex has something that is not read here."""


def literals(pattern: str) -> tuple[Way, ...]:
    """Return the ways in which it can match, and what a match holds, the rarest set first.

    There are none when it can match without any literal.

    They are in UTF-8 and in ASCII lower case, and so the text has to be that is asked. (RE2 alone
    takes U+212A and U+017F for a `k` and an `s` when it ignores case; no software prints them.)
    """
    reader = _Reader(pattern)
    try:
        part = reader.alternatives()
    except _NotUnderstoodError:
        return ()
    if not reader.is_at_end:
        return ()
    ways = tuple(dict.fromkeys(_rarest_first(way) for way in part.ways))
    return ways if all(ways) else ()


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._ignores_case = False

    @property
    def is_at_end(self) -> bool:
        return self._at == len(self._pattern)

    def alternatives(self) -> _Part:
        branches = [self._sequence()]
        while self._next_is("|"):
            self._at += 1
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        exact = _union(branch.exact for branch in branches)
        if 0 < len(exact) <= MOST:
            return _Part(exact)
        return _Part(inner=tuple(way for branch in branches for way in branch.ways))

    def _sequence(self) -> _Part:
        run, within, is_whole = _EMPTY.exact, list[tuple[Way, ...]](), True
        while not (self.is_at_end or self._pattern[self._at] in "|)"):
            part = self._repeated()
            if any(part.inner):
                within.append(part.inner)
            longer = _joined(run, part.exact)
            if not longer:
                within.append(((run,),))
                is_whole = False
            run = longer or part.exact or _EMPTY.exact
        if is_whole:
            return _Part(run, _together(within))
        return _Part(inner=_together([*within, ((run,),)]))

    def _repeated(self) -> _Part:
        part = self._one()
        while times := self._taken(_REPEATED):
            sign, least = times.groups()
            may_be_absent = sign in {"?", "*"} or least == "0"
            part = _UNKNOWN if may_be_absent else _Part(inner=part.ways)
        return part

    def _one(self) -> _Part:
        if said := self._taken(_RUN) or self._taken(_ALONE):
            return self._spelled(_ESCAPED.sub(r"\1", said[0]))
        if self._taken(_ASSERTION):
            return _EMPTY
        if self._taken(_ANY_CHARACTER):
            return _UNKNOWN
        if group := self._taken(_GROUP):
            return self._group(*group.groups())
        if members := self._taken(_CLASS):
            return self._class(*members.groups())
        if code := self._taken(_HEX):
            return self._spelled(chr(int(code[1], 16)))
        raise _NotUnderstoodError

    def _group(self, on: str | None, off: str | None, closed: str | None) -> _Part:
        before = self._ignores_case
        self._ignores_case = "i" in (on or "") or (before and "i" not in (off or ""))
        if closed == ")":  # flags for the rest of the group that this stands in
            return _EMPTY
        part = self.alternatives()
        if not self._next_is(")"):
            raise _NotUnderstoodError
        self._at += 1
        self._ignores_case = before
        return part

    def _class(self, negated: str, members: str) -> _Part:
        if negated or _SEVERAL.search(members):
            return _UNKNOWN
        spelled = [
            self._spelled(chr(int(code, 16)) if code else one)
            for code, one in _MEMBER.findall(members)
        ]
        exact = _union(part.exact for part in spelled)
        return _Part(exact) if len(spelled) <= MOST_CHARACTERS else _UNKNOWN

    def _spelled(self, text: str) -> _Part:
        if text.isascii() or not self._ignores_case:
            return _Part(exact=frozenset({text.encode().lower()}))
        kept = "".join(one if one.isascii() or one.lower() == one.upper() else "\n" for one in text)
        longest = max(kept.split("\n"), key=len).encode().lower()
        return _Part(inner=((frozenset({longest}),),))

    def _next_is(self, sign: str) -> bool:
        return self._pattern.startswith(sign, self._at)

    def _taken(self, wanted: "re.Pattern[str]") -> "re.Match[str] | None":
        found = wanted.match(self._pattern, self._at)
        if found:
            self._at = found.end()
        return found


def _together(parts: Sequence[tuple[Way, ...]]) -> tuple[Way, ...]:
    """Return the ways of parts that follow each other: those of the part that has most of them.

    Of every other part it is what its ways have in common.
    """
    ways: tuple[Way, ...] = _UNKNOWN.inner
    beside: list[Alternatives] = []
    for part in parts:
        if len(ways) < len(part) <= MOST_WAYS:
            beside += _in_common(ways)
            ways = part
        else:
            beside += _in_common(part)
    return tuple((*way, *beside) for way in ways)


def _in_common(ways: tuple[Way, ...]) -> Way:
    """Return what is there in whichever of the ways it is."""
    if len(ways) == 1:
        return ways[0]
    either = _union(max(way, key=_rarity, default=frozenset()) for way in ways)
    return (either,) if either else ()


def _rarest_first(way: Way) -> Way:
    telling = (found for found in way if _shortest(found))
    return tuple(sorted(telling, key=_rarity, reverse=True)[:MOST_NEEDED])


def _shortest(found: Alternatives) -> int:
    return min(map(len, found), default=0)


def _rarity(found: Alternatives) -> tuple[int, int, int]:
    shortest = _shortest(found)
    return min(shortest, LONG_ENOUGH), -len(found), shortest


def _union(parts: Iterable[Alternatives]) -> Alternatives:
    """Join what several may be; unknown as soon as one of them is."""
    known = list(parts)
    return frozenset().union(*known) if all(known) else frozenset()


def _joined(before: Alternatives, after: Alternatives) -> Alternatives:
    """Write out what follows what; empty when that is too much, or not known."""
    if not after or len(before) * len(after) > MOST:
        return frozenset()
    if before == _EMPTY.exact:
        return after
    together = frozenset(map(b"".join, product(before, after)))
    return together if max(map(len, together), default=0) <= LONGEST else frozenset()
