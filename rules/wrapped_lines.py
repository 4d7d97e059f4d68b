"""Sentences that a terminal, a mail or a document wrapped at a width."""

import re
from collections.abc import Iterator, Sequence

MIN_WIDTH, MAX_WIDTH = 40, 140
"""Characters of a line that was wrapped."""
MOST_LINES = 12

_MARKS = ("#", "//", "--", ">", "*", "|")
"""What each line begins with where a text is a comment or a quotation."""
_ENDS = (".", "!", "?", ";", ":")
_BEGINS_ANEW = ("- ", "* ", "... ")
_OF_A_FRAME = re.compile(r"at (?:\S*[./($<]|.*\)$)")
"""A line of a stack: a word that goes on a sentence, as in `at least one`, has none of these."""
_TYPES = ("Error:", "Exception:", "Warning:")
_BEGINS_WITHIN = re.compile(r"[a-z]|['\"`(/$<]\w|\[[a-z_]|\d+[.,;)%]?$")
"""What a word begins with that begins no line of its own: no level, no time, no name of a type."""
_ASKS_FOR_MORE = frozenset(
    [
        *("a", "an", "the", "this", "that", "its", "your", "no", "not", "and", "or", "of", "to"),
        *("in", "on", "at", "by", "for", "from", "with", "into", "as", "than", "when", "while"),
        *("if", "because", "is", "are", "was", "were", "be", "been", "has", "have", "had", "does"),
        *("do", "did", "can", "cannot", "could", "should", "must", "may", "will", "would"),
    ]
)
"""Words that no sentence ends with."""


def sentences(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield each sentence that goes on over lines: the line that it begins in, and all of it."""
    first = 0
    while first < len(lines):
        last, mark = first, _mark_of(lines[first])
        while (
            last + 1 < min(len(lines), first + MOST_LINES)
            and lines[last + 1]
            and _goes_on(lines[last].rstrip(), _without(mark, lines[last + 1]))
        ):
            last += 1
        if last > first:
            parts = (_without(mark, line) for line in lines[first + 1 : last + 1])
            yield first, " ".join([lines[first].rstrip(), *parts])
        first = last + 1


def _mark_of(line: str) -> str:
    mark = line.lstrip().partition(" ")[0]
    return f"{mark} " if mark in _MARKS else ""


def _without(mark: str, line: str) -> str:
    """Take off a line what those of the same comment begin with."""
    return line.strip().removeprefix(mark).lstrip()


def _goes_on(line: str, following: str) -> bool:
    word = following.partition(" ")[0]
    room = len(line) + 1 + len(word)
    if len(line) > MAX_WIDTH or room <= max(MIN_WIDTH, len(following)):
        return False  # The word would have had room in the line before.
    if line.endswith(_ENDS) or following.startswith(_BEGINS_ANEW) or word.endswith(_TYPES):
        return False
    if word == "at" and _OF_A_FRAME.match(following) is not None:
        return False
    if _BEGINS_WITHIN.match(word) is not None or line.endswith(",") or _is_open(line):
        return True
    return line.rpartition(" ")[2].lower() in _ASKS_FOR_MORE


def _is_open(line: str) -> bool:
    """Tell a line in whose middle something begins that it does not end."""
    return line.count("(") > line.count(")") or line.count('"') % 2 == 1
