"""One rule file's table, read key by key; what is wrong is collected, never guessed."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from string import Template
from typing import TypeVar

from jobmon.diagnosis import Category, Confidence, Rerun
from rules import http_status
from rules.entity_names import NAMES, SAID_BY_CAUSE
from rules.pattern import fault_of, named_twice
from rules.rule import CAUSE_FIELDS, LINE_FIELDS, Condition, Field, Operator, Rule
from rules.vocabulary import UnknownWordsError, names, written_out

_Word = TypeVar("_Word", bound=StrEnum)

KEYS = (
    *("code", "name", "summary", "category", "confidence", "rerun", "why", "remedy"),
    *("references", "priority", "replaces", "match"),
)
_FIELDS = {str(field): field for field in Field}
_OPERATORS = {str(operator): operator for operator in Operator}
_GROUPS = ("any", "all", "none", "also")
_CODE = re.compile(r"[A-Z]{2,4}\d{3}|X[A-Z]{0,3}\d{3}")
USERS_CODE = re.compile(r"X[A-Z]{0,3}\d{3}")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CAPTURE = re.compile(r"\(\?P<(\w+)>")
_WRAP = re.compile(r"(?<=\S)[ \t]*\n(?=\S)(?!(?:[-*•]|\d+[.)])\s)")
"""The end of a line that goes on: not of a paragraph, nor before an item of a list."""
_MAX_PRIORITY = 10


def unwrapped(text: str) -> str:
    """Join the lines that a file breaks at its width; paragraphs and lists stay."""
    return _WRAP.sub(" ", text)


class RuleReader:
    """Turns the table of one file into a rule; `faults` says what stands in the way."""

    def __init__(
        self, table: Mapping[str, object], *, file: str, folder: Path, is_users: bool
    ) -> None:
        self.faults: list[str] = []
        self._table = table
        self._file = file
        self._folder = folder
        self._is_users = is_users

    def read(self) -> Rule:
        """Return the rule; use it only when `faults` stayed empty."""
        for key in self._table.keys() - set(KEYS):
            self._fault(key, "unknown key", f"Use one of: {', '.join(KEYS)}.")
        match = self._match()
        telling = (*match["any"], *match["all"], *match["also"])
        captures = frozenset(name for condition in telling for name in _captured_by(condition))
        return Rule(
            code=self._code(),
            name=self._name(),
            summary=self._summary(captures),
            category=self._word("category", Category),
            confidence=self._word("confidence", Confidence),
            rerun=self._word("rerun", Rerun),
            why=unwrapped(self._text("why")),
            remedy=unwrapped(self._text("remedy")),
            references=self._references(),
            priority=self._priority(),
            replaces=self._text("replaces", needed=False),
            any_of=match["any"],
            all_of=match["all"],
            none_of=match["none"],
            also_of=match["also"],
            is_users=self._is_users,
            folder=str(self._folder),
            captures=captures,
        )

    def _fault(self, key: str, what: str, remedy: str) -> None:
        self.faults.append(f"{self._file}: {key}: {what}.\n  {remedy}")

    def _text(self, key: str, *, needed: bool = True) -> str:
        value = self._table.get(key, "")
        if not isinstance(value, str):
            self._fault(key, "is not a text", "Write it in quotes.")
            return ""
        text = value.strip()
        if needed and not text:
            self._fault(key, "is missing", "Every rule says it.")
        return text

    def _code(self) -> str:
        code = self._text("code")
        if code and not _CODE.fullmatch(code):
            self._fault("code", f"{code!r} is not a code", "Write letters and 3 digits: PY101.")
        elif code and self._is_users and not USERS_CODE.fullmatch(code):
            self._fault(
                "code",
                f"{code!r} is in a family of the built-in rules",
                'Give your rules codes that start with X, and say replaces = "…" to override.',
            )
        return code

    def _name(self) -> str:
        name, code = self._text("name"), self._table.get("code")
        if name and not NAME.fullmatch(name):
            self._fault("name", f"{name!r} is not in kebab-case", "Write it like: disk-full.")
        expected = f"{code}-{name}"
        if name and self._folder.name != expected:
            self._fault("name", f"the folder is not called {expected!r}", "Rename the folder.")
        return name

    def _word(self, key: str, words: type[_Word]) -> _Word:
        value = self._table.get(key)
        known = {str(word): word for word in words}
        if value not in known:
            self._fault(key, f"unknown value {value!r}", f"Use one of: {', '.join(known)}.")
            return next(iter(words))
        return known[str(value)]

    def _summary(self, captures: frozenset[str]) -> tuple[str, ...]:
        value = self._table.get("summary", ())
        templates = _texts([value] if isinstance(value, str) else value)
        if not templates:
            self._fault("summary", "is not a text or a list of texts", "Write one sentence.")
            return ()
        for template in templates:
            if not Template(template).is_valid():
                self._fault("summary", f"bad $ in {template!r}", "Write $$ for a dollar sign.")
                continue
            known = captures | NAMES | SAID_BY_CAUSE
            for name in sorted(set(Template(template).get_identifiers()) - known):
                self._fault(
                    "summary",
                    f"${name} is captured by no regex of the rule",
                    f"Capture it with (?P<{name}>…) or take it out of the sentence.",
                )
        return tuple(template.strip() for template in templates)

    def _references(self) -> tuple[str, ...]:
        references = _texts(self._table.get("references", ()))
        if references is None:
            self._fault("references", "is not a list of addresses", 'Write ["https://…"].')
        return references or ()

    def _priority(self) -> int:
        value = self._table.get("priority", 0)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MAX_PRIORITY:
            self._fault("priority", f"{value!r} is out of range", "Use a number from -10 to 10.")
            return 0
        return value

    def _match(self) -> dict[str, tuple[Condition, ...]]:
        match = self._table.get("match")
        if not isinstance(match, dict):
            self._fault(
                "match", "is missing", "Add [match] with any, all, none or also conditions."
            )
            match = {}
        for key in match.keys() - set(_GROUPS):
            self._fault(f"match.{key}", "unknown key", f"Use one of: {', '.join(_GROUPS)}.")
        groups = {group: self._conditions(group, match.get(group, [])) for group in _GROUPS}
        if match and not self.faults and not groups["any"] and not groups["all"]:
            self._fault("match", "has no any or all condition", "Say what must be so.")
        for condition in groups["also"]:
            if condition.field not in LINE_FIELDS | CAUSE_FIELDS:
                known = ", ".join(sorted(LINE_FIELDS | CAUSE_FIELDS))
                what = f"is about {condition.field!r}, and only causes and lines tell more"
                self._fault("match.also", what, f"Use one of: {known}.")
        return groups

    def _conditions(self, group: str, value: object) -> tuple[Condition, ...]:
        if not isinstance(value, list):
            self._fault(f"match.{group}", "is not a list", 'Write [{field = "…", … = "…"}].')
            return ()
        found = [self._condition(f"match.{group}[{i}]", item) for i, item in enumerate(value)]
        return tuple(condition for condition in found if condition is not None)

    def _condition(self, key: str, item: object) -> Condition | None:
        if not isinstance(item, dict):
            self._fault(key, "is not a table", 'Write {field = "…", regex = "…"}.')
            return None
        operators = [name for name in item if name != "field"]
        field = _FIELDS.get(str(item.get("field")))
        if field is None:
            known = ", ".join(_FIELDS)
            what = f"unknown field {item.get('field')!r}"
            self._fault(f"{key}.field", what, f"Use one of: {known}.")
            return None
        if len(operators) != 1 or operators[0] not in _OPERATORS:
            known = ", ".join(_OPERATORS)
            self._fault(key, "needs exactly one operator", f"Use one of: {known}.")
            return None
        operator = _OPERATORS[operators[0]]
        values = self._values(f"{key}.{operator}", operator, item[operator])
        return Condition(field=field, operator=operator, values=values) if values else None

    def _values(self, key: str, operator: Operator, value: object) -> tuple[str, ...] | None:
        values = _texts(value if operator is Operator.ONE_OF else [value])
        if not values or not all(values):
            wanted = "a list of texts" if operator is Operator.ONE_OF else "a text"
            self._fault(key, f"is not {wanted}", "Write what to compare with.")
            return None
        if operator is Operator.REGEX and not self._is_sound(key, values[0]):
            return None
        return values

    def _is_sound(self, key: str, regex: str) -> bool:
        if "\b" in regex:
            what = "holds a backspace: in double quotes TOML makes one of \\b"
            self._fault(key, what, "Put regexes into single quotes ('…' or '''…''').")
            return False
        try:
            reason = fault_of(written_out(regex))
        except UnknownWordsError as exc:
            self._fault(key, str(exc), f"Use one of: {', '.join(names())}.")
            return False
        if reason:
            self._fault(
                key,
                f"is not RE2: {reason}",
                "RE2 has no lookaround and no backreference; use none = […] instead.",
            )
        elif twice := named_twice(regex):
            reason = f"names the group {twice!r} twice, and only the first would be read"
            self._fault(key, reason, "Write a condition of its own for each branch.")
        return not reason


def _captured_by(condition: Condition) -> Iterable[str]:
    if condition.field is Field.HTTP_STATUS:
        return http_status.CAPTURES
    return _CAPTURE.findall(condition.values[0]) if condition.operator is Operator.REGEX else ()


def _texts(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list | tuple):
        return None
    texts = tuple(item for item in value if isinstance(item, str))
    return texts if len(texts) == len(value) else None
