"""What is quoted of a cause, and what lines near to it tell."""

import pytest

from rules.engine import classify, examine
from rules.ruleset import RuleSet
from rules.telling import NEARBY
from tests.rules.builders import a_failure, a_rule, when

NEXT_LINE = "ValueError: names do not match:\n  region is missing\n"


def test_what_is_told_nearby_fills_the_sentence_and_is_quoted() -> None:
    rule = a_rule(
        "PY900",
        when("message", contains="names do not match"),
        also_of=(when("line", regex=r"^\s+(?P<column>\w+) is missing"),),
        summary=("Column `$column` is missing.", "A column is missing."),
    )

    told = classify(a_failure(NEXT_LINE), RuleSet([rule])).finding
    untold = classify(a_failure("ValueError: names do not match:"), RuleSet([rule])).finding

    assert told is not None
    assert untold is not None
    assert told.summary == "Column `region` is missing."
    assert "  region is missing" in [evidence.text for evidence in told.evidence]
    assert untold.summary == "A column is missing."


def test_what_the_same_cause_says_besides_fills_the_sentence() -> None:
    rule = a_rule(
        "PY900",
        when("exception", equals="KeyError"),
        also_of=(when("message", regex=r"^(?P<column>'\w+')$"),),
        summary=("There is no key $column.", "A key is missing."),
    )
    cause_and_effect = (
        "KeyError: 'region'\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "ValueError: 'city'"
    )

    finding = classify(a_failure(cause_and_effect), RuleSet([rule])).finding

    assert finding is not None
    assert finding.summary == "There is no key 'region'."


def test_what_is_told_far_away_belongs_to_something_else() -> None:
    rule = a_rule(
        "PY900",
        when("message", contains="names do not match"),
        also_of=(when("line", regex=r"(?P<column>\w+) is missing"),),
        summary=("Column `$column` is missing.", "A column is missing."),
    )
    text = "region is missing\n" + "reading\n" * 30 + "ValueError: names do not match"

    finding = classify(a_failure(text), RuleSet([rule])).finding

    assert finding is not None
    assert finding.summary == "A column is missing."


def test_what_is_told_nearby_does_not_fire_a_rule() -> None:
    also = (when("line", contains="is missing"),)
    rule = a_rule("PY900", when("line", contains="quota"), also_of=also)

    assert not classify(a_failure(NEXT_LINE), RuleSet([rule], disabled=("GEN",))).finding


def test_of_what_is_told_nearby_the_nearest_line_is_taken() -> None:
    rule = a_rule(
        "PY900",
        when("message", contains="names do not match"),
        also_of=(when("line", regex=r"^\s*(?P<column>\w+) is missing"),),
        summary=("Column `$column` is missing.", "A column is missing."),
    )

    finding = classify(a_failure(f"city is missing\nreading\n{NEXT_LINE}"), RuleSet([rule])).finding

    assert finding is not None
    assert finding.summary == "Column `region` is missing."


def test_a_line_within_the_cause_is_quoted_and_none_of_another() -> None:
    rule = a_rule("PY900", when("exception", equals="ValueError"), when("line", contains="missing"))
    text = f"INFO no city is missing\n{NEXT_LINE}"

    finding = classify(a_failure(text), RuleSet([rule])).finding

    assert finding is not None
    assert {item.line for item in finding.evidence} == {2, 3}


def test_what_is_told_nearby_is_asked_of_the_winner_alone() -> None:
    also = when("line", regex=r"(?P<column>\w+) is missing")
    first = a_rule("PY900", when("message", contains="names do not"), also_of=(also,))
    second = a_rule("PY901", when("message", contains="names do not"), also_of=(also,))
    ruleset = RuleSet([first, second])

    winner, loser = examine(a_failure(NEXT_LINE), ruleset).candidates

    assert also not in ruleset.conditions
    assert (winner.rule.code, winner.captures) == ("PY900", {"column": "region"})
    assert (loser.rule.code, loser.captures) == ("PY901", {})


@pytest.mark.parametrize(("between", "told"), [(NEARBY - 1, {"column": "region"}), (NEARBY, {})])
def test_near_is_within_twenty_lines_wherever_in_the_text(
    between: int, told: dict[str, str]
) -> None:
    also = (when("line", regex=r"(?P<column>\w+) is missing"),)
    rule = a_rule("PY900", when("message", contains="do not match"), also_of=also)
    before, after = "reading\n" * 30, "reading\n" * between
    text = f"{before}region is missing\n{after}ValueError: names do not match"

    winner, *_ = examine(a_failure(text), RuleSet([rule])).candidates

    assert winner.captures == told


def test_what_another_text_says_is_not_near() -> None:
    also = (when("line", regex=r"(?P<column>\w+) is missing"),)
    rule = a_rule("PY900", when("message", contains="do not match"), also_of=also)
    failure = a_failure("ValueError: names do not match", logs="region is missing")

    winner, *_ = examine(failure, RuleSet([rule])).candidates

    assert winner.captures == {}
