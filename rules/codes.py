"""Termination codes of runs and clusters: what they say, and where texts state them."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from jobmon.diagnosis import Category, Confidence, Rerun
from rules.pattern_set import PatternSet
from rules.texts import Text

_FILE = Path(__file__).parent / "data" / "codes.toml"

# "Termination info: code: X", "Reason: X (CLOUD_FAILURE)", {"code": "X"} and their kin; also
# "is in unexpected state Terminated: X(CLIENT_ERROR)", "Unexpected state for cluster (id): X".
_STATED = (
    r"""(?:(?i:termination[_ ](?:info|reason|code)|reason|\bcode)["']?\s*[:=]\s*"""
    r"""(?:\{?\s*["']?code["']?\s*[:=]\s*)?["']?"""
    r"""|(?i:unexpected state (?:\w+|for cluster \S+)): ?)"""
    r"""(?P<code>[A-Z][A-Z0-9_]{4,})\b"""
    r"""(?:["']?[ ,(]*(?:["']type["']\s*:\s*["'])?"""
    r"""(?P<type>CLOUD_FAILURE|CLIENT_ERROR|SERVICE_FAULT))?"""
)


_TYPE_BELOW = r"""^\W*type\W{1,6}(?P<type>CLOUD_FAILURE|CLIENT_ERROR|SERVICE_FAULT)\b"""
"""The same code's type where JSON is printed one member a line."""

_SPELLED = r"(?i:reason)\s*:\s*(?P<code>[A-Z][A-Za-z0-9]+(?: [A-Z][A-Za-z0-9]*){0,9})"
"""The same in words, as the cluster's page prints it: `Reason: Cloud Provider Shutdown`."""

_BARE = r"(?:^\W*|\bgot \w+: ?)(?P<code>[A-Z][A-Z0-9]+(?:_[A-Z0-9]+){2,})\b"
"""A code that a line begins with, or is, when it is too long to be another program's word."""


_LONG = 2
"""Underscores from which on a code is too long to be another program's, too."""


class Scope(StrEnum):
    """Whose code it is."""

    RUN = "run"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a code says by itself."""

    category: Category
    rerun: Rerun = Rerun.UNKNOWN
    confidence: Confidence = Confidence.LOW
    summary: str = ""
    remedy: str = ""
    generic: bool = False
    """Whether it names no cause, so that anything else that is known says more."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A code that a text states."""

    code: str
    type: str
    field: str
    line: int


@dataclass(frozen=True, slots=True)
class CodeTable:
    """Meanings by code; words and types stand in for codes that are newer than the table."""

    meanings: dict[tuple[Scope, str], Meaning]
    words: tuple[tuple[tuple[str, ...], str], ...]
    types: dict[str, str]

    def meaning(self, scope: Scope, code: str, code_type: str = "") -> Meaning | None:
        """Say what a code means, for an unknown one by its words and type; None if nothing."""
        known = self.meanings.get((scope, code)) or self._like(code, code_type)
        if known is None or known.category is Category.UNKNOWN:
            return None
        if known.rerun is Rerun.LIKELY_TO_HELP and "MISCONFIG" in code:
            return self._known("CLOUD_PROVIDER_RESOURCE_STOCKOUT_DUE_TO_MISCONFIG")
        return known

    def knows(self, scope: Scope, code: str) -> bool:
        """Whether the table has exactly this code."""
        return (scope, code) in self.meanings

    def scope(self, code: str) -> Scope:
        """Say whose a code is that a text states: a cluster's, unless only runs have it."""
        is_runs = self.knows(Scope.RUN, code) and not self.knows(Scope.CLUSTER, code)
        return Scope.RUN if is_runs else Scope.CLUSTER

    def _like(self, code: str, code_type: str) -> Meaning | None:
        if not code:
            return None
        for words, like in self.words:
            if any(word in code for word in words):
                return self._known(like)
        like = self.types.get(code_type, "")
        return self._known(like) if like else None

    def _known(self, like: str) -> Meaning:
        run, cluster = (Scope.RUN, like), (Scope.CLUSTER, like)
        return self.meanings[cluster] if cluster in self.meanings else self.meanings[run]


@cache
def code_table() -> CodeTable:
    """Read the table that is part of this package, once."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    meanings = {
        (Scope(group["of"]), code): Meaning(
            category=Category(group["category"]),
            rerun=Rerun(group.get("rerun", "unknown")),
            confidence=Confidence(group.get("confidence", "low")),
            summary=group.get("summary", ""),
            remedy=group.get("remedy", ""),
            generic=group.get("generic", False),
        )
        for group in table["group"]
        for code in group["codes"]
    }
    words = tuple((tuple(entry["any"]), entry["like"]) for entry in table["words"])
    return CodeTable(meanings, words, {entry["is"]: entry["like"] for entry in table["type"]})


@cache
def _stated() -> PatternSet:
    return PatternSet([_STATED, _SPELLED, _BARE])


@cache
def _below() -> PatternSet:
    return PatternSet([_TYPE_BELOW])


def _type_below(text: Text, line: int) -> str:
    below = text.line(line + 1)
    found = _below().hits(below, most=1).values()
    return next((dict(hits[0].captures)["type"] for hits in found), "")


def _coded(said: str) -> str:
    """Turn words into the code they begin with: what follows it may be a sentence's start."""
    words = said.upper().split(" ")
    longest = range(len(words), 0, -1)
    begun = ("_".join(words[:count]) for count in longest)
    known = (code for code in begun if code_table().knows(Scope.CLUSTER, code))
    return next(known, "_".join(words))


def _is_of_others(code: str, text: Text, line: int) -> bool:
    """Tell a short code, as other software has them, too, in a line that speaks of no cluster."""
    said = text.line(line).lower()
    return code.count("_") < _LONG and not any(word in said for word in ("cluster", "terminat"))


def codes_stated(texts: tuple[Text, ...]) -> tuple[Sighting, ...]:
    """Find the cluster codes that texts state, in the order of the texts."""
    table, stated = code_table(), _stated()
    found = []
    for text in texts:
        for hits in stated.hits(text.clipped).values():
            for hit in hits:
                captures = dict(hit.captures)
                code = _coded(captures["code"])
                code_type = captures.get("type", "") or _type_below(text, hit.line)
                known = table.knows(Scope.CLUSTER, code) and not _is_of_others(code, text, hit.line)
                if code_type or known:
                    found.append(Sighting(code, code_type, text.field, hit.line))
    return tuple(found)
