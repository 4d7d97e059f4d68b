"""A rule that fired, and how near to the root of the failure."""

from dataclasses import dataclass
from enum import IntEnum

from jobmon.diagnosis import Category, Cause, Confidence, ErrorReport
from rules.entity_names import is_name
from rules.place import Place
from rules.rule import Rule


class Band(IntEnum):
    """How near to the root of the failure something stands, by structure alone."""

    ROOT = 0
    CAUSE = 1
    FREE_LINE = 2
    FACT = 3
    WRAPPER = 4
    GENERIC = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule that fired, and where."""

    rule: Rule
    band: Band
    distance: int = 0
    """How many causes lie between it and the root."""
    cause: Cause | None = None
    places: tuple[Place, ...] = ()
    """The lines that fired, the deciding one first."""

    @property
    def names_a_cause(self) -> bool:
        """Tell a rule that names the cause from one that only knows a wrapper's words."""
        return self.rule.category is not Category.UNKNOWN

    @property
    def captures(self) -> dict[str, str]:
        """What the rule's regexes captured; the deciding line's captures come first."""
        found: dict[str, str] = {}
        for place in self.places:
            for name, value in place.captures:
                if is_name(name, value):
                    found.setdefault(name, value)
        return found

    @property
    def order(self) -> tuple[int, bool, int, int, bool, int, int, str]:
        """Sorts the winner first; the same for the same failure on every machine."""
        return (
            self.band,
            not self.names_a_cause,
            self.distance,
            list(Confidence).index(self.rule.confidence),
            not self.rule.is_users,
            -self.rule.priority,
            -self.rule.specificity,
            self.rule.code,
        )


def on_cause(
    rule: Rule, report: ErrorReport, index: int, places: tuple[Place, ...] = ()
) -> Candidate:
    """Let a rule fire on a cause of the report, which says how near to the root it stands."""
    cause = report.causes[index]
    is_root = report.root is None or cause is report.root
    near = Band.ROOT if is_root else Band.CAUSE
    return Candidate(
        rule,
        Band.WRAPPER if cause.wrapper else near,
        0 if report.root is None else abs(report.index_of(report.root) - index),
        cause,
        places,
    )


def cause_at(report: ErrorReport, place: Place) -> int | None:
    """Find the cause that a line belongs to: no wrapper, beginning there, the narrowest, inner."""
    spans = [
        (
            bool(cause.wrapper),
            cause.end_line - cause.line if cause.line < place.line else -1,
            -index,
        )
        for index, cause in enumerate(report.causes)
        if cause.field == place.field and cause.line <= place.line <= cause.end_line
    ]
    return -min(spans)[-1] if spans else None
