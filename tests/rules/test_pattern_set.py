"""Many patterns looked for at once find what each of them finds alone."""

import re2
from hypothesis import given
from hypothesis import strategies as st

from rules.causes import plain
from rules.pattern import multiline, options
from rules.pattern_set import LineHit, PatternSet
from rules.ruleset import load
from rules.samples import all_samples

WITHOUT_LITERALS = (r"^\d+$", r"\w+", r"^[A-Z]", r".", r"'\w*'")
WITH_LITERALS = (
    *("disk full", r"(?i)time[d -]?out", r"no (?:space|room) left", r"^Error: (?P<said>\w+)"),
    *(r"full.*out", r"(?i)größer"),
)
LINES = st.lists(
    st.sampled_from(
        [
            *("", "disk full", "DISK FULL", "disk full, Timed out", "Timed out", "Error: x"),
            *("7", "no room\nleft", "größer", "GRÖSSER", "GRÖẞER", "é", "'q'", "no room left"),
        ]
    ),
    max_size=6,
)


@given(LINES)
def test_a_set_finds_the_lines_that_each_pattern_finds(lines: list[str]) -> None:
    text = "\n".join(lines)
    patterns = (*WITHOUT_LITERALS, *WITH_LITERALS)

    alone = {
        index: found
        for index, pattern in enumerate(patterns)
        if (found := lines_found(pattern, text))
    }

    hits = PatternSet(patterns).hits(text)
    assert {index: [hit.line for hit in found] for index, found in hits.items()} == alone


def lines_found(pattern: str, text: str) -> list[int]:
    regex = re2.compile(multiline(pattern), options())
    return [number for number, line in enumerate(text.split("\n")) if regex.search(line)]


def test_quotes_and_spaces_count_as_they_are_typed() -> None:
    patterns = PatternSet(["table ['\u2018](?P<table>\\w+)['\u2019] is gone", "two  spaces"])

    typed = patterns.hits("table 'orders' is gone: two spaces")

    assert patterns.hits("table \u2018orders\u2019\u00a0is  gone: two   spaces") == typed
    assert typed == {0: [LineHit(0, (("table", "orders"),))], 1: [LineHit(0)]}


def test_a_set_without_patterns_finds_nothing() -> None:
    assert PatternSet([]).hits("anything") == {}


def test_named_groups_are_told_of_the_lines_first_match() -> None:
    patterns = PatternSet([r"code (?P<code>\d+)(?: of (?P<host>\w+))?"])

    assert patterns.hits("\ncode 7, code 8\nCode 9") == {0: [LineHit(1, (("code", "7"),))]}


def test_no_more_lines_are_told_than_asked_for() -> None:
    patterns = PatternSet(["wait", r"\d"])

    assert patterns.hits("wait 1\nwait 2\nwait 3", most=2) == {
        0: [LineHit(0), LineHit(1)],
        1: [LineHit(0), LineHit(1)],
    }


def test_the_catalogue_finds_in_its_samples_what_all_its_patterns_find() -> None:
    patterns = load().lines.patterns
    roomy = re2.Options()
    roomy.never_nl = True
    roomy.max_mem = 256 << 20
    every = re2.Set.SearchSet(roomy)
    for pattern in patterns.patterns:
        every.Add(multiline(pattern))
    every.Compile()
    for sample in all_samples()[::97]:
        text = sample.failure.error or sample.failure.trace

        assert list(patterns.hits(text)) == sorted(every.Match(plain(text).encode()) or ())
