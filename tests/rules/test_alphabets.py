"""Names in the letters of other languages than English."""

import pytest
import re2

from rules.alphabets import named_in_any
from rules.pattern_set import PatternSet


@pytest.mark.parametrize("name", ["größe", "żółw_2", "данные", "πίνακας", "orders"])
def test_a_name_is_taken_whole(name: str) -> None:
    (hit,) = PatternSet([r"^table '?(?P<table>[\w.]+)'? is gone"]).hits(f"table {name} is gone")[0]

    assert hit.captures == (("table", name),)


def test_a_name_ends_where_an_alphabet_without_spaces_goes_on() -> None:
    (hit,) = PatternSet([r"表(?P<table>\w+)"]).hits("表orders不存在")[0]

    assert hit.captures == (("table", "orders"),)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\w+ (?:\w+) \(\w\)",
        r"(?P<name>\\w) \w",
        r"(?P<name>[^]\\]w]) \w",
        r"[(?P<] \w",
        r"\(?P<name>\w",
    ],
)
def test_what_names_nothing_stays_as_it_is(pattern: str) -> None:
    assert named_in_any(pattern) == pattern


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?P<name>\w+)",
        r"(?P<name>[^\w.])",
        r"(?P<name>[]\w])",
        r"(?P<name>(?:a|[\w-])+)",
        r"(?<n>\w)",
    ],
)
def test_what_names_something_is_still_a_pattern(pattern: str) -> None:
    assert named_in_any(pattern) != pattern
    re2.compile(named_in_any(pattern))
