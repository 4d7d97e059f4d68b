"""Where rules fire: on a cause of the report, on lines within or beside one, on codes alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from jobmon.diagnosis import Cause
from rules.candidate import Band, Candidate, cause_at, standing
from rules.index import ConditionId
from rules.observation import Observation
from rules.place import Place
from rules.ruleset import CompiledRule, RuleSet

NEARBY = 20
"""Lines between where a rule fires and what else it may tell."""


def fire(rule: CompiledRule, observation: Observation, ruleset: RuleSet) -> Candidate | None:
    """Return the rule at its best place, with what is told nearby; None if it does not fire."""
    found = _firings(rule, observation, ruleset)
    best = min(found, key=lambda candidate: candidate.order, default=None)
    return None if best is None else _with_what_is_told_nearby(best, rule, observation)


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
