"""What a rule's `also` conditions tell beside where it fired: in its cause, or in a close line.

They decide nothing, so they are asked of the winner alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rules.candidate import Candidate
from rules.cause_conditions import conditions_met, words_met
from rules.observation import Observation, lines_met
from rules.place import Place
from rules.rule import Condition
from rules.ruleset import RuleSet

NEARBY = 20
"""Lines between where a rule fires and what else it may tell."""


def with_told(winner: Candidate, observation: Observation, ruleset: RuleSet) -> Candidate:
    """Return the candidate with the places, too, where its `also` conditions hold."""
    told = (place for _, place in told_nearby(winner, observation, ruleset))
    return replace(winner, places=(*winner.places, *told))


def told_nearby(
    winner: Candidate, observation: Observation, ruleset: RuleSet
) -> Iterator[tuple[Condition, Place]]:
    """Yield each `also` condition that holds in the candidate's cause, else in its closest line."""
    asked, cause = ruleset.telling(winner.rule), winner.cause
    if asked is None or not winner.places:
        return
    lines = lines_met(observation.texts, asked)
    held = {}
    if cause is not None:
        text = observation.text(cause.field)
        held = conditions_met(cause, text, asked) | words_met(cause, text, asked)
    for number, condition in enumerate(asked.conditions):
        place = held.get(number) or _closest(winner.places[0], lines.get(number, ()))
        if place is not None:
            yield condition, place


def _closest(at: Place, places: Iterable[Place]) -> Place | None:
    near = [
        place for place in places if place.field == at.field and abs(place.line - at.line) <= NEARBY
    ]
    return min(near, key=lambda place: abs(place.line - at.line), default=None)
