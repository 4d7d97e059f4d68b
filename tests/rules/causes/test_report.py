"""One report for all the texts of a failure."""

import pytest

from jobmon.diagnosis import TaskFailure
from rules.causes import parse, parse_text


def test_the_trace_goes_before_the_logs() -> None:
    report = parse(
        TaskFailure(
            task_key="load",
            trace="ValueError: no rows",
            logs="24/05/01 10:00:00 ERROR X: java.io.IOException: noise",
        )
    )

    assert report.root is not None
    assert report.root.field == "trace"


def test_logs_decide_where_the_error_is_only_a_wrapper() -> None:
    report = parse(
        TaskFailure(
            task_key="load",
            error="Command exited with code 1",
            message="Workload failed, see run output for details",
            logs="step 1\nModuleNotFoundError: No module named 'acme'\n",
        )
    )

    assert report.headline == "ModuleNotFoundError: No module named 'acme'"
    assert report.root is not None
    assert report.root.field == "logs"
    assert report.causes[-1] == report.root


def test_what_databricks_says_of_the_run_goes_before_its_logs() -> None:
    report = parse(
        TaskFailure(
            task_key="load",
            message="Could not start the cluster: QuotaExceeded for standardDSv3Family cores",
            logs="24/05/01 10:00:00 ERROR X: java.io.IOException: noise of another task",
        )
    )

    assert report.root is not None
    assert report.root.field == "message"


def test_causes_of_all_texts_are_kept_with_their_fields() -> None:
    report = parse(TaskFailure(task_key="load", error="ValueError: a", trace="KeyError: 'b'"))

    assert {cause.field for cause in report.causes} == {"error", "trace"}


def test_the_user_frame_may_come_from_another_text_than_the_root() -> None:
    report = parse(
        TaskFailure(
            task_key="load",
            error="ValueError: a",
            trace='  File "/Workspace/x.py", line 3, in f\n    g()\nSystemExit: 1',
        )
    )

    assert report.headline == "ValueError: a"
    assert report.user_frame is not None
    assert report.user_frame.line == 3


def test_what_a_task_ended_with_is_no_line_that_was_only_logged_before_it() -> None:
    said = "the certificate of the ledger was signed by nobody known"
    logged = "24/05/01 10:00:00 INFO SparkContext: Running Spark version 3.5.0"

    report = parse(TaskFailure(task_key="load", error=f"{logged}\n{said}\n"))

    assert report.headline == said
    assert report.root is not None


def test_where_nothing_but_a_quiet_log_was_printed_its_first_line_is_quoted() -> None:
    logged = "24/05/01 10:00:00 INFO SparkContext: Running Spark version 3.5.0"

    report = parse(TaskFailure(task_key="load", error=f"{logged}\n{logged} again\n"))

    assert report.headline == logged


def test_a_failure_without_texts_has_an_empty_report() -> None:
    report = parse(TaskFailure(task_key="load"))

    assert report.causes == ()
    assert report.root is None
    assert report.headline == ""


def test_what_is_tried_again_and_says_the_same_lies_no_deeper() -> None:
    text = "".join(
        f"Retrying (Retry(total={left})) after connection broken by "
        f"'NewConnectionError('<connection {left}>: Name or service not known')'\n"
        for left in (4, 3, 2)
    )

    root = parse_text(text, field="logs").root

    assert root is not None
    assert "total=4" in root.text


def test_a_wait_for_a_worker_that_never_came_names_no_cause() -> None:
    text = (
        "org.apache.spark.SparkException: Python worker failed to connect back.\n"
        "\tat org.apache.spark.api.python.PythonWorkerFactory.create(PythonWorkerFactory.scala:1)\n"
        "Caused by: java.net.SocketTimeoutException: Accept timed out\n"
    )

    assert "failed to connect back" in parse_text(text, field="trace").headline


SAID = "the ledger kept nothing of the harbour's second shift"


@pytest.mark.parametrize(
    "error",
    [
        f"{SAID}\nProcess exited with code 1",
        f"loading the second shift of today\n{SAID}\n\nCommand exited with code 1.",
        f"Run failed with error message\n {SAID}",
    ],
)
def test_a_sentence_beside_words_that_name_no_cause_is_it_in_a_text_of_few_lines(
    error: str,
) -> None:
    report = parse(TaskFailure(task_key="load", error=error))

    assert report.root is not None
    assert report.root.message == SAID
    assert report.headline.strip() == SAID
    assert [bool(cause.wrapper) for cause in report.causes] == [True, False]


@pytest.mark.parametrize(
    "error",
    [
        "Process exited with code 1",
        "two words\nProcess exited with code 1",
        f"Process exited with code 1\n{SAID}",
        "\n".join([SAID, *["loaded a shift of today"] * 3, "Process exited with code 1"]),
    ],
    ids=["alone", "no-sentence", "told-afterwards", "among-many-lines"],
)
def test_else_how_a_process_ended_is_all_that_is_known(error: str) -> None:
    report = parse(TaskFailure(task_key="load", error=error))

    assert report.headline == "Process exited with code 1"


def test_a_sentence_that_was_only_logged_says_nothing_of_an_end() -> None:
    failure = TaskFailure(task_key="load", error="Process exited with code 1", logs=SAID)

    assert parse(failure).headline == "Process exited with code 1"
