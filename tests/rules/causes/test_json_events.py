"""Logs whose lines are events in JSON: each is read as what it says, and quoted whole."""

import pytest

from rules.causes import parse_text


def root_line(text: str) -> str:
    return parse_text(text, field="logs").headline


def test_log_events_in_json_are_read_and_quoted_whole() -> None:
    told = '{"level":"info","event":"rm: cannot remove \'/opt/x\': Permission denied"}'
    text = (
        '{"level":"info","event":"Output:"}\n'
        f"{told}\n"
        '{"level":"info","event":"Command exited with return code 1"}\n'
        '{"level":"error","event":"Task failed with exception"}\n'
    )

    assert root_line(text) == told


def test_a_trace_inside_a_json_event_is_read() -> None:
    text = (
        '{"level":"error","message":"job failed","exception":"Traceback (most recent call last):\\n'
        '  File \\"/app/x.py\\", line 3, in f\\nValueError: bad shard"}'
    )

    report = parse_text(text, field="logs")

    assert report.root is not None
    assert report.root.type == "ValueError"
    assert report.headline == text


def test_an_exception_that_a_json_event_holds_as_an_object_is_read() -> None:
    report = parse_text(
        '{"ts":"10:00","level":"INFO","msg":"Running task 0.0","logger":"Executor"}\n'
        '{"ts":"10:01","level":"ERROR","msg":"Exception in task 0.0 in stage 1.0 (TID 3)",'
        '"exception":{"class":"java.lang.OutOfMemoryError","msg":"Java heap space","stacktrace":'
        '[{"class":"java.util.Arrays","method":"copyOf","file":"Arrays.java","line":"3236"}]}}',
        field="logs",
    )

    assert report.root is not None
    assert report.root.type == "java.lang.OutOfMemoryError"
    assert report.root.message == "Java heap space"
    assert report.root.frames[0].function == "java.util.Arrays.copyOf"


def test_exceptions_that_a_json_event_lists_are_a_chain() -> None:
    report = parse_text(
        '{"level": "error", "event": "load failed", "exception": ['
        '{"exc_type": "LoadError", "exc_value": "could not load orders"},'
        ' {"exc_type": "KeyError", "exc_value": "\'amount\'"}]}',
        field="logs",
    )

    assert report.root is not None
    assert report.root.type == "KeyError"


@pytest.mark.parametrize(
    "line",
    [
        r'{"level": "error", "message": "step 3", "exception": "ValueError: bad \ud83d"}',
        r'{"level": "error", "message": "step 3 \ud83d", "exception": "ValueError: bad"}',
        r'{"note": "ValueError: bad \ud83d\n  it is"}',
        r'{"log": "ValueError: bad \ud83d\n", "stream": "stderr"}',
        r'{"level": "error", "message": "step", "exception": "\u001b[31mValueError: bad\u001b[0m"}',
    ],
    ids=["exception", "message", "text", "stream", "colours"],
)
def test_halves_of_characters_and_colours_that_json_escapes_are_cleaned(line: str) -> None:
    root = parse_text(line, field="logs").root

    assert root is not None
    assert root.type == "ValueError"
    assert root.message.split("\n")[0] in {"bad", "bad ?"}


def test_a_json_event_behind_a_prefix_is_read_and_its_error_lies_below_its_message() -> None:
    report = parse_text(
        '[Loader] {"level":"error","message":"could not load","error":"not allowed here"}\n'
        '[Loader] {"level":"error","message":"run failed","error":{"message":"no orders"}}',
        field="logs",
    )

    assert report.root is not None
    assert report.root.message == "not allowed here"
    assert [cause.message for cause in report.causes if cause.line == 1] == [
        "run failed",
        "no orders",
    ]


def test_an_event_of_dbt_is_what_its_info_says() -> None:
    told = (
        '{"data":{"unique_id":"model.shop.orders"},"info":{"code":"","level":"error","msg":'
        '"Network error: failed to lookup address information","name":"Generic"}}'
    )
    text = (
        '{"data":{},"info":{"level":"debug","msg":"Requesting packages","name":"Generic"}}\n'
        f"{told}\n"
        '{"data":{},"info":{"level":"info","msg":"Command failed after 2 s","name":"Generic"}}\n'
    )

    assert root_line(text) == told
