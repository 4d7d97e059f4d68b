"""A sentence that something wrapped at a width is read as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.engine import classify
from rules.ruleset import RuleSet
from rules.wrapped_lines import MOST_LINES, sentences
from tests.rules.builders import a_failure, a_rule, when

SAID = (
    "Resources exceeded during query execution: your organization used all of the memory and "
    "disk that is there for shuffle operations, so the query was stopped"
)


@pytest.mark.parametrize("width", [60, 72, 80, 100])
def test_its_parts_are_put_together(width: int) -> None:
    lines, rest = [], SAID
    while len(rest) > width:
        end = rest.rfind(" ", 0, width + 1)
        lines.append(rest[:end])
        rest = rest[end + 1 :]

    assert list(sentences(["Job 7", *lines, f"  {rest}", "", "done"])) == [(1, SAID)]


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("the job of this night has ended, and all of its tasks too.", "next comes the other one"),
        ("a short line", "goes on in lower case"),
        ("a line that is long enough to have been wrapped at a width", "[INFO] a message"),
        ("a line that is long enough to have been wrapped at a width", "24/05/06 07:08 WARN x"),
        ("a line that is long enough to have been wrapped at a width", "Another begins here"),
        ("java.lang.IllegalStateException: the writer was closed already", "at com.acme.Main.run"),
        (
            "TypeError: the writer was asked to close what it never opened",
            "at async close (w.js:3)",
        ),
        ("a line that is long enough to have been wrapped at a width but a word", "x " * 60),
        ("x" * 200, "goes on in lower case"),
        ("ERROR: it was not said which library this was meant for", "PipError: it has ended"),
    ],
)
def test_what_begins_anew_is_not(line: str, following: str) -> None:
    assert list(sentences([line, following])) == []


@pytest.mark.parametrize(
    ("line", "following"),
    [
        (
            "google.api_core.exceptions.BadRequest: 400 IP space of",
            "'projects/demo/workers' is exhausted",
        ),
        (
            "org.apache.spark.SparkException: the strict mode requires",
            "at least one static partition",
        ),
        ("System memory is 259522560 and it must be at least", "471859200. Please use more"),
        (
            "Resources are exceeded: your organization used its memory,",
            "Disk and all that is there",
        ),
        (
            "org.apache.flink.table.api.ValidationException: Cannot resolve",
            "[order_total], input is",
        ),
        ("Cannot run the program python3 (it was tried in Local", "Disk0): error=11"),
        ("pyodbc.Error: [unixODBC][Driver Manager]Can't open lib \"ODBC", 'Driver 18" : not found'),
        ("Something went wrong while cloning", "https://git.corp.example/quills/dbt-nibs.git"),
    ],
)
def test_what_could_not_begin_a_line_goes_on(line: str, following: str) -> None:
    assert list(sentences([line, following])) == [(0, f"{line} {following}")]


@pytest.mark.parametrize("mark", ["# ", "// ", "-- ", "> ", " * "])
def test_what_the_lines_of_a_comment_begin_with_is_no_part_of_it(mark: str) -> None:
    line, following = "the query was stopped since it used the maximum of the", "memory and disk"

    assert list(sentences([f"{mark}{line}", f"{mark}{following}"])) == [
        (0, f"{mark}{line} {following}")
    ]


def test_a_rule_finds_what_stands_in_two_lines_and_the_first_of_them_is_quoted() -> None:
    wanted = when("line", regex="maximum of the memory and disk that is there")
    rules = RuleSet([a_rule("PY900", wanted)])
    log = (
        "INFO the query began\n"
        "ERROR query 7: your organization used the maximum of the memory\n"
        "and disk that is there for shuffle operations"
    )

    found = classify(a_failure(logs=log), rules).finding

    assert found is not None
    assert found.evidence[0].line == 2


@given(st.lists(st.sampled_from(["the " * 20, "a" * 60 + ",", "goes on", "", "A b"]), max_size=40))
def test_no_sentence_is_endless_and_each_line_is_in_one_at_most(lines: list[str]) -> None:
    found = list(sentences(lines))

    begun = [first for first, _ in found]
    assert begun == sorted(set(begun))
    assert all(len(text) <= MOST_LINES * 100 for _, text in found)
