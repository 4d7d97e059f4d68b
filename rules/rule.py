"""What a rule is: conditions on a failure, and what to tell people when they hold."""

from dataclasses import dataclass, field
from enum import StrEnum

from jobmon.diagnosis import Category, Confidence, Rerun


class Field(StrEnum):
    """What a condition looks at."""

    EXCEPTION = "exception"
    MESSAGE = "message"
    WORDS = "words"
    ERROR_CLASS = "error_class"
    SQLSTATE = "sqlstate"
    RAISED_IN = "raised_in"
    RAISED_AT = "raised_at"
    TERMINATION_CODE = "termination_code"
    CLUSTER_CODE = "cluster_code"
    TASK_TYPE = "task_type"
    HTTP_STATUS = "http_status"
    LINE = "line"
    ERROR = "error"
    TRACE = "trace"
    LOGS = "logs"


CAUSE_FIELDS = frozenset(
    {
        Field.EXCEPTION,
        Field.MESSAGE,
        Field.WORDS,
        Field.ERROR_CLASS,
        Field.SQLSTATE,
        Field.RAISED_IN,
        Field.RAISED_AT,
    }
)
"""Fields about one cause: a rule's conditions on them must hold on the same cause."""

LINE_FIELDS = frozenset({Field.LINE, Field.ERROR, Field.TRACE, Field.LOGS})
"""Fields about any line of a text, wherever it stands."""


class Operator(StrEnum):
    """How a condition compares."""

    EQUALS = "equals"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    REGEX = "regex"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that must (or must not) be so. Equal conditions of several rules are one."""

    field: Field
    operator: Operator
    values: tuple[str, ...]

    def __str__(self) -> str:
        values = " | ".join(self.values)
        return f"{self.field} {self.operator} {values}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of failure: how to recognise it and what a person should know about it."""

    code: str
    name: str
    summary: tuple[str, ...]
    """Templates; the first whose captures are all there is used."""
    category: Category
    confidence: Confidence
    rerun: Rerun
    why: str
    remedy: str
    references: tuple[str, ...]
    priority: int = 0
    replaces: str = ""
    all_of: tuple[Condition, ...] = ()
    any_of: tuple[Condition, ...] = ()
    none_of: tuple[Condition, ...] = ()
    also_of: tuple[Condition, ...] = ()
    """Conditions that decide nothing: in its cause, or in lines close to it, they tell names."""
    is_users: bool = False
    """Whether it comes from the user's own rules and not from the built-in catalogue."""
    folder: str = ""
    """Where it was read from, for messages; empty for a rule made in code."""
    captures: frozenset[str] = field(default=frozenset())
    """Names that its regexes can capture."""

    @property
    def family(self) -> str:
        """The letters of its code: `SPK` of `SPK101`."""
        return self.code.rstrip("0123456789")

    @property
    def goes_by_words(self) -> bool:
        """Tell a rule that knows no software, only words that any may use."""
        return self.family == "WRD"

    def asks(self, field: Field) -> bool:
        """Tell whether one of the conditions that decide is on this field."""
        conditions = (*self.all_of, *self.any_of, *self.none_of)
        return any(condition.field is field for condition in conditions)

    @property
    def specificity(self) -> int:
        """How much has to be so for it to fire; a subclass of an error counts as one more."""
        exact = sum(
            "." in value
            for condition in (*self.all_of, *self.any_of)
            if condition.field is Field.ERROR_CLASS
            for value in condition.values
        )
        return len(self.all_of) + bool(self.any_of) + bool(exact)
