"""Which words are the name of nothing."""

import pytest

from rules.entity_names import is_name


@pytest.mark.parametrize(
    ("kind", "word"),
    [("host", "proxy"), ("table", "privilege"), ("library", "failed"), ("column", "was")],
)
def test_a_word_of_the_sentence_is_no_name(kind: str, word: str) -> None:
    assert not is_name(kind, word)


@pytest.mark.parametrize(
    ("kind", "word"), [("host", "proxy.corp.example"), ("column", "a"), ("said", "was")]
)
def test_what_may_be_called_so_is_a_name(kind: str, word: str) -> None:
    assert is_name(kind, word)
