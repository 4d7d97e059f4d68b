"""What can be said of a root cause or a code that no rule knows: less, but honestly."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from jobmon.diagnosis import Category, Cause, Confidence, Rerun
from rules.candidate import Band, Candidate, cause_at, on_cause
from rules.causes.error_conditions import CARRYING
from rules.causes.wrappers import NAMES_NO_CAUSE
from rules.codes import Meaning, Scope, code_table
from rules.error_conditions import lookup
from rules.exceptions import exception_table
from rules.observation import Observation
from rules.place import Place
from rules.rule import Rule

_ERROR_CONDITIONS = "https://docs.databricks.com/aws/en/error-messages/error-classes"
_RUNS = "https://docs.databricks.com/api/workspace/jobs/getrun"
_CLUSTERS = "https://docs.databricks.com/aws/en/compute/clusters-manage"
_EXCEPTIONS = "https://docs.python.org/3/library/exceptions.html"

_OF_ANY_REQUEST = frozenset({"INVALID_PARAMETER_VALUE"})
"""Every API of Databricks answers so, whatever is wrong; what is, stands in the message."""

FALLBACK_PREFIX = "GEN"
ERROR_CONDITION = "GEN101"
EXCEPTION = "GEN102"
RUN_CODE = "GEN103"
CLUSTER_CODE = "GEN104"
MEANINGS = {
    ERROR_CONDITION: "No rule knows this error condition: its name or SQLSTATE was judged.",
    EXCEPTION: "No rule knows this message: the type of its exception was judged.",
    RUN_CODE: "No rule fired: the run's termination code was judged.",
    CLUSTER_CODE: "No rule fired: the cluster's termination code was judged.",
}
"""What the codes of judgements without a rule stand for; disabled by their prefix like rules."""

_UNKNOWN = Rule(
    code="",
    name="unknown",
    summary=("",),
    category=Category.UNKNOWN,
    confidence=Confidence.LOW,
    rerun=Rerun.UNKNOWN,
    why="",
    remedy="",
    references=(),
    priority=-10,
)
"""What every judgement without a rule begins with."""


def fall_back(
    observation: Observation, fired: Iterable[Candidate], disabled: tuple[str, ...] = ()
) -> tuple[Candidate, ...]:
    """Return candidates for what no fired rule speaks of: the root cause, and the codes."""
    # A rule that only knows a wrapper's words leaves room for a type or an error condition.
    speaking = [candidate for candidate in fired if candidate.names_a_cause]
    bands = {candidate.band for candidate in speaking}
    found: list[Candidate] = []
    root = observation.report.root
    if root is not None:
        found += _of_root(observation, root, [c for c in speaking if c.band is Band.ROOT])
    if Band.FACT not in bands:
        found += _of_codes(observation)
    return tuple(item for item in found if not (disabled and item.rule.code.startswith(disabled)))


def nothing_known(observation: Observation) -> Candidate:
    """Return what stands for a root cause that nothing is known of, to ask what it names."""
    return Candidate(_UNKNOWN, Band.ROOT, cause=observation.report.root)


def _of_root(
    observation: Observation, root: Cause, speaking: list[Candidate]
) -> Iterator[Candidate]:
    # An error condition's name says more than a rule that is hardly sure.
    hardly = all(candidate.rule.confidence is Confidence.LOW for candidate in speaking)
    rule = _error_condition_rule(root) if hardly else None
    if speaking and rule is not None and rule.confidence is Confidence.LOW:
        rule = None
    rule = rule or (None if speaking else _exception_rule(root))
    if rule is not None:
        index = observation.report.index_of(root)
        yield on_cause(rule, observation.report, index, (Place(root.field, root.line),))


def _error_condition_rule(cause: Cause) -> Rule | None:
    info = lookup(cause.error_condition, cause.sqlstate)
    if info is None or cause.error_condition in CARRYING | _OF_ANY_REQUEST:
        return None
    return replace(
        _UNKNOWN,
        code=ERROR_CONDITION,
        name="error-condition-by-name",
        category=info.category,
        rerun=info.rerun,
        confidence=info.confidence,
        summary=_literal(info.summary),
        remedy=info.remedy,
        why="No rule knows this error condition; its name or SQLSTATE was judged.",
        references=(_ERROR_CONDITIONS,),
    )


def _exception_rule(cause: Cause) -> Rule | None:
    family = exception_table().family(cause)
    if family is None or cause.wrapper == NAMES_NO_CAUSE:
        return None
    return replace(
        _UNKNOWN,
        code=EXCEPTION,
        name="exception-by-type",
        category=family.category,
        rerun=family.rerun,
        summary=family.summary,
        remedy=family.remedy,
        why="No rule knows this message; only the type of the exception was judged.",
        references=(_EXCEPTIONS,),
    )


def _of_codes(observation: Observation) -> Iterator[Candidate]:
    failure, table = observation.failure, code_table()
    if failure.cluster_code:
        meaning = table.meaning(Scope.CLUSTER, failure.cluster_code)
        if meaning:
            rule = _code_rule(CLUSTER_CODE, failure.cluster_code, meaning)
            yield Candidate(rule, _band(meaning))
    if failure.termination and failure.termination.code:
        code, code_type = failure.termination.code, failure.termination.type
        meaning = table.meaning(Scope.RUN, code, code_type)
        if meaning:
            yield Candidate(_code_rule(RUN_CODE, code, meaning), _band(meaning))
    for seen in observation.sightings:
        scope = table.scope(seen.code)
        meaning = table.meaning(scope, seen.code, seen.type)
        if meaning:
            number = RUN_CODE if scope is Scope.RUN else CLUSTER_CODE
            rule = _code_rule(number, seen.code, meaning)
            yield _sighted(rule, meaning, Place(seen.field, seen.line), observation)


def _sighted(rule: Rule, meaning: Meaning, place: Place, observation: Observation) -> Candidate:
    index = cause_at(observation.report, place)
    if meaning.generic:
        return Candidate(rule, Band.GENERIC, places=(place,))
    if index is None:
        return Candidate(rule, Band.FREE_LINE, places=(place,))
    return on_cause(rule, observation.report, index, (place,))


def _band(meaning: Meaning) -> Band:
    return Band.GENERIC if meaning.generic else Band.FACT


def _code_rule(number: str, code: str, meaning: Meaning) -> Rule:
    is_run = number == RUN_CODE
    return replace(
        _UNKNOWN,
        code=number,
        name="run-termination-code" if is_run else "cluster-termination-code",
        category=meaning.category,
        rerun=meaning.rerun,
        confidence=meaning.confidence,
        summary=_literal(meaning.summary.replace("$code", code)),
        remedy=meaning.remedy,
        why=f"Databricks gives {code} as the reason; no text says more.",
        references=(_RUNS if is_run else _CLUSTERS,),
    )


def _literal(summary: str) -> tuple[str]:
    """Keep a template from reading the $ of untrusted text as a name."""
    return (summary.replace("$", "$$"),)
