"""Who is heard: how loudly a line was logged, whether it says that nothing came of it."""

import re2

from jobmon.diagnosis import CauseKind
from rules.candidate import Band, Candidate
from rules.causes import is_quiet, plain
from rules.headline import own_root
from rules.observation import Observation
from rules.pattern import MAX_LINE

_ERRORS = frozenset({CauseKind.PYTHON, CauseKind.JAVA})

_SURVIVED = re2.compile(
    r"(?i)[,;] (?:skipping|refreshing|reconnecting|continuing|ignoring|will retry|retrying in)\b"
    r"|-> ?(?:(?:creat|download|us|skipp)ing|ok)\b|, using (?:the )?defaults?\b"
    r"|\b(?:retry|attempt) \d+/\d+(?: in \d|, (?:sleep|wait|retry)ing\b)|\breplacement requested\b"
    # In Airflow's counts of the tasks before one, `upstream_failed=…` follows: those did matter.
    r"|\bfailed=0(?:$|[^,\w]|, ?[^ u])|\b(?:errors?|rejected|oom_kills)=0\b"
    r"|[,;(] ?0 (?:\w+ )?(?:failed|rejected)\b"
    r"|\b(?:Deprecation|Future|User|InsecureRequest)Warning\b|\bNOTICE: "
    # Ticked off.
    r"|^\W{0,12}[\x{2713}\x{2714}\x{2705}]"
    r"|\balready present on machine\b|\ball within limits\b|\battempting port \d"
)
"""What is said of something that the software goes on after."""


def heard(candidate: Candidate, observation: Observation) -> bool:
    """Tell whether a candidate may explain the failure.

    A line that says itself how it went on explains nothing, but to a rule of the user's own. Nor
    does what was only warned of, away from a root that is an exception; words that any software
    uses do not wherever it was. Nor does a rule that names no cause, away from a root that is one.
    """
    if _points_elsewhere(candidate, observation):
        return False
    said = plain(_line_of(candidate, observation))
    if candidate.cause is None or candidate.cause.kind not in _ERRORS:
        if not candidate.rule.is_users and _SURVIVED.search(said[:MAX_LINE]):
            return False
        if candidate.rule.goes_by_words and is_quiet(said):
            return False
    root = observation.report.root
    if candidate.band not in {Band.CAUSE, Band.FREE_LINE} or root is None:
        return True
    if root.kind not in _ERRORS or root.wrapper or is_quiet(root.text):
        return True
    return not is_quiet(said)


def _points_elsewhere(candidate: Candidate, observation: Observation) -> bool:
    """Tell a rule that only knows words around a root: `see run output`, where it was read."""
    around = candidate.band is not Band.ROOT and own_root(observation) is not None
    tells_names = candidate.captures or candidate.rule.also_of
    return around and not candidate.names_a_cause and not tells_names


def _line_of(candidate: Candidate, observation: Observation) -> str:
    cause = candidate.cause
    if cause is not None and (cause.kind in _ERRORS or not candidate.places):
        return cause.text
    return observation.quote(candidate.places[0]) if candidate.places else ""
