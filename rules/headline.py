"""The one line that is quoted of a failure: the winner's own, or what says more beside it."""

import re2

from jobmon.diagnosis import Cause, TaskFailure
from rules.candidate import Band, Candidate
from rules.causes import signals
from rules.observation import Observation
from rules.place import Place

_BESIDE = 8
"""Lines between a code and the message that goes with it."""

# `code: ZONE_EXHAUSTED`, `<Code>ExpiredToken</Code>`, `Error Source: RUNTIME`: a name and one word.
_CODE = re2.compile(
    r"(?i)^.{0,40}?\b(?:\w*code|source|exception|reason|status|type|name)\b[\"']?\s{0,3}[:=>]\s{0,3}"
    r"[\"']?[\w.-]+[\"']?(?:</\w+>)?[,;]?\s*$"
    # As Google's client heads the body that it was answered with.
    r"|^.*ResponseException: [45]\d\d [A-Z][A-Za-z ]+$"
)
# The same of a sentence: two words at least.
_MESSAGE = re2.compile(
    r"(?i)^.{0,40}?\b(?:\w*message|msg|reason)\b[\"']?\s{0,3}[:=>]\s{0,3}"
    r"[\"']?[(\w]\S* \S"
)
# A status and its phrase, as `429 Too Many Requests`: what the body below says of it says more.
_STATUS = re2.compile(
    r"^(?:[\w.]{1,100}: )?(?:HTTP )?[45]\d\d:? (?:(?:Client|Server) Error: )?"
    r"[A-Z][A-Za-z-]{1,30}(?: [A-Z][A-Za-z-]{1,30}){0,4}\.?$"
)


def headline_of(winner: Candidate | None, observation: Observation) -> str:
    """Return the line that names the cause, exactly as in the text; a code where no text is."""
    report = observation.report
    if winner is None:
        return report.headline or _code_of(observation.failure)
    cause = cause_told(winner, observation)
    if cause is not None:
        below = _known_by(winner, cause, observation)
        if below is not None:
            return _message_beside(below, None, observation)
        return _message_beside(Place(cause.field, cause.line), cause, observation)
    if winner.places:
        line = observation.quote(winner.places[0])
        # Of an error and its stack people read the error, though a frame tells what it is.
        if report.root is not None and line.lstrip().startswith("at "):
            return report.root.text
        return _message_beside(winner.places[0], None, observation)
    return report.headline or _code_of(observation.failure)


def cause_told(winner: Candidate, observation: Observation) -> Cause | None:
    """Return the cause that is quoted and recognised: the root, if the winner stands around it."""
    around = winner.band >= Band.WRAPPER
    return (own_root(observation) if around else None) or winner.cause


def own_root(observation: Observation) -> Cause | None:
    """Return the root cause, unless all that was found are wrappers."""
    root = observation.report.root
    return None if root is None or root.wrapper else root


def _known_by(winner: Candidate, cause: Cause, observation: Observation) -> Place | None:
    """Return the line further down in a message that the rule knows it by, if its first says less.

    None when the first line of the message tells already what is wrong.
    """
    if winner.cause is not cause or not winner.places:
        return None
    first = winner.places[0]
    if any(place.line <= cause.line for place in winner.places) or first.line > cause.end_line:
        return None
    tells = signals.SIGNAL.search(cause.text) and not _STATUS.match(cause.text.strip())
    if first.field != cause.field or tells:
        return None
    line = observation.quote(first).lstrip()
    return first if line and not line.startswith("at ") else None


def _message_beside(place: Place, cause: Cause | None, observation: Observation) -> str:
    """Return the line to quote: of a code that stands alone the message next to it."""
    line = cause.text if cause is not None else observation.quote(place)
    text = observation.text(place.field)
    if text is None or _CODE.match(line) is None:
        return line
    below_first = sorted(range(-_BESIDE, _BESIDE + 1), key=lambda away: (abs(away), -away))
    near = (text.line(place.line + away) for away in below_first if away)
    return next((other for other in near if _MESSAGE.match(other) is not None), line)


def _code_of(failure: TaskFailure) -> str:
    """Return the code that is all that is known."""
    ended = failure.termination.code if failure.termination else ""
    return failure.cluster_code or ended
