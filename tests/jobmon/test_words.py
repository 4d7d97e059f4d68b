"""How what people type is split into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.words import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  run\tx \n", ["run", "x"]),
        ('run "Nightly ETL" now', ["run", "Nightly ETL", "now"]),
        ("run 'Nightly ETL'", ["run", "Nightly ETL"]),
        ("run “Nightly ETL”", ["run", "Nightly ETL"]),
        ("run „Nightly ETL“", ["run", "Nightly ETL"]),
        ("run ”Nightly ETL”", ["run", "Nightly ETL"]),
        ("run ‘Nightly ETL’", ["run", "Nightly ETL"]),
        ('run “Nightly ETL"', ["run", "Nightly ETL"]),
        ('run "Nightly ETL”', ["run", "Nightly ETL"]),
        ('day="last monday"', ["day=last monday"]),
        ('run ""', ["run", ""]),
        ('"Ana\'s job"', ["Ana's job"]),
        ("“Ana’s job”", ["Ana’s job"]),
        ('"say “hi” now"', ["say “hi” now"]),
        ("'{\"a\": 1}'", ['{"a": 1}']),
        (r'"{\"a\": 1}"', ['{"a": 1}']),
        (r"Nightly\ ETL", ["Nightly ETL"]),
        (r"path=C:\data\new", [r"path=C:\data\new"]),
        (r'"path=C:\my data\new"', [r"path=C:\my data\new"]),
    ],
    ids=str,
)
def test_words_stand_apart_but_between_two_quotation_marks(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    "text",
    ['run "Nightly ETL', "run Nightly'", "run Ana's job", "run “Nightly", "x ’", r'"C:\data\" x'],
    ids=str,
)
def test_a_mark_without_a_partner_is_not_guessed_at(text: str) -> None:
    assert words_of(text) is None


@given(st.text())
def test_any_text_has_words_or_a_mark_without_a_partner(text: str) -> None:
    assert words_of(text) is not None or set(text) & set("\"“”„'‘’‚")
