"""Why a diagnosis is what it is, told."""

from dataclasses import replace

from rules.engine import classify, examine
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


def test_a_condition_that_another_text_meets_is_named_with_the_texts_that_were_read() -> None:
    failure = replace(a_failure(""), logs="window missed\n", message="see the logs\n")
    window = when("error", contains="window missed")
    by_any, by_all = a_rule("X101", window), a_rule("X102", all_of=(window,))

    text = explain(failure, RuleSet([by_any, by_all]))

    assert "Read 2 lines, as message and logs.\n" in text
    for how in ("any", "all"):
        asked = f"{how}: so in another text than the one it asks: error contains window missed"
        assert asked in text


def test_a_condition_that_only_another_text_meets_names_no_rule_that_fired() -> None:
    failure = replace(a_failure("window missed\n"), logs="window missed\n")
    rule = a_rule("X101", when("error", contains="window missed"))

    assert "came near" not in explain(failure, RuleSet([rule]))


def test_an_unknown_failure_is_told_as_such() -> None:
    assert "Verdict: unknown; no rule fired." in explain(a_failure("all is strange"), RuleSet([]))


def test_the_verdict_comes_first_and_is_that_of_the_diagnosis() -> None:
    failure, ruleset = a_failure(TEXT), RuleSet([WINNER])
    finding = classify(failure, ruleset).finding

    assert finding is not None
    verdict = f"Verdict: {finding.category}, by {finding.rule} disk-full.\n"
    assert explain(failure, ruleset).startswith(verdict)


def test_a_line_that_two_conditions_found_is_told_once() -> None:
    rule = a_rule("STO900", when("line", contains="left"), all_of=(when("line", contains="No"),))

    text = explain(a_failure("No space left\n"), RuleSet([rule]))

    assert text.count("error line 1: No space left") == 1


def test_without_a_cause_nothing_is_said_of_a_chain() -> None:
    failure = replace(a_failure(""), logs="com.example.WidgetNotDefined: No widget named x\n")

    text = explain(failure, RuleSet([a_rule("STO900", when("line", contains="No widget"))]))

    assert "Read 1 line, as logs.\n" in text
    assert "STO900 a-rule: a line of the text" in text
    assert "chain" not in text


def test_lines_have_their_numbers_in_the_whole_text() -> None:
    text = explain(a_failure(TEXT), RuleSet([WINNER]), numbered=lambda line: line + 1000)

    assert "error line 1002: : java.io.IOException" in text
    assert "(java, error line 1002)" in text
