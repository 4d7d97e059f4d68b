"""From a failure to its diagnosis."""

from dataclasses import dataclass, replace
from string import Template

import re2

from jobmon.diagnosis import Cause, Diagnosis, Evidence, Finding, Frame, TaskFailure
from jobmon.fingerprint import fingerprint
from rules.candidate import Band, Candidate
from rules.causes import parse
from rules.entities import Elsewhere, entities_of, named_elsewhere, names_said
from rules.entity_names import NAMES, is_name
from rules.fallback import fall_back, nothing_known
from rules.firing import fired
from rules.headline import cause_told, headline_of, own_root
from rules.loudness import heard
from rules.observation import Observation, observe
from rules.place import Place
from rules.ranking import ordered
from rules.ruleset import RuleSet
from rules.texts import with_termination

MAX_EVIDENCE = 4
MAX_ALSO = 9
"""Other rules that fired, of which a diagnosis tells."""
MAX_MESSAGE = 300
"""Characters of a message that a summary takes over."""
_SEVERAL = re2.compile(r"`[^`]+`(?:, `[^`]+`)+")
# Spark's error condition and SQLSTATE, and the sign that R's tidyverse sets before a message.
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
    loud = tuple(
        candidate
        for candidate in fired(observation, ruleset)
        if heard(candidate, observation) and not _points_elsewhere(candidate, observation)
    )
    candidates = (*loud, *fall_back(observation, loud, ruleset.disabled))
    return Examination(observation, ordered(candidates))


def conclude(examination: Examination) -> Diagnosis:
    """Turn what was found into what is said."""
    observation = examination.observation
    winner = next(iter(examination.candidates), None)
    headline = headline_of(winner, observation)
    said = Diagnosis(headline=headline, fingerprint=_fingerprint(winner, headline, observation))
    elsewhere = named_elsewhere(observation)
    if winner is None:
        return replace(said, named=_named_all_the_same(observation, elsewhere))
    also = tuple(candidate.rule.code for candidate in examination.candidates[1 : MAX_ALSO + 1])
    return replace(said, finding=_finding(winner, observation, elsewhere), also_matched=also)


def _named_all_the_same(
    observation: Observation, elsewhere: Elsewhere
) -> tuple[tuple[str, str], ...]:
    unknown = nothing_known(observation)
    said = names_said(unknown, observation, {}, elsewhere)
    return entities_of(unknown, observation, said, elsewhere)


def _points_elsewhere(candidate: Candidate, observation: Observation) -> bool:
    """Tell a rule that only knows words around a root: `see run output`, where it was read."""
    around = candidate.band is not Band.ROOT and own_root(observation) is not None
    return around and not candidate.names_a_cause and not captures_of(candidate)


def _fingerprint(winner: Candidate | None, headline: str, observation: Observation) -> str:
    if winner is None:
        return fingerprint(headline)
    cause = cause_told(winner, observation)
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
    said = f"{first} {below}"
    if said[0] in "[!" or "SQLSTATE" in said:
        said = _CODES.sub("", said)
    return " ".join(said.split()).rstrip(" ;")


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
