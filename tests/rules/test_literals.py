"""Which literals a regex cannot match without: none too many, or a match would be missed."""

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from rules.literals import literals


@pytest.mark.parametrize(
    ("pattern", "rarest"),
    [
        ("disk full", {"disk full"}),
        ("Disk Full", {"disk full"}),
        (r"no (?:space|room) left", {"no space left", "no room left"}),
        (r"[Ss]tack overflow\b", {"stack overflow"}),
        (r"exit code (?P<exit_code>\d+)", {"exit code "}),
        (r"quer(?:y|ies) failed: \w+", {"query failed: ", "queries failed: "}),
        (r"(?:very )?long wait", {"long wait"}),
        (r"colou?r", {"colo"}),
        (r"x{2,}yz", {"yz"}),
        (r"a\.b\(c\)", {"a.b(c)"}),
        (r"\x27quoted\x27", {"'quoted'"}),
        (r"(?i)größe", {"gr"}),
        (r"(?i)权限不足", {"权限不足"}),
        (r"(?i:Denied)", {"denied"}),
        (r"bin[\\/]conda", {r"bin\conda", "bin/conda"}),
    ],
)
def test_the_rarest_come_first(pattern: str, rarest: set[str]) -> None:
    ((first, *_),) = literals(pattern)

    assert first == {one.encode() for one in rarest}


def test_what_is_needed_besides_comes_after_it() -> None:
    (found,) = literals(r"Constructor (?P<module>org\.apache\.\w+) does not exist")

    assert list(found) == [{b" does not exist"}, {b"constructor "}, {b"org.apache."}]


def test_what_matches_in_several_ways_needs_something_else_in_each() -> None:
    found = list(map(list, literals(r"(?:code|error)\W{0,4}429\b|ratelimited")))

    assert found == [[{b"code", b"error"}, {b"429"}], [{b"ratelimited"}]]


def test_what_stands_beside_several_ways_is_needed_in_each_of_them() -> None:
    found = literals(r"(?:missing \w+ file|lost \w+ folder) \w+ (?:disk|mount)")

    assert list(map(list, found)) == [
        [{b"missing "}, {b" file"}, {b" disk", b" mount"}],
        [{b" folder"}, {b"lost "}, {b" disk", b" mount"}],
    ]


def test_of_a_second_part_with_several_ways_one_literal_of_each_is_needed() -> None:
    found = literals(r"(?:missing \w+ file|lost \w+ folder) \w+ (?:disk \d+ is|mount \d+ was)")

    assert [way[-1] for way in found] == [{b"disk ", b"mount "}] * 2


@pytest.mark.parametrize(
    "pattern", ["", r"\d+", r"^$", "a?", "(?:ab)*", "(?:ab|)", "[^a]", "[a-z]", "(?:ab|.)"]
)
def test_what_can_match_without_any_literal_has_none(pattern: str) -> None:
    assert literals(pattern) == ()


@pytest.mark.parametrize(
    "pattern", [r"\Qa.b\E", r"ab\x{41}", "ab(", "ab)", "ab[c", r"\1ab", "ab\\"]
)
def test_what_is_not_understood_has_none(pattern: str) -> None:
    assert literals(pattern) == ()


SIMPLE = [
    *("a", "b", "AB", "ba", "1", "-", "é", "É", "ß", "权"),
    *(".", "^", "$", r"\b", r"\d", r"\w", r"\.", r"\x61", r"\-", r"\pL", r"\p{Lu}"),
    *(
        "[ab]",
        "[^a]",
        "[a-b]",
        r"[\x61B]",
        r"[]a]",
        r"[.\]]",
        r"[\\a]",
        r"[\x5c.]",
        "[[:alpha:]]",
        r"[\d-]",
    ),
]
REGEXES = st.recursive(
    st.sampled_from(SIMPLE),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: f"(?:{'|'.join(some)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "??", "+?", "{2}", "{0,2}", "{1,}"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        inner.map(lambda one: f"(?i:{one})"),
        inner.map(lambda one: f"(?:(?i){one}a)"),
        inner.map(lambda one: f"(?i:a(?-i:{one}))"),
    ),
    max_leaves=8,
)


@given(REGEXES, st.text("abAB1-.éÉß权]\\ ", max_size=8))
def test_every_match_holds_what_one_of_the_ways_needs(pattern: str, text: str) -> None:
    ways = literals(pattern)

    if ways and re2.compile(pattern).search(text):
        folded = text.encode().lower()
        assert any(all(any(one in folded for one in some) for some in way) for way in ways)
