"""From a failure to its diagnosis."""

from dataclasses import dataclass, replace
from string import Template

import re2

from jobmon.diagnosis import Cause, Diagnosis, Evidence, Finding, Frame, TaskFailure
from jobmon.fingerprint import fingerprint
from rules.causes import parse, signals
from rules.entities import Elsewhere, entities_of, named_elsewhere, names_said
from rules.fallback import fall_back, nothing_known
from rules.loudness import heard
from rules.names import NAMES, is_name
from rules.observation import Observation, observe
from rules.place import Place
from rules.ranking import Band, Candidate, ordered, rank
from rules.ruleset import RuleSet
from rules.texts import with_termination

MAX_EVIDENCE = 4
MAX_FINDINGS = 10
MAX_MESSAGE = 300
"""Characters of a message that a summary takes over."""
_SEVERAL = re2.compile(r"`[^`]+`(?:, `[^`]+`)+")
# Spark's condition and SQLSTATE, and the sign that R's tidyverse sets before a message.
_CODES = re2.compile(r"^\[[A-Z][A-Z0-9_.]{4,80}\] |^! |[,;]? \(?SQLSTATE: \w{5}\)?")


@dataclass(frozen=True, slots=True)
class Examination:
    """All that led to a diagnosis, for explaining it."""

    observation: Observation
    candidates: tuple[Candidate, ...]


def classify(failure: TaskFailure, ruleset: RuleSet) -> Diagnosis:
    """Say what broke. Pure and total: any text has a diagnosis, if only `unknown`."""
    return conclude(examine(failure, ruleset))


def examine(failure: TaskFailure, ruleset: RuleSet) -> Examination:
    """Read the failure and try every rule on it."""
    failure = with_termination(failure)
    observation = observe(failure, parse(failure), ruleset)
    fired = rank(observation, ruleset)
    loud = tuple(
        candidate
        for candidate in fired
        if heard(candidate, observation) and not _points_elsewhere(candidate, observation)
    )
    candidates = (*loud, *fall_back(observation, loud, ruleset.disabled))
    return Examination(observation, ordered(candidates))


def conclude(examination: Examination) -> Diagnosis:
    """Turn what was found into what is said."""
    observation = examination.observation
    elsewhere = named_elsewhere(observation)
    findings = tuple(
        _finding(candidate, observation, elsewhere)
        for candidate in examination.candidates[:MAX_FINDINGS]
    )
    headline = _headline(examination)
    return Diagnosis(
        headline=headline,
        fingerprint=_fingerprint(examination, headline),
        findings=findings,
        named=() if findings else _named_all_the_same(observation, elsewhere),
    )


def _named_all_the_same(
    observation: Observation, elsewhere: Elsewhere
) -> tuple[tuple[str, str], ...]:
    unknown = nothing_known(observation)
    return entities_of(
        unknown, observation, names_said(unknown, observation, {}, elsewhere), elsewhere
    )


def _points_elsewhere(candidate: Candidate, observation: Observation) -> bool:
    """Tell a rule that only knows words around a root: `see run output`, where it was read."""
    around = candidate.band is not Band.ROOT and _own_root(observation) is not None
    return around and not candidate.names_a_cause and not captures_of(candidate)


def _own_root(observation: Observation) -> Cause | None:
    root = observation.report.root
    return None if root is None or root.wrapper else root


def _cause_told(examination: Examination) -> Cause | None:
    """Return the cause that is quoted and recognised: the root, if the winner stands around it."""
    winner = examination.candidates[0]
    around = winner.band >= Band.WRAPPER
    return (_own_root(examination.observation) if around else None) or winner.cause


def _headline(examination: Examination) -> str:
    observation = examination.observation
    if not examination.candidates:
        return observation.report.headline or _code_of(observation.failure)
    cause = _cause_told(examination)
    if cause is not None:
        return _known_by(examination.candidates[0], cause, observation) or cause.text
    winner, root = examination.candidates[0], observation.report.root
    if winner.places:
        line = observation.quote(winner.places[0])
        # Of an error and its stack people read the error, though a frame tells what it is.
        return root.text if root is not None and line.lstrip().startswith("at ") else line
    return observation.report.headline or _code_of(observation.failure)


