"""Many patterns looked for at once find what each of them finds alone."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from rules import pattern
from rules.pattern import PatternError, PatternSet, multiline
from rules.ruleset import load
from rules.samples import all_samples

WITHOUT_LITERALS = (r"^\d+$", r"\w+", r"^[A-Z]", r".")
WITH_LITERALS = ("disk full", r"(?i)time[d -]?out", r"no (?:space|room) left", r"^Error: \w+")
LINES = st.lists(
    st.sampled_from(
        ["", "disk full", "Timed out", "Error: x", "7", "no room\nleft", "größer", "é"]
    ),
    max_size=6,
)


@given(LINES)
def test_a_set_finds_what_each_pattern_finds(lines: list[str]) -> None:
    text = "\n".join(lines)
    patterns = (*WITHOUT_LITERALS, *WITH_LITERALS)
    options = re2.Options()
    options.never_nl = True

    alone = [
        index
        for index, one in enumerate(patterns)
        if text and re2.compile(multiline(one), options).search(text)
    ]

    assert PatternSet(patterns).matching(text) == alone


def test_a_set_without_patterns_finds_nothing() -> None:
    assert PatternSet([]).matching("anything") == []


def test_patterns_keep_their_numbers_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "MOST_TOGETHER", 3)
    patterns = PatternSet([f"word{number}x" for number in range(10)])

    assert patterns.matching("word1x word7x\nword9x") == [1, 7, 9]
    assert [hit.line for hit in patterns.hits(9, "word1x\nword9x")] == [1]


def test_patterns_with_more_literals_than_one_filter_holds_are_halved() -> None:
    many = PatternSet([rf"{'ab' * 30}{number}{'cd' * 90}" for number in range(1150)])

    assert many.matching("ab" * 30 + "1149" + "cd" * 90)[-1] == 1149


def test_a_pattern_that_is_not_valid_is_named() -> None:
    with pytest.raises(PatternError, match="missing"):
        PatternSet(["fine", "(open"])


def test_the_catalogue_finds_in_its_samples_what_each_pattern_finds() -> None:
    patterns = load().lines.patterns
    for sample in all_samples()[::97]:
        text = sample.failure.error or sample.failure.trace

        alone = [index for index in range(len(patterns)) if any(patterns.hits(index, text))]

        assert patterns.matching(text) == alone
