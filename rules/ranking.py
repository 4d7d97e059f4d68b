"""Which rules fire, where, and in which order they rank."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from jobmon.diagnosis import Category, Cause, Confidence, ErrorReport
from rules.index import ConditionId
from rules.observation import Observation
from rules.place import Place
from rules.rule import Field, Rule
from rules.ruleset import CompiledRule, RuleSet

NEARBY = 20
"""Lines between where a rule fires and what else it may tell."""

_GONE = frozenset({Category.DRIVER_UNAVAILABLE, Category.EXECUTOR_LOST})
_NO_ROOM = frozenset({Category.OUT_OF_MEMORY, Category.DISK_FULL})
_NOT_LET_IN = frozenset({Category.NETWORK, Category.PERMISSION_DENIED, Category.AUTHENTICATION})
_NOT_GRANTED = frozenset({Category.QUOTA_OR_LIMIT, Category.CLOUD_CAPACITY})
_DEEPER = {
    Category.CLUSTER_LAUNCH: _NO_ROOM | _NOT_LET_IN | _NOT_GRANTED,
    Category.LIBRARY_INSTALL: _NO_ROOM | _NOT_LET_IN,
    Category.DRIVER_UNAVAILABLE: _NO_ROOM,
    Category.EXECUTOR_LOST: _NO_ROOM,
    Category.SERIALIZATION: frozenset({Category.DISK_FULL}),
}
"""What did not come up, or went, and what says why."""


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


def rank(observation: Observation, ruleset: RuleSet) -> tuple[Candidate, ...]:
    """Return every rule that fires, each at its best place, the winner first."""
    asked = {index for number in observation.conditions() for index in ruleset.asking[number]}
    fired = []
    for index in asked:
        rule = ruleset.compiled[index]
        found = list(_firings(rule, observation, ruleset))
        if found:
            best = min(found, key=lambda candidate: candidate.order)
            fired.append(_with_what_is_told_nearby(best, rule, observation))
    return tuple(sorted(fired, key=lambda candidate: candidate.order))


def ordered(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Put the winner first. One that hardly knows gives way to one that is sure elsewhere.

    One that goes by words of any software gives way to every other that names a cause nearby, one
    that knows what did not come up, or went, to one that says why, and one that only knows that
    machines are gone to the cluster's own code.
    """
    ranked = sorted(candidates, key=lambda candidate: candidate.order)
    better = next((item for item in ranked if _gives_way(ranked[0], item)), None)
    if better is None:
        return tuple(ranked)
    return (better, *(item for item in ranked if item is not better))


def _gives_way(winner: Candidate, other: Candidate) -> bool:
    rule = winner.rule
    if not rule.is_users and (_says_why_gone(winner, other) or _says_why(winner, other)):
        return True
    if rule.confidence is not Confidence.LOW:
        return False
    return _is_sure(other) or (rule.goes_by_words and _knows_more(other, rule))


def _says_why(winner: Candidate, other: Candidate) -> bool:
    """Tell whether it is said, too, why something did not come up: in the same cause or line.

    Why a driver or an executor went is often said elsewhere: where memory ran out before.
    """
    if other.rule.confidence is not Confidence.HIGH:
        return False
    if winner.rule.category in _GONE and other.rule.category is Category.OUT_OF_MEMORY:
        return other.band <= Band.FREE_LINE
    deeper = _DEEPER.get(winner.rule.category, frozenset())
    return other.rule.category in deeper and _is_said_at_once(winner, other)


def _is_said_at_once(one: Candidate, other: Candidate) -> bool:
    if one.band is not other.band or one.cause is not other.cause:
        return False
    lines = {(place.field, place.line) for place in one.places}
    return one.cause is not None or any(
        (place.field, place.line) in lines for place in other.places
    )


def _says_why_gone(winner: Candidate, candidate: Candidate) -> bool:
    if winner.rule.category not in _GONE:
        return False
    by_code = candidate.band is Band.FACT and any(
        condition.field is Field.CLUSTER_CODE for condition in candidate.rule.any_of
    )
    return by_code and candidate.names_a_cause and candidate.rule.category not in _GONE


def _is_sure(candidate: Candidate) -> bool:
    is_near = candidate.band in {Band.CAUSE, Band.FREE_LINE}
    return is_near and candidate.names_a_cause and candidate.rule.confidence is Confidence.HIGH


