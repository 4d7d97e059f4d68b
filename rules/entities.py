"""Names found in the text: what the rule captured, and what the root cause says anyway."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jobmon.diagnosis import Category
from rules.observation import Observation
from rules.pattern import PatternSet
from rules.ranking import Candidate
from rules.schemas import column_of_one_branch, column_of_one_schema

_FILE = Path(__file__).parent / "data" / "entities.toml"

NAMES = frozenset(
    [
        "module",
        "column",
        "table",
        "model",
        "path",
        "library",
        "host",
        "exit_code",
        "function",
        "field",
        "parameter",
        "secret",
        "scope",
        "principal",
        "permission",
        "limit",
        "instance_type",
        "region",
        "endpoint",
        "package",
        "version",
        "url",
        "job",
        "status",
        "port",
        "signal",
        "user",
        "database",
        "key",
        "type",
        "operation",
        "setting",
        "topic",
        "query",
    ]
)
"""Captures with these names become entities; others only fill summaries."""

_MAX_VALUE = 300
_ENDINGS = ":;,'\"`"
_DOCUMENTATION = ("docs.", "learn.", "aka.ms", "spark.apache.org", "go.microsoft.com")
"""Where a message's link leads to is no host that failed."""
_STATEMENTS = frozenset({"DELETE", "INSERT", "MERGE", "UPDATE", "ALTER", "REFRESH"})
"""What stands in quotes after "table" in some messages, and is no table."""
_PAIRS = (("[", "]"), ("(", ")"), ("{", "}"))


def entities_of(
    candidate: Candidate, observation: Observation, captures: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return name and value pairs, each name once, sorted; the rule's own captures first."""
    found = {name: value for name, value in captures.items() if name in NAMES}
    root, anywhere = _patterns()
    for said in _telling(candidate, observation):
        _extract(root, said, found)
    for text in observation.texts:
        _extract(anywhere, text.clipped, found)
    for name, value in _beside(candidate, observation):
        found.setdefault(name, value)
    named = ((name, _trimmed(name, value)) for name, value in found.items())
    return tuple(sorted((name, value[:_MAX_VALUE]) for name, value in named if value))


def _trimmed(name: str, value: str) -> str:
    """Drop what ends the sentence rather than the path."""
    if name != "path":
        return "" if name == "table" and value in _STATEMENTS else value
    value = value.strip("\u2018\u2019").rstrip(_ENDINGS)
    for opening, closing in _PAIRS:
        if value.endswith(closing) and opening not in value:
            value = value[:-1]
    return value if value.endswith("..") else value.removesuffix(".")


def _beside(candidate: Candidate, observation: Observation) -> Iterable[tuple[str, str]]:
    """Yield what the message leaves out: the user's function, a column only one schema has."""
    frame = observation.report.user_frame
    if frame is not None and not frame.function.startswith("<"):
        yield "function", frame.function.partition("(")[0].rsplit(".", 1)[-1]
    if candidate.rule.category is Category.SCHEMA_MISMATCH:
        for text in observation.texts:
            yield (
                "column",
                column_of_one_schema(text.lines) or column_of_one_branch(text.lines),
            )


def _telling(candidate: Candidate, observation: Observation) -> Iterable[str]:
    """Yield the texts that speak of the cause itself."""
    cause = candidate.cause or observation.report.root
    if candidate.cause is None and candidate.places:
        yield from (observation.quote(place) for place in candidate.places)
    elif cause is not None:
        yield cause.text
        yield cause.message


def _extract(patterns: PatternSet, text: str, found: dict[str, str]) -> None:
    for index in patterns.matching(text):
        for hit in patterns.hits(index, text):
            for name, value in hit.captures:
                if name != "host" or not value.startswith(_DOCUMENTATION):
                    found.setdefault(name, value)


@cache
def _patterns() -> tuple[PatternSet, PatternSet]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return PatternSet(table["root"]), PatternSet(table["anywhere"])
