"""Whatever comes in, a report comes out, and the work stays bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.diagnosis import TaskFailure
from rules.causes import clean_lines, parse, parse_text
from rules.causes.draft import MAX_MESSAGE
from rules.causes.examined_lines import AFTER, MAX_LINES
from rules.causes.report import MAX_CAUSES

PIECES = (
    "Traceback (most recent call last):", "\n", '  File "/a/b.py", line 3, in f', "    g(x)",
    "ValueError: x", "Caused by: java.io.IOException: y", "\tat a.b.C.d(E.java:1)", "... 3 more",
    "During handling of the above exception, another exception occurred:", "\r\n", "\r",
    "The above exception was the direct cause of the following exception:", "JVM stacktrace:",
    "24/05/01 10:00:00 ERROR X: ", "> ", "# ", "\x1b[0;31m", "\x1b]0;t\x07", "\x00", "\ud800", "é",
    '{"level":"error","event":"', '"}', "[A_B.C] z", ": ", "(Caused by E('", "---> 10 ", "Error:",
    "'", "`", "Last error:", "-" * 30, "  | ", "SQLSTATE: 42P01", "<Code>AbC</Code>", "\u2028",
    r"\ud83d",
)  # fmt: skip

texts = st.one_of(
    st.text(max_size=300),
    st.text(st.characters(), max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=40).map("\n".join),
    st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")),
)


@given(texts)
def test_any_text_gives_a_report_that_quotes_its_lines(text: str) -> None:
    lines = clean_lines(text)

    report = parse_text(text, field="error")

    assert report.headline in lines or not any(line.strip() for line in lines)
    for cause in report.causes:
        assert cause.text in lines
        assert 0 <= cause.line <= cause.end_line < len(lines)
    assert report.root is None or report.root in report.causes
    assert report.root is None or report.headline == report.root.text


@given(texts, texts, texts, texts)
def test_any_failure_gives_a_report(error: str, trace: str, message: str, logs: str) -> None:
    report = parse(TaskFailure(task_key="t", error=error, trace=trace, message=message, logs=logs))

    assert len(report.causes) <= MAX_CAUSES


@given(texts)
def test_reading_a_text_twice_gives_the_same_report(text: str) -> None:
    assert parse_text(text, field="error") == parse_text(text, field="error")


@pytest.mark.parametrize(
    "text",
    [
        "Caused by: java.io.IOException: m\n" * 50_000,
        "ValueError: x\n\n\n" * 50_000,
        "24/05/01 10:00:00 ERROR X: java.io.IOException: m\n" * 50_000,
        "java.lang.AError: " * 100_000,
        "Error: x\r" * 50_000,
    ],
    ids=["causes", "errors", "log", "one line", "carriage returns"],
)
def test_the_number_of_causes_and_lines_read_is_bounded(text: str) -> None:
    report = parse_text(text, field="logs")

    assert 0 < len(report.causes) <= MAX_CAUSES
    assert report.lines_read <= MAX_LINES + 2 * AFTER


def test_messages_are_bounded() -> None:
    report = parse_text("ValueError: " + "x" * 100_000 + "\n" + "more\n" * 1000, field="error")

    assert report.root is not None
    assert len(report.root.message) <= MAX_MESSAGE


@pytest.mark.parametrize(
    "line",
    [
        "a" * 500_000,
        ": " * 250_000,
        "[" * 500_000,
        '{"a":' * 100_000,
        "\x1b[" * 250_000,
        "\0" * 9,
        '[0m \\" \\u ' + "\\" * 500_000,
        r"\"" * 250_000,
        r"\u0027" * 80_000,
        "&#x27;" * 80_000,
    ],
    ids=[
        *("letters", "colons", "brackets", "json", "escapes", "nulls"),
        *("backslashes", "escaped quotes", "numbered characters", "character references"),
    ],
)
def test_a_huge_line_is_no_trouble(line: str) -> None:
    assert parse_text(line, field="logs").lines_read == 1


def test_an_error_in_the_middle_of_a_long_log_is_found() -> None:
    noise = "24/05/01 10:00:00 INFO TaskSetManager: Finished task 3.0 in stage 9.0\n" * 20_000
    cause = "24/05/01 10:00:00 ERROR Executor: java.lang.OutOfMemoryError: Java heap space"

    report = parse_text(noise + cause + "\n" + noise, field="logs")

    assert report.headline == cause


def test_the_first_and_last_errors_of_a_long_log_are_read() -> None:
    warnings = "24/05/01 10:00:00 WARN X: java.io.IOException: again\n" * 20_000
    cause = "ValueError: at the end"

    report = parse_text(warnings + cause + "\n", field="logs")

    assert report.headline == cause


def test_line_ends_of_any_system_are_the_same() -> None:
    text = 'Traceback (most recent call last):\n  File "/a.py", line 1\nValueError: x\n'

    unix = parse_text(text, field="error")

    assert parse_text(text.replace("\n", "\r\n"), field="error") == unix
    assert parse_text(text.replace("\n", "\r"), field="error") == unix


def test_the_root_is_kept_however_many_wrappers_there_are() -> None:
    wrapper = "Caused by: java.util.concurrent.ExecutionException"
    text = "\n".join(["java.io.IOException: disk gone", *[wrapper] * 300])

    report = parse_text(text, field="error")

    assert report.headline == "java.io.IOException: disk gone"
    assert any(cause is report.root for cause in report.causes)
    assert len(report.causes) == MAX_CAUSES


def test_the_root_is_kept_when_it_stands_in_the_middle() -> None:
    wrapper = "Caused by: java.util.concurrent.ExecutionException"
    text = "\n".join([*[wrapper] * 300, "Caused by: java.io.IOException: gone", *[wrapper] * 300])

    report = parse_text(text, field="error")

    assert report.headline == "Caused by: java.io.IOException: gone"
    assert any(cause is report.root for cause in report.causes)


def test_lines_that_are_far_apart_in_a_long_log_do_not_hang_together() -> None:
    begun = "Traceback (most recent call last):\n" + '  File "/a.py", line 3, in f\n' * 20
    noise = "24/05/01 10:00:00 INFO TaskSetManager: Finished task 3.0 in stage 9.0\n" * 4_000
    end = "the step failed for lack of input"

    assert parse_text(f"{begun}{noise}{end}\n", field="logs").headline == end


def test_json_that_is_none_is_read_as_text() -> None:
    line = '{"level": "error", "message": "no space left on device" oops}'

    assert parse_text(line, field="logs").headline == line
