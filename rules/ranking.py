"""In which order the rules that fired rank."""

from collections.abc import Iterable

from jobmon.diagnosis import Category, Confidence
from rules.candidate import Band, Candidate
from rules.rule import Field, Rule

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

HARDLY = -5
"""Priority of rules that know hardly more than words of any software, which rank below it."""


def knows_the_root(candidate: Candidate) -> bool:
    """Tell a rule that says more of the root cause than words of any software could."""
    rule = candidate.rule
    is_told = candidate.band is Band.ROOT and candidate.names_a_cause
    return is_told and (rule.confidence is not Confidence.LOW or rule.priority > HARDLY)


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
    if one.cause is not other.cause:
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
