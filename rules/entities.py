"""Names found in the text: what the rule captured, and what the root cause says anyway."""

from collections.abc import Iterable
from dataclasses import dataclass

import re2

from jobmon.diagnosis import Category
from rules.candidate import Candidate
from rules.entity_names import NAMES, is_name
from rules.entity_patterns import add_names, entity_patterns, first_around
from rules.observation import Observation
from rules.schemas import column_of_one_branch, column_of_one_schema
from rules.texts import as_meant

_MAX_VALUE = 300
_ENDINGS = ":;,'\"`\\"
_SCHEME = re2.compile(r"\b(?:dbfs|file|hdfs|s3[an]?|abfss?|wasbs?|gs|adl):/{0,2}$")
_PAIRS = (("[", "]"), ("(", ")"), ("{", "}"))
_WRITTEN_BY_NOBODY = ("<", "&lt;", "lambda$", "$anonfun", "____")
"""How functions begin that a compiler or a notebook makes."""
_WRAPPED_LINES = 4
"""Over how many lines a sentence goes on that a terminal wrapped."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Names in the whole of the texts, wherever the cause stands in them."""

    named: dict[str, str]
    ran_on: dict[str, str]
    """The machine of a task that failed."""


def named_elsewhere(observation: Observation) -> Elsewhere:
    """Look through the texts."""
    known, elsewhere = entity_patterns(), Elsewhere({}, {})
    texts = tuple(text.clipped for text in observation.texts)
    add_names(known.anywhere, texts, elsewhere.named)
    add_names(known.ran_on, texts, elsewhere.ran_on)
    return elsewhere


def names_said(
    candidate: Candidate,
    observation: Observation,
    captures: dict[str, str],
    elsewhere: Elsewhere,
) -> dict[str, str]:
    """Return what is named as being at fault, each name once; the rule's own captures first."""
    found = {name: value for name, value in captures.items() if name in NAMES}
    known = entity_patterns()
    category = candidate.rule.category
    telling = tuple(telling_texts(candidate, observation))
    add_names(known.root, telling, found)
    found = elsewhere.named | found
    for name in known.wanted.get(category, ()):
        if name not in found:
            found |= first_around(known.by_name[name], name, candidate, observation)
    add_names(known.forms, telling, found)
    if category is Category.EXECUTOR_LOST:
        found = elsewhere.ran_on | found
    if found.get("path", "").startswith("/"):
        found["path"] = _with_scheme(found["path"], telling)
    trimmed = ((name, _trimmed(name, value)[:_MAX_VALUE]) for name, value in found.items())
    return {name: value for name, value in trimmed if value and is_name(name, value)}


def entities_of(
    candidate: Candidate, observation: Observation, said: dict[str, str], elsewhere: Elsewhere
) -> tuple[tuple[str, str], ...]:
    """Return name and value pairs, sorted: what is said to be at fault, and where it happened."""
    found = dict(said)
    if candidate.rule.category in entity_patterns().ran_on_tells:
        found = elsewhere.ran_on | found
    elif elsewhere.ran_on:
        add_names(entity_patterns().ran_on, tuple(telling_texts(candidate, observation)), found)
    for name, value in _beside(candidate, observation):
        found.setdefault(name, value[:_MAX_VALUE])
    return tuple(sorted((name, value) for name, value in found.items() if value))


def _with_scheme(path: str, telling: Iterable[str]) -> str:
    """Return a path as the text has it, if a pattern took it without what stands before it."""
    for said in telling:
        before = _SCHEME.search(said[: max(0, said.find(path))])
        if before is not None:
            return f"{before.group()}{path}"
    return path


def _trimmed(name: str, value: str) -> str:
    """Drop what ends the sentence rather than the name."""
    if name != "path":
        value = _closed(value.rstrip(",;").removesuffix("."))
        return _unwrapped(value) if name in {"column", "table"} else value
    if not value.count("`") % 2:
        value = value.rstrip(_ENDINGS) if not value.endswith("`") else value
    value = value.strip("\u2018\u2019")
    for opening, closing in _PAIRS:
        if value.endswith(closing) and opening not in value:
            value = value[:-1]
    return value if value.endswith("..") else value.removesuffix(".")


def _closed(name: str) -> str:
    """Drop a quote at an end that nothing in the name opens or closes."""
    for quote in "`'\"":
        if name.count(quote) % 2:
            name = name.removesuffix(quote).removeprefix(quote)
    return name


def _unwrapped(name: str) -> str:
    """Drop the quotes around a whole name, not those around its parts."""
    return name[1:-1] if name[:1] == name[-1:] == '"' and name.count('"') == 2 else name  # noqa: PLR2004


def _beside(candidate: Candidate, observation: Observation) -> Iterable[tuple[str, str]]:
    """Yield what the message leaves out: the user's function, a column only one schema has."""
    frame = observation.report.user_frame
    if frame is not None:
        name = frame.function.partition("(")[0].rsplit(".", 1)[-1]
        if not name.startswith(_WRITTEN_BY_NOBODY):
            yield "function", name
    if candidate.rule.category is Category.SCHEMA_MISMATCH:
        for text in observation.texts:
            yield (
                "column",
                column_of_one_schema(text.lines) or column_of_one_branch(text.lines),
            )


def telling_texts(candidate: Candidate, observation: Observation) -> Iterable[str]:
    """Yield the texts that speak of the cause itself, the one that was read out of a line first."""
    cause = candidate.cause or observation.report.root
    if candidate.cause is None and candidate.places:
        yield from (as_meant(observation.quote(place)) for place in candidate.places)
    elif cause is not None:
        message = as_meant(cause.message)
        yield message
        yield as_meant(cause.text)
        if "\n" in message:
            yield " ".join(line.strip() for line in message.split("\n")[:_WRAPPED_LINES])
