"""Words that any software uses are asked for only where no rule says more of the root cause."""

from dataclasses import replace

import pytest

from jobmon.diagnosis import Category, Confidence
from rules.rule import Rule
from rules.ruleset import load
from tests.rules.builders import a_rule, when
from tests.rules.the_order import CODE, LINE, MIDDLE, ROOT, WRAPPER, order

WORDS = a_rule("WRD902", when("words", contains="is bad"), confidence=Confidence.LOW, priority=-9)


@pytest.mark.parametrize(
    "known",
    [ROOT, replace(ROOT, confidence=Confidence.LOW), replace(ROOT, priority=-10)],
    ids=["surely", "hardly", "of-low-priority"],
)
def test_they_are_not_where_a_rule_knows_the_root(known: Rule) -> None:
    assert order(known, WORDS) == [known.code]


@pytest.mark.parametrize(
    "other",
    [
        MIDDLE,
        WRAPPER,
        LINE,
        CODE,
        replace(ROOT, confidence=Confidence.LOW, priority=-10),
        replace(ROOT, category=Category.UNKNOWN),
    ],
    ids=["another-cause", "a-wrapper", "a-line", "a-code", "next-to-nothing", "no-cause"],
)
def test_they_are_where_no_rule_does(other: Rule) -> None:
    assert sorted(order(other, WORDS)) == sorted([other.code, "WRD902"])


def test_a_rule_of_another_family_or_of_the_users_own_may_ask_for_them_wherever_it_is() -> None:
    another = replace(WORDS, code="PY907")
    own = replace(WORDS, is_users=True)

    assert order(ROOT, another) == ["PY903", "PY907"]
    assert order(ROOT, own) == ["PY903", "WRD902"]


def test_nobody_else_of_ours_asks_for_them() -> None:
    assert load().words_come_last
