"""Which of several rules wins: by structure first, then as a table of ties says."""

import pytest

from jobmon.diagnosis import Category, Confidence
from rules.engine import classify
from rules.ranking import HARDLY
from rules.rule import Rule
from rules.ruleset import RuleSet, load
from tests.rules.builders import a_failure, a_rule, when
from tests.rules.the_order import CHAIN, CODE, LINE, MIDDLE, ROOT, WRAPPER, order


def test_the_root_wins_whatever_the_confidence() -> None:
    assert order(WRAPPER, MIDDLE, ROOT, LINE, CODE)[0] == "PY903"


def test_wrappers_come_last() -> None:
    assert order(WRAPPER, MIDDLE, LINE, CODE)[-1] == "PY901"


def test_a_free_line_stands_below_the_root_and_above_wrappers() -> None:
    assert order(ROOT, LINE) == ["PY903", "PY904"]
    assert order(WRAPPER, LINE) == ["PY904", "PY901"]


def test_another_cause_stands_below_the_root_and_above_a_free_line() -> None:
    another = a_rule("PY909", when("message", contains="cannot flush"))

    assert order(ROOT, another, LINE) == ["PY903", "PY909", "PY904"]


def test_a_line_within_a_cause_counts_as_that_cause() -> None:
    within = a_rule("PY906", when("line", contains="DiskException: sector"))

    assert order(within, MIDDLE) == ["PY906", "PY902"]


def test_a_line_of_a_wrapper_and_of_what_it_carries_counts_as_the_latter() -> None:
    text = (
        "load failed: (pymssql.InterfaceError) the login server is away\n"
        "(Background on this error at: https://sqlalche.me/e/20/rvf5)\n"
    )
    first = a_rule("PY907", when("line", contains="is away"))

    assert order(first, WRAPPER, LINE, text=text)[0] == "PY907"


def test_a_code_stands_below_texts_and_above_wrappers() -> None:
    line = a_rule("PY909", when("logs", contains="executor 4 exited"))

    assert order(CODE, line, WRAPPER) == ["PY909", "PY905", "PY901"]


BAD = when("message", contains="sector 7")
DISK = when("exception", equals="DiskException")


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        pytest.param(
            a_rule("PY909", BAD),
            a_rule("PY901", BAD, confidence=Confidence.MEDIUM, is_users=True, priority=9),
            id="confidence-first",
        ),
        pytest.param(
            a_rule("X901", BAD, is_users=True),
            a_rule("PY901", BAD, priority=9),
            id="then-a-users-rule",
        ),
        pytest.param(
            a_rule("PY909", BAD, priority=1),
            a_rule("PY901", BAD, all_of=(DISK,)),
            id="then-priority",
        ),
        pytest.param(
            a_rule("PY909", BAD, all_of=(DISK,)),
            a_rule("PY901", BAD),
            id="then-more-conditions",
        ),
        pytest.param(a_rule("PY901", BAD), a_rule("PY909", BAD), id="then-the-lower-code"),
    ],
)
def test_a_tie_is_broken(winner: Rule, loser: Rule) -> None:
    assert order(winner, loser) == order(loser, winner) == [winner.code, loser.code]


def test_an_exception_to_a_rule_makes_it_no_more_specific() -> None:
    plain = a_rule("PY911", when("message", contains="sector 7"))
    excepted = a_rule(
        "PY912", when("message", contains="sector"), none_of=(when("message", contains="quota"),)
    )

    assert order(excepted, plain)[0] == "PY911"


def test_a_rule_that_names_the_cause_goes_before_a_nearer_one_that_only_knows_its_words() -> None:
    words = a_rule("PY902", when("message", contains="cannot flush"), category=Category.UNKNOWN)
    named = a_rule("PY907", when("message", contains="Job aborted"), confidence=Confidence.LOW)
    farther = CHAIN.replace("Job aborted.", "the sink is full: Job aborted")

    assert order(words, named, text=farther)[0] == "PY907"


def test_a_rule_that_only_knows_words_around_the_root_leaves_the_root_to_be_quoted() -> None:
    words = a_rule("PY902", when("message", contains="cannot flush"), category=Category.UNKNOWN)
    ruleset = RuleSet((words,), disabled=("GEN",))

    headline = classify(a_failure(CHAIN, logs="", code=""), ruleset).headline

    assert headline == "Caused by: org.example.DiskException: sector 7 is bad"


def test_rules_by_words_never_claim_to_be_sure() -> None:
    by_words = [rule for rule in load().rules if rule.goes_by_words]

    assert by_words
    assert all(rule.confidence is Confidence.LOW and rule.priority < HARDLY for rule in by_words)
