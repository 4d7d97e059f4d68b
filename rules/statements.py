"""What a cause says, one statement a line, for rules that know words and no software."""

import re
from collections.abc import Iterable

_END = re.compile(r"(?<=[.;!?])\s+")
_NAME = re.compile(r"\b(?:[A-Z][a-z]+(?:[A-Z][a-z]+)+|[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)\b")
"""Names that code gives to a kind of failure: `TableGone`, `TABLE_GONE`."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")


def statements(lines: Iterable[str]) -> list[str]:
    """Return the sentences of the lines, and then what the names in them say in words."""
    said = [sentence for line in lines for sentence in _END.split(line)]
    found = dict.fromkeys(name for sentence in said for name in _NAME.findall(sentence))
    return [*said, *map(in_words, found)]


def in_words(name: str) -> str:
    """Say the name of a class or code in words: `TableNotFoundError` as `table not found error`."""
    last = name.replace("$", ".").rsplit(".", 1)[-1]
    return _HUMP.sub(" ", last).lower()
