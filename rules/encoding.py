"""Texts of files in the encoding that their first bytes name, as UTF-8."""

import codecs
from collections.abc import Iterable, Iterator

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte-order marks; UTF-32's begins as UTF-16's does, so it is asked for first."""
_LONGEST = 4


def as_utf8(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes without a byte-order mark; UTF-16 and UTF-32 with one become UTF-8.

    What does not decode becomes the replacement character; other bytes are passed on as they are.
    """
    rest = iter(chunks)
    first = b""
    while len(first) < _LONGEST:
        chunk = next(rest, b"")
        if not chunk:
            break
        first += chunk
    encoding = next((name for mark, name in _MARKS if first.startswith(mark)), "")
    if not encoding:
        yield first
        yield from rest
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in (first, *rest):
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()
