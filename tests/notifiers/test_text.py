import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.text import (
    MOST_CODE,
    counted,
    listed,
    one_line,
    plain,
    runs_of,
    shorten,
    shorten_front,
    units,
)
from tests.support.hostile import hostile_texts


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "red", id="colour"),
        pytest.param("\x1b]8;;https://e.example\x07click\x1b]8;;\x07", "click", id="terminal link"),
        pytest.param("abc\u202egnp.exe", "abcgnp.exe", id="right-to-left override"),
        pytest.param("a\u2066b\u2069", "ab", id="bidi isolate"),
        pytest.param("a\x00b\x07c", "abc", id="control characters"),
        pytest.param("a\r\nb\rc\u2028d", "a\nb\nc\nd", id="line ends"),
        pytest.param("a\ud800b", "ab", id="lone surrogate"),
        pytest.param("👩\u200d🔧", "👩\u200d🔧", id="emoji of two parts"),
        pytest.param("naïve 日本語", "naïve 日本語", id="other languages"),
    ],
)
def test_what_a_terminal_or_browser_would_obey_is_taken_out(given_text: str, shown: str) -> None:
    assert plain(given_text) == shown


@given(hostile_texts)
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)

    assert line.splitlines() in ([], [line])
    assert line == line.strip()
    line.encode()


@given(st.text(max_size=200), st.integers(min_value=1, max_value=100))
def test_a_shortened_text_keeps_to_the_limit_and_says_that_it_was_cut(
    text: str, limit: int
) -> None:
    text = plain(text)
    cut, end = shorten(text, limit), shorten_front(text, limit)

    assert max(units(cut), units(end)) <= limit
    assert cut == text or cut.endswith("…")
    assert end == text or (end.startswith("…") and text.endswith(end[1:]))
    f"{cut}{end}".encode()


def test_a_cut_never_splits_an_emoji() -> None:
    assert shorten("😀😀😀", 4) == "😀…"


def test_names_beyond_the_first_few_are_counted() -> None:
    assert listed(("a", "b", "c", "d"), total=25) == "a, b, c and 22 more"
    assert listed(("a", "b"), total=2) == "a and b"
    assert listed(("a",), total=1) == "a"
    assert listed((), total=4) == "4"


@pytest.mark.parametrize(
    ("sentence", "runs"),
    [
        ("no code", [("no code", False)]),
        ("Column `a b` is gone.", [("Column ", False), ("a b", True), (" is gone.", False)]),
        ("`a`", [("a", True)]),
        ("one ` alone", [("one ` alone", False)]),
        ("", []),
    ],
)
def test_what_stands_in_backticks_is_code(sentence: str, runs: list[tuple[str, bool]]) -> None:
    assert list(runs_of(sentence)) == runs


def test_no_text_is_cut_into_a_thousand_pieces() -> None:
    assert len(list(runs_of("`a` " * 1000))) <= 2 * MOST_CODE + 1


def test_numbers_and_nouns_agree() -> None:
    assert counted(1, "task") == "1 task"
    assert counted(2400, "task") == "2,400 tasks"
