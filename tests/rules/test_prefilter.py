"""Which patterns are tried on which lines: no other is compiled, nor looked for."""

from rules.prefilter import FEW, Prefilter

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def tried(patterns: list[str], text: str) -> dict[int, set[int]]:
    """For each line that any pattern is tried on, which are."""
    return {line.number: line.patterns for line in Prefilter(patterns).lines(text.encode())}


def test_a_line_without_a_patterns_literals_is_passed_by() -> None:
    text = "step 1\ndisk full\nstep 2\nno space left"

    assert tried(["disk full", r"no space\b"], text) == {1: {0}, 3: {1}}


def test_all_that_one_way_needs_has_to_be_in_the_line() -> None:
    patterns = [r"code\W+429|ratelimited"]

    assert tried(patterns, "code 500\nstatus 429\nstatus code 429\nratelimited") == {2: {0}, 3: {0}}


def test_where_it_stands_in_the_line_is_for_the_pattern_to_say() -> None:
    assert tried([r"table \w+ is away"], "it is away, this table ") == {0: {0}}


def test_lines_are_told_by_their_bytes() -> None:
    (line,) = Prefilter(["größe"]).lines("länge\nfalsche größe\nende".encode())

    assert (line.number, line.start, line.end) == (1, 7, 22)


def test_a_pattern_without_literals_may_match_anywhere() -> None:
    prefilter = Prefilter([r"^\d+$", "disk full", "=", "[(]", "disk full|=", r"\w=\w|\(\w\)"])

    assert set(prefilter.anywhere(b"a = 1")) == {0, 2, 4, 5}
    assert not list(prefilter.lines(b"a = 1"))


def test_many_literals_of_which_one_is_needed_are_left_to_the_pattern() -> None:
    few, many = ("|".join(f"{letter}0" for letter in LETTERS[:number]) for number in (FEW, FEW + 1))

    assert tried([rf"disk full\d*(?:{few})"], "disk full") == {}
    assert tried([rf"disk full\d*(?:{many})"], "disk full") == {0: {0}}
