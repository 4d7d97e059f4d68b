"""From a failure to its diagnosis: the order of judgement, and what is said in the end."""

from dataclasses import dataclass, replace

from jobmon.diagnosis import Cause, Diagnosis, Evidence, Finding, Frame, TaskFailure
from jobmon.fingerprint import fingerprint
from rules.candidate import Band, Candidate
from rules.causes import parse
from rules.entities import Elsewhere, entities_of, named_elsewhere, names_said
from rules.fallback import fall_back, nothing_known
from rules.firing import fired
from rules.headline import cause_told, headline_of
from rules.loudness import heard
from rules.observation import Observation, observe, with_words
from rules.place import Place
from rules.ranking import knows_the_root, ordered
from rules.ruleset import RuleSet
from rules.summary import summary_of
from rules.telling import with_told
from rules.texts import with_termination

MAX_EVIDENCE = 4
MAX_ALSO = 9
"""Other rules that fired, of which a diagnosis tells."""


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
    loud = _loud(observation, ruleset)
    if not (ruleset.words_come_last and any(map(knows_the_root, loud))):
        observation = with_words(observation, ruleset)
        loud = _loud(observation, ruleset)
    candidates = (*loud, *fall_back(observation, loud, ruleset.disabled))
    ranked = ordered(candidates)
    winner = [with_told(candidate, observation, ruleset) for candidate in ranked[:1]]
    return Examination(observation, (*winner, *ranked[1:]))


def _loud(observation: Observation, ruleset: RuleSet) -> tuple[Candidate, ...]:
    return tuple(
        candidate for candidate in fired(observation, ruleset) if heard(candidate, observation)
    )


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
    captures = candidate.captures
    said = names_said(candidate, observation, captures, elsewhere)
    return Finding(
        rule=rule.code,
        name=rule.name,
        category=rule.category,
        confidence=rule.confidence,
        summary=summary_of(rule.summary, candidate.cause, said | captures),
        why=rule.why,
        remedy=rule.remedy,
        rerun=rule.rerun,
        evidence=_evidence(candidate, observation),
        entities=entities_of(candidate, observation, said, elsewhere),
        references=rule.references,
        user_frame=_in_source(observation.report.user_frame, observation.failure.source),
    )


def _in_source(frame: Frame | None, source: str) -> Frame | None:
    """Name the notebook where a frame only knows its cell."""
    if frame is None or not source or not frame.cell:
        return frame
    return replace(frame, file=source)


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