def _known_by(winner: Candidate, cause: Cause, observation: Observation) -> str:
    """Return the line further down in a message that the rule knows it by, if its first says less.

    Empty when the first line of the message tells already what is wrong.
    """
    if winner.cause is not cause or not winner.places or signals.SIGNAL.search(cause.text):
        return ""
    first = winner.places[0]
    if any(place.line <= cause.line for place in winner.places) or first.line > cause.end_line:
        return ""
    line = observation.quote(first) if first.field == cause.field else ""
    return "" if line.lstrip().startswith("at ") else line


def _code_of(failure: TaskFailure) -> str:
    """Return the code that is all that is known."""
    ended = failure.termination.code if failure.termination else ""
    return failure.cluster_code or ended


def _fingerprint(examination: Examination, headline: str) -> str:
    if not examination.candidates:
        return fingerprint(headline)
    winner, cause = examination.candidates[0], _cause_told(examination)
    if cause is not None:
        first = cause.message.split("\n", 1)[0]
        return fingerprint(cause.type, first, rule=winner.rule.code)
    said = (headline,) if winner.band is not Band.FACT else ()
    return fingerprint(*said, rule=winner.rule.code)


def _finding(candidate: Candidate, observation: Observation, elsewhere: Elsewhere) -> Finding:
    rule = candidate.rule
    captures = captures_of(candidate)
    said = names_said(candidate, observation, captures, elsewhere)
    return Finding(
        rule=rule.code,
        name=rule.name,
        category=rule.category,
        confidence=rule.confidence,
        summary=summary_of(rule.summary, _said_by(candidate.cause) | _unquoted(said | captures)),
        why=rule.why,
        remedy=rule.remedy,
        rerun=rule.rerun,
        evidence=_evidence(candidate, observation),
        entities=entities_of(candidate, observation, said, elsewhere),
        references=rule.references,
        user_frame=_in_source(observation.report.user_frame, observation.failure.source),
    )


def _said_by(cause: Cause | None) -> dict[str, str]:
    """Return what a rule for any message has to say: the type, and how the message begins."""
    if cause is None:
        return {}
    said = _sentence_of(cause.message)
    cut = f"{said[:MAX_MESSAGE].rstrip()}…" if len(said) > MAX_MESSAGE else said
    return {"exception": cause.type.rsplit(".", 1)[-1], "message": cut}


def _sentence_of(message: str) -> str:
    """Return a message's first line for a sentence: without codes, with what it announces."""
    first, _, rest = message.strip().partition("\n")
    below = rest.strip().partition("\n")[0] if first.rstrip().endswith(":") else ""
    return " ".join(_CODES.sub("", f"{first} {below}").split()).rstrip(" ;")


def _unquoted(captures: dict[str, str]) -> dict[str, str]:
    """Drop the quoting of a SQL name: a summary has its own. In a list each name keeps its own."""
    return {
        name: _with_plain_parts(value) if name not in NAMES else value.replace("`", "") or value
        for name, value in captures.items()
    }


def _with_plain_parts(value: str) -> str:
    joined = value.replace("`.`", ".")
    return joined if _SEVERAL.fullmatch(joined) else value.replace("`", "") or value


def _in_source(frame: Frame | None, source: str) -> Frame | None:
    """Name the notebook where a frame only knows its cell."""
    if frame is None or not source or not frame.cell:
        return frame
    return replace(frame, file=source)


def captures_of(candidate: Candidate) -> dict[str, str]:
    """Return what the rule's regexes captured; the deciding line's captures come first."""
    captures: dict[str, str] = {}
    for place in candidate.places:
        for name, value in place.captures:
            if is_name(name, value):
                captures.setdefault(name, value)
    return captures


def summary_of(templates: tuple[str, ...], captures: dict[str, str]) -> str:
    """Fill the first template whose captures are all there."""
    for template in templates:
        if all(captures.get(name) for name in Template(template).get_identifiers()):
            return Template(template).substitute(captures)
    return Template(templates[-1]).safe_substitute(captures)


def _evidence(candidate: Candidate, observation: Observation) -> tuple[Evidence, ...]:
    places = list(candidate.places)
    if candidate.cause is not None:
        places.append(_place_of(candidate.cause))
    if observation.report.root is not None:
        places.append(_place_of(observation.report.root))
    quoted: dict[tuple[str, int], Evidence] = {}
    for place in places:
        text = observation.quote(place)
        if text.strip():
            evidence = Evidence(field=place.field, text=text, line=place.line + 1)
            quoted.setdefault((place.field, place.line), evidence)
    return tuple(quoted.values())[:MAX_EVIDENCE]


def _place_of(cause: Cause) -> Place:
    return Place(cause.field, cause.line)
