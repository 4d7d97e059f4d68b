import re

import pytest
import re2

from rules import vocabulary
from rules.exceptions import exception_table
from rules.ruleset import load
from rules.vocabulary import UnknownWordsError, written_out


def called(regex: str) -> set[str]:
    return set(re.findall(r"\(\?&(\w+)\)", regex))


def test_a_call_stands_for_all_its_words() -> None:
    found = re2.compile(written_out(r"(?i)\b(?&table)(?&named)(?: \S+){0,4} (?&gone)\b"))

    for text in (
        "table `a`.`b` does not exist",
        "The view orders (in dev) could not be found.",
        "DATASET 'two words' has been deleted",
        "collection missing",
    ):
        assert found.search(text), text
    for text in ("table orders is locked", "does not exist: table orders", "tablet x is gone"):
        assert not found.search(text), text


def test_words_may_call_words() -> None:
    assert called(written_out("(?&gone)")) == set()
    assert re2.search(written_out("(?&gone)"), "x cannot be found")


def test_words_that_nobody_defined_are_told() -> None:
    with pytest.raises(UnknownWordsError, match="'lost'"):
        written_out("(?&lost)")


def test_all_words_are_called_by_a_rule() -> None:
    asked = {name for item in load().conditions for value in item.values for name in called(value)}

    assert asked >= set(vocabulary.names())


@pytest.mark.parametrize("name", vocabulary.names())
def test_words_can_be_searched_for(name: str) -> None:
    re2.compile(written_out(rf"\b(?&{name})\b"))


def test_the_words_of_types_are_valid() -> None:
    assert len(exception_table().words) > 20
