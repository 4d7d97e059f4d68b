"""Why a diagnosis is what it is, told."""

from rules.engine import examine
from rules.explain import explain, near_misses
from rules.rule import Rule
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure, a_rule, when

TEXT = """\
py4j.protocol.Py4JJavaError: An error occurred while calling o77.save.
: java.io.IOException: No space left on device
\tat org.example.Sink.flush(Sink.java:9)
"""
FULL = when("message", contains="No space left")
WINNER = a_rule("STO900", FULL, name="disk-full")


def told(*rules: Rule) -> str:
    return explain(a_failure(TEXT), RuleSet(rules))


def stopped(rule: Rule) -> tuple[str, ...]:
    ruleset = RuleSet([rule])
    (miss,) = near_misses(examine(a_failure(TEXT), ruleset), ruleset)
    return miss.stopped


def test_the_chain_is_told_with_its_wrappers_and_the_root() -> None:
    text = told(WINNER)

    assert "1. py4j.protocol.Py4JJavaError (python, error line 1)" in text
    assert "only a wrapper: " in text
    assert "2. java.io.IOException (java, error line 2)  <- root" in text


def test_rules_that_fired_are_told_in_their_order_with_their_lines() -> None:
    other = a_rule("PY900", when("exception", equals="Py4JJavaError"))

    text = told(WINNER, other)

    assert text.index("STO900 disk-full: the root cause") < text.index("PY900 a-rule: a wrapper")
    assert "error line 2: : java.io.IOException: No space left on device" in text


def test_a_none_that_stopped_a_rule_is_named() -> None:
    rule = a_rule("STO901", FULL, none_of=(when("line", contains="Sink"),))

    assert stopped(rule) == ("none: is so: line contains Sink",)


def test_an_all_that_is_missing_is_named() -> None:
    rule = a_rule("STO901", all_of=(FULL, when("line", contains="quota")))

    assert stopped(rule) == ("all: not so: line contains quota",)


def test_a_missing_any_is_named() -> None:
    rule = a_rule("STO901", when("line", contains="quota"), all_of=(FULL,))

    assert stopped(rule) == ("any: none of them is so of the same cause",)


def test_an_unknown_failure_is_told_as_such() -> None:
    assert "No rule fired: unknown." in explain(a_failure("all is strange"), RuleSet([]))
