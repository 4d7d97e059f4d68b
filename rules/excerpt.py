"""The telling parts of a text of any length, in bounded memory: a long log is never held whole.

Kept are its beginning, its end, and the lines round whatever looks like an error or like what
a rule asks for: the first ones, since what comes later is often a consequence, and the last ones.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import re2

from rules.pattern import matched_lines
from rules.pattern_set import PatternSet

BLOCK = 1 << 20
"""Bytes that are looked at together."""
WHOLE = 512 << 10
"""A text of up to so many bytes is taken as it is."""
HEAD, TAIL = 32 << 10, 128 << 10
BEFORE, AFTER = 6, 40
"""Lines kept before and after a line that was found."""
MAX_LINES = 1500
"""Lines kept of those found first, and as many of those found last."""
MAX_LINE = 8_000
"""Bytes kept of a line."""
MAX_FOUND = 40
"""Lines that are found in a block by its error words."""

_ERROR_WORDS = re2.compile(
    rb"(?m)Traceback \(most recent|Caused by:|^[\w.$]*(?:Exception|Error)\b|\bFATAL\b|\bERROR\b"
    rb"|SQLSTATE|OutOfMemory|[Ee]xit(?:ed)? (?:with )?(?:code|status)|\bKilled\b|panic:"
    rb"|[Pp]ermission denied|\"(?:error|critical|fatal)\""
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What was kept, as one text, and where its lines stood."""

    text: str
    numbers: tuple[int, ...] = ()
    """The original number of each line, counted from 1; empty when the text is whole."""

    def original(self, line: int | None) -> int | None:
        """Return where a line of the excerpt (from 1) stood in the whole text."""
        if line is None or not 0 < line <= len(self.numbers):
            return line
        return self.numbers[line - 1]


def excerpt(chunks: Iterable[bytes], patterns: PatternSet) -> Excerpt:
    """Read a text chunk by chunk; a short one is kept whole."""
    reader = _Reader(patterns)
    for block in _blocks(chunks):
        reader.read(block)
    return reader.excerpt()


def _blocks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut the stream into blocks that end with a line, or after `BLOCK` bytes of an endless one."""
    waiting: list[bytes] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            block = b"".join(waiting)
            end = block.rfind(b"\n") + 1 or len(block)
            yield block[:end]
            waiting, size = [block[end:]], len(block) - end
    if size:
        yield b"".join(waiting)


class _Ends:
    """The lines round what was found first, and round what was found last."""

    def __init__(self) -> None:
        self._first: dict[int, bytes] = {}
        self._last: deque[tuple[int, bytes]] = deque(maxlen=MAX_LINES)
        self._owed = 0
        """How many lines the next block owes to what was found at the end of the last one."""

    def windows(self, found: Iterable[int], block: bytes) -> list[int]:
        """Return the lines of the block that are wanted, those still owed included."""
        wanted = set(range(self._owed))
        for line in found:
            wanted.update(range(max(0, line - BEFORE), line + AFTER + 1))
        self._owed = max(0, max(wanted, default=-1) + 1 - block.count(b"\n"))
        return sorted(wanted)

    def keep(self, wanted: Iterable[int], lines: Sequence[bytes], *, start: int) -> None:
        """Keep lines of a block that begins with line `start` of the text."""
        for number in wanted:
            if number >= len(lines):
                return
            if len(self._first) < MAX_LINES:
                self._first[start + number] = lines[number]
            else:
                self._last.append((start + number, lines[number]))

    def kept(self) -> dict[int, bytes]:
        return self._first | dict(self._last)


class _Reader:
    def __init__(self, patterns: PatternSet) -> None:
        self._patterns = patterns
        self._whole: bytes | None = b""
        self._head: dict[int, bytes] = {}
        # Apart from each other: a rule's word in every second line must not crowd out an error.
        self._errors = _Ends()
        self._asked = _Ends()
        self._recent: deque[tuple[int, bytes]] = deque(maxlen=2)
        self._line = 0

    def read(self, block: bytes) -> None:
        if self._whole is not None:
            joined = self._whole + block
            self._whole = joined if len(joined) <= WHOLE else None
        if not self._line:
            self._head = dict(enumerate(_cut(block[:HEAD].split(b"\n"))))
        errors = self._errors.windows(_found(block), block)
        asked = self._asked.windows(_asked(self._patterns, block), block)
        if errors or asked:
            lines = _cut(block.split(b"\n"))
            self._errors.keep(errors, lines, start=self._line)
            self._asked.keep(asked, lines, start=self._line)
        self._recent.append((self._line, block))
        self._line += block.count(b"\n")

    def excerpt(self) -> Excerpt:
        if self._whole is not None:
            return Excerpt(self._whole.decode("utf-8", "replace"))
        kept = self._head | self._asked.kept() | self._errors.kept() | self._tail()
        numbers = sorted(kept)
        text = b"\n".join(kept[number] for number in numbers).decode("utf-8", "replace")
        return Excerpt(text, tuple(number + 1 for number in numbers))

    def _tail(self) -> dict[int, bytes]:
        start, text = self._recent[0][0], b"".join(block for _, block in self._recent)
        cut = max(0, len(text) - TAIL)
        cut = text.find(b"\n", cut) + 1 if cut else 0
        first = start + text.count(b"\n", 0, cut)
        return {first + i: line for i, line in enumerate(_cut(text[cut:].split(b"\n")))}


def _found(block: bytes) -> list[int]:
    return [line for line, _ in islice(matched_lines(_ERROR_WORDS, block), MAX_FOUND)]


def _asked(patterns: PatternSet, block: bytes) -> set[int]:
    return {
        hit.line
        for hits in patterns.hits(block.decode("utf-8", "replace")).values()
        for hit in hits
    }


def _cut(lines: Sequence[bytes]) -> list[bytes]:
    return [line[:MAX_LINE] for line in lines]
