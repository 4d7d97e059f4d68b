"""How loudly a rule's line was logged: a warning before a failure is not the failure."""

from jobmon.diagnosis import CauseKind
from rules.causes import is_quiet
from rules.observation import Observation
from rules.ranking import Band, Candidate

_ERRORS = frozenset({CauseKind.PYTHON, CauseKind.JAVA})


def heard(candidate: Candidate, observation: Observation) -> bool:
    """Tell whether a candidate may explain a failure whose root is an exception.

    What was only warned of, away from the root, was survived: it explains nothing.
    """
    root = observation.report.root
    if candidate.band not in {Band.CAUSE, Band.FREE_LINE} or root is None:
        return True
    if root.kind not in _ERRORS or root.wrapper or is_quiet(root.text):
        return True
    said = candidate.cause.text if candidate.cause is not None else ""
    if candidate.cause is None and candidate.places:
        said = observation.quote(candidate.places[0])
    return not is_quiet(said)
