"""Why a failure was diagnosed as it was: how it was read, what fired, what nearly did."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jobmon.diagnosis import Cause, TaskFailure
from rules.candidate import Band, Candidate
from rules.engine import Examination, conclude, examine
from rules.index import ConditionId
from rules.observation import Observation
from rules.rule import Rule
from rules.ruleset import CompiledRule, RuleSet

MAX_NEAR = 10
MAX_QUOTED = 2
_WIDTH = 120
ELSEWHERE = "so in another text than the one it asks"

_STANDING = {
    Band.ROOT: "the root cause",
    Band.CAUSE: "another cause, {distance} from the root",
    Band.FREE_LINE: "a line outside the chain of causes",
    Band.FACT: "a code of the failure",
    Band.WRAPPER: "a wrapper",
    Band.GENERIC: "a code that names no cause",
}


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that something spoke for, but that did not fire."""

    rule: Rule
    spoke: tuple[str, ...]
    """Conditions that held."""
    stopped: tuple[str, ...]
    """What kept it from firing: a missing `all` or `any`, or a `none` that held."""


Numbered = Callable[[int], int | None]
"""From the number of a line that was read to its number in the whole text, from 1."""


def explain(
    failure: TaskFailure, ruleset: RuleSet, *, numbered: Numbered = lambda line: line
) -> str:
    """Tell it in lines for a person, the verdict first. Holds untrusted text."""
    examination = examine(failure, ruleset)
    lines = [
        _verdict(examination),
        *_reading(examination.observation, numbered),
        *_ranking(examination, numbered),
        *_near(near_misses(examination, ruleset)),
    ]
    return "\n".join(lines) + "\n"


def near_misses(examination: Examination, ruleset: RuleSet) -> tuple[NearMiss, ...]:
    """Return the rules that something spoke for and that did not fire, nearest first."""
    observation = examination.observation
    fired = {candidate.rule.code for candidate in examination.candidates}
    elsewhere = _held_elsewhere(observation, ruleset)
    near = [
        _near_miss(asked, observation, ruleset, elsewhere)
        for asked in ruleset.asked({*observation.conditions(), *elsewhere})
        if asked.rule.code not in fired
    ]
    return tuple(sorted(near, key=lambda miss: (len(miss.stopped), -len(miss.spoke))))


def _held_elsewhere(observation: Observation, ruleset: RuleSet) -> frozenset[ConditionId]:
    """Conditions that a line meets, though of another text than the one they ask."""
    met = {n for text in observation.texts for n in ruleset.lines.first_hits(text.clipped)}
    return frozenset(met - observation.lines.keys())


def _near_miss(
    rule: CompiledRule,
    observation: Observation,
    ruleset: RuleSet,
    elsewhere: frozenset[ConditionId],
) -> NearMiss:
    somewhere = set(observation.conditions())
    held = (
        max(
            (set(cause) for cause in observation.causes),
            key=lambda found: sum(number in found for number in rule.wanted),
            default=set(),
        )
        | set(observation.lines)
        | set(observation.facts)
    )

    def said(number: ConditionId) -> str:
        return str(ruleset.conditions[number])

    def not_so(number: ConditionId) -> str:
        return f"{ELSEWHERE if number in elsewhere else 'not so'}: {said(number)}"

    missing = [f"all: {not_so(n)}" for n in rule.all_of if n not in held]
    if rule.any_of and not any(number in held for number in rule.any_of):
        missing += [f"any: {not_so(n)}" for n in rule.any_of if n in elsewhere] or [
            "any: none of them is so of the same cause"
        ]
    forbidden = [f"none: is so: {said(n)}" for n in rule.none_of if n in held]
    spoke = tuple(said(number) for number in rule.wanted if number in somewhere)
    stopped = (*missing, *forbidden) or ("its conditions hold, but not of the cause",)
    return NearMiss(rule.rule, spoke, stopped)


def _verdict(examination: Examination) -> str:
    if not examination.candidates:
        return "Verdict: unknown; no rule fired."
    rule = examination.candidates[0].rule
    return f"Verdict: {rule.category}, by {rule.code} {rule.name}."


def _reading(observation: Observation, numbered: Numbered) -> Iterator[str]:
    report = observation.report
    count = sum(_line_count(text.lines) for text in observation.texts)
    fields = " and ".join(text.field for text in observation.texts)
    yield f"Read {count} {'line' if count == 1 else 'lines'}, as {fields}."
    if not report.causes:
        yield "No exception was recognised by its form, so rules go by lines; the best one:"
        yield f"     {_short(report.headline)}"
    else:
        yield "Causes, from the outermost to the innermost:"
    for number, cause in enumerate(report.causes, start=1):
        mark = "  <- root" if cause is report.root else ""
        where = f"{cause.kind}, {cause.field} line {numbered(cause.line + 1)}"
        yield f"  {number}. {_name(cause)} ({where}){mark}"
        yield f"     {_short(cause.text)}"
        if cause.wrapper:
            yield f"     only a wrapper: {cause.wrapper}"
    if report.root is not None:
        yield f"Root: {_why_root(report.root, report.causes)}"


def _line_count(lines: tuple[str, ...]) -> int:
    """How many lines people see: a line feed at the end begins no further one."""
    return len(lines) - (len(lines) > 1 and not lines[-1])


def _why_root(root: Cause, causes: tuple[Cause, ...]) -> str:
    own = [cause for cause in causes if not cause.wrapper]
    if root.wrapper:
        return "only wrappers were found; the innermost of them stands in."
    if len(own) == 1:
        return "the only cause that is not a wrapper."
    return f"chosen by its place among {len(own)} causes that are not wrappers."


def _ranking(examination: Examination, numbered: Numbered) -> Iterator[str]:
    diagnosis = conclude(examination)
    if not examination.candidates:
        return
    yield "Rules that fired, the winner first:"
    for candidate in examination.candidates:
        yield f"  {candidate.rule.code} {candidate.rule.name}: {_stands(candidate, examination)}"
        yield f"     {_order(candidate)}"
        quoted = {
            f"     {place.field} line {numbered(place.line + 1)}: "
            f"{_short(examination.observation.quote(place))}": None
            for place in candidate.places
        }
        yield from list(quoted)[:MAX_QUOTED]
    yield f"Fingerprint: {diagnosis.fingerprint}"


def _stands(candidate: Candidate, examination: Examination) -> str:
    if candidate.band is Band.FREE_LINE and not examination.observation.report.causes:
        return "a line of the text"
    return _STANDING[candidate.band].format(distance=candidate.distance)


def _order(candidate: Candidate) -> str:
    rule = candidate.rule
    parts = [f"{rule.confidence} confidence", f"priority {rule.priority}"]
    if rule.is_users:
        parts.append("your own rule")
    needed = "one condition" if rule.specificity == 1 else f"{rule.specificity} conditions"
    return ", ".join([*parts, f"{needed} needed"])


def _near(misses: tuple[NearMiss, ...]) -> Iterator[str]:
    if misses:
        yield "Rules that came near:"
    for miss in misses[:MAX_NEAR]:
        yield f"  {miss.rule.code} {miss.rule.name}"
        yield from (f"     {_short(reason)}" for reason in miss.stopped)
    if len(misses) > MAX_NEAR:
        yield f"  and {len(misses) - MAX_NEAR} more"


def _name(cause: Cause) -> str:
    return cause.error_condition or cause.type or "a line"


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
