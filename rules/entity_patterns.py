"""Patterns that name things: which there are, and where around a cause they are looked for."""

import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path

import re2

from jobmon.diagnosis import Category
from rules.candidate import Candidate
from rules.entity_names import is_name
from rules.observation import Observation
from rules.pattern import MAX_LINE
from rules.pattern_set import LineHit, PatternSet

_FILE = Path(__file__).parent / "data" / "entities.toml"

NEAR = 12
"""How many lines above and below a cause still speak of it."""

# Where a message's link leads to is no host that failed.
_LINK = re2.compile(
    r"(?i)\b(?:see|visit|refer to|read (?:more|about|the|our|this|here)|doc\w*|learn|more|go to"
    r"|follow|details|listed (?:on|in)|instructions|increase|upgrad(?:e|ing)|contact|request an?"
    r"|find \w+ at|send us a message)\b"
    r"[^:/.]{0,40}:? *[\\'\"(<\[]{0,3}https?://([\w.-]+\w)"
)
_DOCUMENTATION = re2.compile(
    r"^(?:docs?\.|learn\.|console\.|aka\.ms|help\.|support\.|developers?\.|wiki\.|stackoverflow"
    r"|(?:www\.)?(?:aws\.amazon\.com|docker\.com$"
    r"|kb\.databricks\.com|go\.microsoft\.com|pytorch\.org|docs\b))"
    r"|\.apache\.org$|readthedocs|^sqlalche\.me$|^errors\.|\.github\.io$"
)
_FILE_NAME = re2.compile(
    r"(?i)\.(?:py|scala|java|sql|r|go|rs|cpp|c|h|ipynb|kt|js|ts|sh|rb|csv|json)$"
)

# Where code lies that ran: a frame's file, an interpreter, an installer's store.
_SOURCE = re2.compile(
    r"(?i)(?:site|dist)-packages|/bin/(?:python|pip|bash|sh)\b|python_start_\w+\.sh|/\.ivy2/|/\.sbt/"
    r"|\.(?:scala|java|cpp|cc|cu|h|go|rs|kt|rb)$|^/usr/lib/python|/lib/python3"
    r"|\.(?:rb|js|ts|php|pl):\d+(?::\d+)?$"
)


@dataclass(frozen=True, slots=True)
class EntityPatterns:
    """The patterns, by where they count."""

    root: PatternSet
    anywhere: PatternSet
    forms: PatternSet
    by_name: Mapping[str, PatternSet]
    """Those of `root` that find a certain name."""
    wanted: Mapping[Category, tuple[str, ...]]
    """What a failure of this kind is about, and is looked for around its cause."""
    ran_on: PatternSet
    """Where a task ran, which says something of failures of some kinds only."""
    ran_on_tells: frozenset[Category]


def add_names(patterns: PatternSet, texts: Sequence[str], found: dict[str, str]) -> None:
    """Add the names that the texts say and that are not known yet, the first text's first."""
    for text, hits in zip(texts, _in_each(patterns, texts), strict=True):
        for name, value in (capture for hit in hits for capture in hit.captures):
            if name not in found and _is_meant(name, value, text):
                found[name] = value


def _in_each(patterns: PatternSet, texts: Sequence[str]) -> list[list[LineHit]]:
    """Look through all texts in one pass; the hits of each, in the order of the patterns."""
    ends = list(accumulate(text.count("\n") + 1 for text in texts))
    found: list[list[LineHit]] = [[] for _ in texts]
    for hits in patterns.hits("\n".join(texts)).values():
        for hit in hits:
            found[bisect_right(ends, hit.line)].append(hit)
    return found


def _is_meant(name: str, value: str, text: str) -> bool:
    if not is_name(name, value):
        return False
    if name == "library":
        return value != "pip"  # It was brought up to date before the installation that failed.
    if name == "path":
        return _SOURCE.search(value) is None and f'File "{value}"' not in text
    return name != "host" or _may_have_failed(value, text)


def _may_have_failed(host: str, text: str) -> bool:
    if _DOCUMENTATION.search(host) or _FILE_NAME.search(host):
        return False
    return all(link.group(1) != host for link in _LINK.finditer(text))


def first_around(
    known: PatternSet, name: str, candidate: Candidate, observation: Observation
) -> dict[str, str]:
    """Find one name in the causes next to this one, or else in the lines next to it."""
    found: dict[str, str] = {}
    add_names(known, tuple(_around(candidate, observation)), found)
    return {name: found[name]} if name in found else {}


def _around(candidate: Candidate, observation: Observation) -> Iterator[str]:
    report = observation.report
    cause = candidate.cause or report.root
    if cause is not None:
        middle = report.index_of(cause)
        for other in sorted(range(len(report.causes)), key=lambda index: abs(index - middle)):
            yield report.causes[other].text
            yield report.causes[other].message
    if candidate.places:
        field, first, last = candidate.places[0].field, candidate.places[0].line, 0
    elif cause is not None:
        field, first, last = cause.field, cause.line, cause.end_line
    else:
        return
    text = observation.text(field)
    if text is None:
        return
    for step in range(NEAR):
        yield text.line(max(first, last) + step)[:MAX_LINE]
        yield text.line(first - step)[:MAX_LINE]


@cache
def entity_patterns() -> EntityPatterns:
    """Return the patterns of the data file."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    looked_for = [*table["root"], *table["wanted_only"]]
    names = {name for some in table["wanted"].values() for name in some}
    return EntityPatterns(
        root=PatternSet(table["root"]),
        anywhere=PatternSet(table["anywhere"]),
        forms=PatternSet(table["forms"]),
        by_name={
            name: PatternSet([one for one in looked_for if f"(?P<{name}>" in one]) for name in names
        },
        wanted={Category(kind): tuple(some) for kind, some in table["wanted"].items()},
        ran_on=PatternSet(table["ran_on"]),
        ran_on_tells=frozenset(map(Category, table["ran_on_tells"])),
    )
