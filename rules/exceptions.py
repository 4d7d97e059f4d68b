"""What the mere type of an exception says, for causes that no rule knows."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import re2

from jobmon.diagnosis import Category, Cause, CauseKind, Rerun
from rules.causes.frames import raising_frame
from rules.statements import in_words
from rules.vocabulary import written_out

_FILE = Path(__file__).parent / "data" / "exceptions.toml"

_NAMED = frozenset({CauseKind.PYTHON, CauseKind.JAVA, CauseKind.JSON})

_OF_QUERIES = ("spark", "hive", "sql", "parser", "cypher", "calcite", "__main__")
"""Packages whose `ParseException` is about a statement."""

_SAME_CLASS = re.compile(r"(?:class )?([\w.$]+) cannot be cast to (?:class )?\1(?![\w.$])")
"""A class that is not itself: two loaders have it, from two jars."""

_REDACTED = "The original error message is redacted"
"""What Streamlit shows for any exception that an app did not catch."""
_OF_THE_JVM = (".java", ".scala", ".kt")
_WITHOUT_WHY = re2.compile(
    r"(?i)^(?:(?:failed|unable|not able) to|could not|couldn't|error (?:while|when|during|in)) "
    r"(?P<what>[^.:;,()\[{]*"
    r"(?:[(\[{].*|\b(?:for|of|from|to|at|in|on|with|file|path|topic): \S+)?)\.?$"
)
"""What was to be done, and not why it was not."""
_WHY = re2.compile(r"(?i)\b(?:because|since|due to|as it|not|no|already|without|must|only)\b")


@dataclass(frozen=True, slots=True)
class ExceptionFamily:
    """Exceptions that mean the same kind of failure."""

    category: Category
    rerun: Rerun
    summary: tuple[str, ...]
    """Templates, as a rule has them."""
    remedy: str


@dataclass(frozen=True, slots=True)
class ExceptionTable:
    """Families by the last part of the type, by words within it, and by its package."""

    names: dict[str, ExceptionFamily]
    words: tuple[tuple["re2._Regexp", ExceptionFamily], ...]
    packages: dict[str, ExceptionFamily]
    mute: frozenset[str]
    """Whole types that sound like one kind of failure and stand for any of their software."""

    def family(self, cause: Cause) -> ExceptionFamily | None:
        """Say what the cause's type means; None when it means nothing, or is no exception."""
        family = self._of_type(cause)
        if family is None or family.category is not Category.USER_CODE_EXCEPTION:
            return family
        if _REDACTED in cause.message:
            return None
        return None if _is_a_librarys(cause) and _gives_no_reason(cause.message) else family

    def _of_type(self, cause: Cause) -> ExceptionFamily | None:
        if cause.kind not in _NAMED or not cause.type or cause.type in self.mute:
            return None
        name = cause.type.replace("$", ".").rsplit(".", 1)[-1]
        if name == "ClassCastException" and _SAME_CLASS.search(cause.message):
            return self.names["IncompatibleClassChangeError"]
        if name == "ParseException" and _parses_data(cause.type):
            return self.names["JSONDecodeError"]
        if name in self.names:
            return self.names[name]
        said = in_words(name)
        for words, family in self.words:
            if words.search(said):
                return family
        package = cause.type.partition(".")[0]
        if package in self.packages and package != cause.type:
            return self.packages[package]
        # An exception class of somebody's own: their code raised it. Java's need words as well,
        # for what is no library that is known by its package need not be the user's.
        says = cause.kind is CauseKind.PYTHON or bool(cause.message.strip())
        raised = says and any(frame.user_code for frame in cause.frames)
        return self.names["Exception"] if raised else None


def _is_a_librarys(cause: Cause) -> bool:
    """Tell an error that no code of the user's raised, as far as its frames show."""
    jvm = any(frame.file.endswith(_OF_THE_JVM) for frame in cause.frames[:1])
    frame = raising_frame(cause.frames, jvm=jvm or cause.kind is CauseKind.JAVA)
    return frame is not None and not frame.user_code


def _gives_no_reason(message: str) -> bool:
    """Tell a message that says at most what was to be done: it may be anybody's fault."""
    said = message.partition("\n")[0].strip()
    if not said:
        return True
    attempt = _WITHOUT_WHY.match(said)
    return attempt is not None and _WHY.search(attempt["what"]) is None


def _parses_data(name: str) -> bool:
    """Tell the exception of what reads JSON, sheets or shapes from that of a query's parser."""
    package = name.rpartition(".")[0]
    return bool(package) and not any(word in package for word in _OF_QUERIES)


@cache
def exception_table() -> ExceptionTable:
    """Read the table that is part of this package, once."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    names = {name: _family(group) for group in table["group"] for name in group["names"]}
    words = tuple(
        (
            re2.compile(written_out(entry["says"])),
            names[entry["like"]] if "like" in entry else _family(entry),
        )
        for entry in table["words"]
    )
    packages = dict.fromkeys(table["packages"]["names"], names[table["packages"]["like"]])
    return ExceptionTable(names, words, packages, frozenset(table["mute"]["types"]))


def _family(group: dict[str, Any]) -> ExceptionFamily:
    said = group["summary"]
    return ExceptionFamily(
        category=Category(group["category"]),
        rerun=Rerun(group["rerun"]),
        summary=(said,) if isinstance(said, str) else tuple(said),
        remedy=group["remedy"],
    )
