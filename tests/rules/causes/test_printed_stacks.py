"""Stacks of the JVM, in whatever form something printed them."""

from jobmon.diagnosis import ErrorReport
from rules.causes import parse_text


def read(text: str) -> ErrorReport:
    return parse_text(text, field="trace")


def root_line(text: str) -> str:
    return read(text).headline


def test_frames_listed_without_at_are_no_message() -> None:
    text = (
        "SparkException: Job aborted: Task serialization failed: java.lang.StackOverflowError\n"
        "java.io.ObjectOutputStream.writeObject0(ObjectOutputStream.java:1178)\n"
        "scala.collection.immutable.List.writeReplace(List.scala:468)\n"
    )

    assert root_line(text) == text.splitlines()[0]


def test_a_stack_printed_as_one_line_is_read_line_by_line() -> None:
    text = (
        "StreamingQueryException('Job aborted: PythonException: "
        r'Traceback (most recent call last):\n  File "<stdin>", line 1, in f\n'
        r"KeyError: 'amount'\n\n\tat org.apache.spark.api.python.Runner.read(Runner.scala:5)')"
    )

    root = read(text).root

    assert root is not None
    assert (root.type, root.message) == ("KeyError", "'amount'")


def test_lines_printed_as_one_are_read_whole_however_long() -> None:
    frames = [f"    at com.acme.etl.Step{number}.run(Step.scala:9)" for number in range(90)]
    lines = ("SparkException: step failed", *frames, "Caused by: java.io.IOException: disk is out")

    for prefix in ("", "26/11/24 02:14:09 ERROR Driver: ", "[Stage 3:====>  (1 + 1) / 2]"):
        report = read(prefix + "\\n".join(lines))

        assert report.root is not None
        assert report.root.type == "java.io.IOException"


def test_what_a_serialization_stack_lists_is_not_what_went_wrong() -> None:
    text = (
        "SparkException: task 0.0 in stage 0.0 had a not serializable result: com.acme.Order\n"
        "Serialization stack:\n"
        "\t- object not serializable (class: com.acme.Order, value: com.acme.Order@2ea5)\n"
        "\t- field (class: scala.Tuple2, name: _1, type: class java.lang.Object)\n"
    )

    assert root_line(text) == text.splitlines()[0]


def test_the_output_of_a_service_pasted_as_a_comment_keeps_its_chain() -> None:
    text = (
        "# spark-1  | com.acme.TableException: java.lang.IllegalStateException: no such layout\n"
        "# spark-1  | Caused by: java.lang.IllegalStateException: no such layout\n"
    )

    assert root_line(text) == text.splitlines()[1]


def test_a_stack_whose_lines_are_marked_is_a_stack() -> None:
    report = read("! com.acme.TideError: no tide\n! at com.acme.Tides.read(Tides.java:7)")
    assert report.headline == "! com.acme.TideError: no tide"
    assert report.user_frame is not None