def _knows_more(candidate: Candidate, words: Rule) -> bool:
    rule = candidate.rule
    is_near = candidate.band in {Band.ROOT, Band.CAUSE, Band.FREE_LINE}
    is_known = is_near or (candidate.band is Band.WRAPPER and rule.confidence is Confidence.HIGH)
    return is_known and candidate.names_a_cause and rule.priority > words.priority


def standing(report: ErrorReport, index: int) -> tuple[Band, int]:
    """Say where a cause of the report stands."""
    cause = report.causes[index]
    if report.root is None or cause is report.root:
        return (Band.WRAPPER if cause.wrapper else Band.ROOT), 0
    distance = abs(report.causes.index(report.root) - index)
    return (Band.WRAPPER if cause.wrapper else Band.CAUSE), distance


def _firings(rule: CompiledRule, observation: Observation, ruleset: RuleSet) -> Iterator[Candidate]:
    wants_cause = any(ruleset.is_about_cause[number] for number in rule.all_of)
    for index, held in enumerate(observation.causes):
        speaking = [number for number in rule.wanted if number in held]
        if speaking and holds(rule, held, observation):
            band, distance = standing(observation.report, index)
            within = _lines_within(index, rule, observation)
            places = _ordered([*within, *(held[number] for number in speaking)])
            cause = observation.report.causes[index]
            yield Candidate(rule.rule, band, distance, cause, places)
    if not wants_cause and holds(rule, {}, observation):
        yield from _beside_causes(rule, observation)


def _lines_within(index: int, rule: CompiledRule, observation: Observation) -> list[Place]:
    found = (place for number in rule.wanted for place in observation.lines.get(number, ()))
    return [place for place in found if cause_at(observation.report, place) == index]


def holds(rule: CompiledRule, held: Mapping[ConditionId, Place], observation: Observation) -> bool:
    """Whether the rule's conditions are met on a cause where `held` holds."""

    def met(number: ConditionId) -> bool:
        return number in held or number in observation.lines or number in observation.facts

    if not all(met(number) for number in rule.all_of):
        return False
    if rule.any_of and not any(met(number) for number in rule.any_of):
        return False
    return not any(met(number) for number in rule.none_of)


def _beside_causes(rule: CompiledRule, observation: Observation) -> Iterator[Candidate]:
    """Yield firings by lines and codes alone; a line within a cause counts as that cause."""
    known = observation.lines | observation.facts
    lines = [places for number in rule.wanted if (places := known.get(number))]
    if not lines:
        yield Candidate(rule.rule, Band.FACT)
    for places in lines:
        for place in places:
            index = cause_at(observation.report, place)
            others = _nearest(place, lines)
            if index is None:
                yield Candidate(rule.rule, Band.FREE_LINE, 0, None, others)
            elif holds(rule, observation.causes[index], observation):
                band, distance = standing(observation.report, index)
                cause = observation.report.causes[index]
                yield Candidate(rule.rule, band, distance, cause, others)


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


def _nearest(place: Place, lines: list[tuple[Place, ...]]) -> tuple[Place, ...]:
    """Return the place and, of each other condition, its line closest to it."""
    others = [
        min(places, key=lambda other: (other.field != place.field, abs(other.line - place.line)))
        for places in lines
        if place not in places
    ]
    return (place, *others)


def _with_what_is_told_nearby(
    candidate: Candidate, rule: CompiledRule, observation: Observation
) -> Candidate:
    """Add where the conditions hold that decide nothing: in its cause, or in a line close to it."""
    if not rule.also_of or not candidate.places:
        return candidate
    held = _held_by(candidate.cause, observation)
    told = (
        held.get(number) or _close_to(candidate.places[0], observation.lines.get(number, ()))
        for number in rule.also_of
    )
    return replace(candidate, places=(*candidate.places, *filter(None, told)))


def _held_by(cause: Cause | None, observation: Observation) -> Mapping[ConditionId, Place]:
    for other, held in zip(observation.report.causes, observation.causes, strict=True):
        if other is cause:
            return held
    return {}


def _close_to(at: Place, places: Iterable[Place]) -> Place | None:
    near = [
        place for place in places if place.field == at.field and abs(place.line - at.line) <= NEARBY
    ]
    return min(near, key=lambda place: abs(place.line - at.line), default=None)


def _ordered(places: list[Place]) -> tuple[Place, ...]:
    """Lines that captured something first: they are the telling ones."""
    return tuple(sorted(places, key=lambda place: not place.captures))
