"""What an error condition of Spark or Delta says by its name and its SQLSTATE.

A name says more than its SQLSTATE, and both go by patterns: so conditions that nobody listed
(Databricks adds many of its own) are understood too.
"""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jobmon.diagnosis import Category, Rerun

_DATA = Path(__file__).parent / "data"
_PYSPARK = "The code calls PySpark in a way it does not accept ($condition)."
_PYSPARK_REMEDY = "Read the message and correct the argument or call that it names."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionInfo:
    """What is known of a condition when no rule knows it better."""

    category: Category
    rerun: Rerun
    summary: str
    """One sentence that names the condition."""
    remedy: str


@dataclass(frozen=True, slots=True)
class _Group:
    category: Category
    rerun: Rerun
    summary: str
    remedy: str

    def info(self, condition: str) -> ConditionInfo:
        return ConditionInfo(
            category=self.category,
            rerun=self.rerun,
            summary=self.summary.replace("$condition", condition),
            remedy=self.remedy,
        )


@dataclass(frozen=True, slots=True)
class ConditionTable:
    """Groups of conditions by name, by words of a name, and by SQLSTATE or its class."""

    names: dict[str, _Group]
    words: tuple[tuple[str, _Group], ...]
    states: dict[str, _Group]
    known: dict[str, str]
    """The SQLSTATE of every condition in the open lists; empty where the list gives none."""

    def group(self, condition: str, sqlstate: str) -> _Group | None:
        """Find what the name says, or else what the SQLSTATE says."""
        main, _, sub = condition.partition(".")
        for name in (condition, main):
            if name in self.names:
                return self.names[name]
        for part in filter(None, (sub, main)):
            wrapped = f"_{part}_"
            for word, group in self.words:
                if word in wrapped:
                    return group
        state = sqlstate or self.known.get(main, "")
        return self.states.get(state) or self.states.get(state[:2]) or self._of_pyspark(main)

    def _of_pyspark(self, name: str) -> _Group | None:
        # PySpark's own checks of arguments are the conditions that are listed without a state.
        if self.known.get(name, "?"):
            return None
        return _Group(
            Category.USER_CODE_EXCEPTION, Rerun.UNLIKELY_TO_HELP, _PYSPARK, _PYSPARK_REMEDY
        )


def lookup(condition: str, sqlstate: str = "") -> ConditionInfo | None:
    """Say what `MAIN` or `MAIN.SUB` means; None when neither name nor SQLSTATE tells."""
    group = condition_table().group(condition, sqlstate)
    return group.info(condition or f"SQLSTATE {sqlstate}") if group else None


@cache
def condition_table() -> ConditionTable:
    """Read the tables that are part of this package, once."""
    groups = tomllib.loads((_DATA / "condition_groups.toml").read_text(encoding="utf-8"))["group"]
    listed: dict[str, list[str]] = json.loads(
        (_DATA / "conditions.json").read_text(encoding="utf-8")
    )
    pairs = [(entry, _group(entry)) for entry in groups]
    return ConditionTable(
        names={name: group for entry, group in pairs for name in entry.get("names", ())},
        words=tuple(
            (f"_{word}_", group) for entry, group in pairs for word in entry.get("words", ())
        ),
        states={state: group for entry, group in pairs for state in entry.get("states", ())},
        known={name: state for state, names in listed.items() for name in names},
    )


def _group(entry: dict[str, str]) -> _Group:
    return _Group(
        Category(entry["category"]), Rerun(entry["rerun"]), entry["summary"], entry["remedy"]
    )
