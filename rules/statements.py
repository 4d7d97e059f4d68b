"""What a cause says, one statement a line, for rules that know words and no software."""

import re

_END = re.compile(r"(?<=[.;!?])\s+(?!(?<=\.\.\. )[a-z])")
"""Where a sentence ends: not after dots that stand for a name, `No file ... matched`."""
_NAME = re.compile(r"\b(?:[A-Z][a-z]+(?:[A-Z][a-z]+)+|[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)\b")
"""Names that code gives to a kind of failure: `TableGone`, `TABLE_GONE`."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")


def statements(message: str) -> str:
    """Return its sentences, each on a line, and then what the names in it say in words."""
    found = dict.fromkeys(_NAME.findall(message))
    return "\n".join([*_END.split(message), *map(in_words, found)])


def in_words(name: str) -> str:
    """Say the name of a class or code in words: `TableNotFoundError` as `table not found error`."""
    last = name.replace("$", ".").rsplit(".", 1)[-1]
    return _HUMP.sub(" ", last).lower()
