"""Words that many rules share: `(?&gone)` in a regex stands for all that says so.

The notation is that of PCRE for a group that is defined elsewhere; RE2 has none, so it is written
out before a regex is compiled.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "vocabulary.toml"
_CALL = re.compile(r"\(\?&(\w+)\)")


class UnknownWordsError(ValueError):
    """A regex calls words that nobody defined."""


def written_out(regex: str) -> str:
    """Return the regex with each `(?&name)` replaced by the words of that name."""
    return _CALL.sub(lambda call: _words(call[1]), regex)


def names() -> tuple[str, ...]:
    """Return what may be called."""
    return tuple(_table())


@cache
def _words(name: str) -> str:
    if name not in _table():
        raise UnknownWordsError(f"no words are called {name!r}")
    return f"(?:{'|'.join(map(written_out, _table()[name]))})"


@cache
def _table() -> dict[str, list[str]]:
    words: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["words"]
    return words
