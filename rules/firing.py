"""Where rules fire: on a cause of the report, on lines within or beside one, on codes alone."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rules.candidate import Band, Candidate, cause_at, on_cause
from rules.index import ConditionId
from rules.observation import Observation
from rules.place import Place
from rules.ruleset import CompiledRule, RuleSet


def fired(observation: Observation, ruleset: RuleSet) -> Iterator[Candidate]:
    """Yield every rule that fires, each at its best place."""
    for rule in ruleset.asked(observation.conditions()):
        candidate = _fire(rule, observation)
        if candidate is not None:
            yield candidate


def _fire(rule: CompiledRule, observation: Observation) -> Candidate | None:
    """Return the rule at its best place; None if it does not fire."""
    found = _firings(rule, observation)
    best = min(found, key=lambda candidate: candidate.order, default=None)
    return None if best is None else replace(best, places=_places(best, rule, observation))


def _firings(rule: CompiledRule, observation: Observation) -> Iterator[Candidate]:
    """Yield where the rule fires; of its places only the line, if it is one that decided."""
    for index, held in enumerate(observation.causes):
        if any(number in held for number in rule.wanted) and _holds(rule, held, observation):
            yield on_cause(rule.rule, observation.report, index)
    if _holds(rule, {}, observation):
        yield from _beside_causes(rule, observation)


def _holds(rule: CompiledRule, held: Mapping[ConditionId, Place], observation: Observation) -> bool:
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
    lines = _lines(rule, observation)
    if not lines:
        yield Candidate(rule.rule, Band.FACT)
    for place in (place for places in lines for place in places):
        index = cause_at(observation.report, place)
        if index is None:
            yield Candidate(rule.rule, Band.FREE_LINE, places=(place,))
        elif _holds(rule, observation.causes[index], observation):
            yield on_cause(rule.rule, observation.report, index, (place,))


def _lines(rule: CompiledRule, observation: Observation) -> list[tuple[Place, ...]]:
    """Return for each condition that speaks for the rule in lines or codes where it does."""
    known = observation.lines | observation.facts
    return [places for number in rule.wanted if (places := known.get(number))]


def _places(
    candidate: Candidate, rule: CompiledRule, observation: Observation
) -> tuple[Place, ...]:
    """Return the lines that fired, the deciding one first."""
    if candidate.places:
        return _nearest(candidate.places[0], _lines(rule, observation))
    if candidate.cause is None:
        return ()
    index = observation.report.index_of(candidate.cause)
    held = observation.causes[index]
    spoken = (place for number in rule.wanted for place in observation.lines.get(number, ()))
    within = [place for place in spoken if cause_at(observation.report, place) == index]
    # Lines that captured something first: they are the telling ones.
    speaking = [*within, *(held[number] for number in rule.wanted if number in held)]
    return tuple(sorted(speaking, key=lambda place: not place.captures))


def _nearest(place: Place, lines: list[tuple[Place, ...]]) -> tuple[Place, ...]:
    """Return the place and, of each other condition, its line closest to it."""
    others = [
        min(places, key=lambda other: (other.field != place.field, abs(other.line - place.line)))
        for places in lines
        if place not in places
    ]
    return (place, *others)
