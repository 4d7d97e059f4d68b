"""A finding's one sentence: the rule's own words, with what the failure names filled in."""

from collections.abc import Mapping
from string import Template

import re2

from jobmon.diagnosis import Cause
from rules.entity_names import NAMES

MAX_MESSAGE = 300
"""Characters of a message that a summary takes over."""
_SEVERAL = re2.compile(r"`[^`]+`(?:, `[^`]+`)+")
# Spark's error condition and SQLSTATE, and the sign that R's tidyverse sets before a message.
_CODES = re2.compile(r"^\[[A-Z][A-Z0-9_.]{4,80}\] |^! |[,;]? \(?SQLSTATE: \w{5}\)?")
_OF_PYTHON_2 = re2.compile(r"""^u(?:'((?:[^'\\]|\\.)*)'?|"((?:[^"\\]|\\.)*)"?)""")
"""How Python 2 shows a text: quotes and a letter before them."""


def summary_of(templates: tuple[str, ...], cause: Cause | None, names: Mapping[str, str]) -> str:
    """Fill the first template whose names are all there; untrusted text stays as it is."""
    known = _said_by(cause) | _unquoted(names)
    if known.get("other") == known.get("library"):
        known.pop("other", None)  # Two versions of one package are no two packages.
    for template in templates:
        if all(known.get(name) for name in Template(template).get_identifiers()):
            return Template(template).substitute(known)
    return Template(templates[-1]).safe_substitute(known)


def _said_by(cause: Cause | None) -> dict[str, str]:
    """Return what a rule for any message has to say: the type, and how the message begins."""
    if cause is None:
        return {}
    said = _sentence_of(cause.message)
    cut = f"{said[:MAX_MESSAGE].rstrip()}…" if len(said) > MAX_MESSAGE else said
    return {"exception": cause.type.rsplit(".", 1)[-1], "message": cut}


def _sentence_of(message: str) -> str:
    """Return a message's first line for a sentence: without codes, with what it announces."""
    first, _, rest = message.strip().partition("\n")
    below = rest.strip().partition("\n")[0] if first.rstrip().endswith(":") else ""
    said = f"{first} {below}"
    if said[0] in "[!" or "SQLSTATE" in said:
        said = _CODES.sub("", said)
    if said[:2] in {"u'", 'u"'}:
        said = _OF_PYTHON_2.sub(r"\1\2", said).replace("\\'", "'")
    return " ".join(said.split()).rstrip(" ;")


def _unquoted(names: Mapping[str, str]) -> dict[str, str]:
    """Drop the quoting of a SQL name: a summary has its own. In a list each name keeps its own."""
    return {
        name: _with_plain_parts(value) if name not in NAMES else value.replace("`", "") or value
        for name, value in names.items()
    }


def _with_plain_parts(value: str) -> str:
    joined = value.replace("`.`", ".")
    return joined if _SEVERAL.fullmatch(joined) else value.replace("`", "") or value
