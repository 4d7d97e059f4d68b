"""What an error condition of Spark or Delta says by its name and its SQLSTATE.

A name says more than its SQLSTATE, and both go by patterns: so error conditions that nobody listed
(Databricks adds many of its own) are understood too.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jobmon.diagnosis import Category, Confidence, Rerun

_DATA = Path(__file__).parent / "data"
_PYSPARK = "The code calls PySpark in a way it does not accept ($condition)."
_PYSPARK_REMEDY = "Read the message and correct the argument or call that it names."


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorConditionInfo:
    """What is known of an error condition when no rule knows it better."""

    category: Category
    rerun: Rerun
    summary: str
    """One sentence that names the error condition."""
    remedy: str
    confidence: Confidence = Confidence.MEDIUM


@dataclass(frozen=True, slots=True)
class _Group:
    category: Category
    rerun: Rerun
    summary: str
    remedy: str

    def info(self, error_condition: str, confidence: Confidence) -> ErrorConditionInfo:
        return ErrorConditionInfo(
            category=self.category,
            rerun=self.rerun,
            summary=self.summary.replace("$condition", error_condition),
            remedy=self.remedy,
            confidence=confidence,
        )


@dataclass(frozen=True, slots=True)
class ErrorConditionTable:
    """Groups of error conditions by name, by words of a name, and by SQLSTATE or its class."""

    names: dict[str, _Group]
    words: tuple[tuple[str, _Group], ...]
    states: dict[str, _Group]
    last_words: tuple[tuple[str, _Group], ...]
    """What words say that mean something else in many a name."""
    known: dict[str, str]
    """The SQLSTATE of every error condition in the open lists; empty where the list gives none."""

    def group(self, error_condition: str, sqlstate: str) -> _Group | None:
        """Find what the name says, or else what the SQLSTATE says."""
        main, _, sub = error_condition.partition(".")
        for name in (error_condition, main):
            if name in self.names:
                return self.names[name]
        state = sqlstate or self.known.get(main, "")
        return (
            _by_word(self.words, (sub, main))
            or self.states.get(state)
            or self.states.get(state[:2])
            or self._of_pyspark(main)
        )

    def guess(self, error_condition: str) -> _Group | None:
        """Find what any word of the name suggests."""
        main, _, sub = error_condition.partition(".")
        return _by_word(self.last_words, (sub, main))

    def _of_pyspark(self, name: str) -> _Group | None:
        # PySpark's own checks of arguments are those that are listed without a state.
        if self.known.get(name, "?"):
            return None
        return _Group(
            Category.USER_CODE_EXCEPTION, Rerun.UNLIKELY_TO_HELP, _PYSPARK, _PYSPARK_REMEDY
        )


def _by_word(words: Iterable[tuple[str, _Group]], names: tuple[str, ...]) -> _Group | None:
    spelled = [f"_{name}_" for name in names if name]
    return next((group for name in spelled for word, group in words if word in name), None)


def lookup(error_condition: str, sqlstate: str = "") -> ErrorConditionInfo | None:
    """Say what `MAIN` or `MAIN.SUB` means; None when neither name nor SQLSTATE tells."""
    group, confidence = error_condition_table().group(error_condition, sqlstate), Confidence.MEDIUM
    if group is None:
        group, confidence = error_condition_table().guess(error_condition), Confidence.LOW
    return group.info(error_condition or f"SQLSTATE {sqlstate}", confidence) if group else None


@cache
def error_condition_table() -> ErrorConditionTable:
    """Read the tables that are part of this package, once."""
    table = tomllib.loads((_DATA / "error_condition_groups.toml").read_text(encoding="utf-8"))
    listed: dict[str, list[str]] = json.loads(
        (_DATA / "error_conditions.json").read_text(encoding="utf-8")
    )
    pairs = [(entry, _group(entry)) for entry in table["group"]]

    def by(key: str) -> Iterator[tuple[str, _Group]]:
        return ((name, group) for entry, group in pairs for name in entry.get(key, ()))

    return ErrorConditionTable(
        names=dict(by("names")),
        words=tuple((f"_{word}_", group) for word, group in by("words")),
        states=dict(by("states")),
        last_words=tuple((f"_{word}_", group) for word, group in by("last_words")),
        known={name: state for state, names in listed.items() for name in names},
    )


def _group(entry: dict[str, str]) -> _Group:
    return _Group(
        Category(entry["category"]), Rerun(entry["rerun"]), entry["summary"], entry["remedy"]
    )
