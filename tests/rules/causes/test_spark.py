"""Spark between Python and the JVM: one error, told from both sides."""

import pytest

from jobmon.diagnosis import ErrorReport
from rules.causes import parse_text


def read(text: str) -> ErrorReport:
    return parse_text(text, field="trace")


def root_line(text: str) -> str:
    return read(text).headline


def test_an_error_named_inside_a_job_abort_is_the_cause() -> None:
    report = read(
        "org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 1.0 "
        "failed 4 times, most recent failure: Lost task 0.3 in stage 1.0 (TID 12, node3): "
        "java.lang.UnsupportedOperationException: empty.max\n"
        "\tat scala.collection.TraversableOnce.max(TraversableOnce.scala:216)\n"
        "\tat com.acme.Report$.longest(Report.scala:22)\n"
        "\n"
        "Driver stacktrace:\n"
        "\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:1270)\n"
    )

    assert report.root is not None
    assert report.root.type == "java.lang.UnsupportedOperationException"
    assert report.root.message == "empty.max"
    assert report.user_frame is not None
    assert report.user_frame.file == "Report.scala"


def test_a_job_abort_with_a_reason_of_its_own_is_the_cause() -> None:
    line = (
        "Job aborted due to stage failure: Total size of serialized results of 12 tasks (4.2 GiB) "
        "is bigger than spark.driver.maxResultSize 4.0 GiB."
    )

    report = read(line)

    assert report.root is not None
    assert not report.root.wrapper


def test_the_traceback_of_a_python_worker_is_inside_the_jvms_error() -> None:
    report = read(
        "Py4JJavaError: An error occurred while calling o412.save.\n"
        ": org.apache.spark.SparkException: Job aborted.\n"
        "\tat org.apache.spark.sql.execution.X.write(X.scala:279)\n"
        "Caused by: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in "
        "stage 6.0 failed 4 times, most recent failure: Lost task 0.3 in stage 6.0 (TID 15): "
        "org.apache.spark.api.python.PythonException: 'Traceback (most recent call last):\n"
        '  File "/databricks/spark/python/pyspark/worker.py", line 1100, in main\n'
        "    process()\n"
        '  File "<command-123>", line 4, in ratio\n'
        "ValueError: bad ratio for 12\n"
        "\tat org.apache.spark.api.python.PythonRunner.handle(PythonRunner.scala:517)\n"
    )

    assert report.headline == "ValueError: bad ratio for 12"
    assert report.user_frame is not None
    assert report.user_frame.cell == "<command-123>"
    assert all(cause.wrapper for cause in report.causes[:-1])


def test_the_jvms_side_of_a_python_error_does_not_replace_it() -> None:
    report = read(
        "pyspark.errors.exceptions.captured.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table "
        "or view `a` cannot be found. SQLSTATE: 42P01;\n"
        "'UnresolvedRelation [a], [], true\n"
        "\n"
        "JVM stacktrace:\n"
        "org.apache.spark.sql.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `a` "
        "cannot be found. SQLSTATE: 42P01;\n"
        "\tat org.apache.spark.sql.catalyst.analysis.X.fail(X.scala:90)\n"
    )

    assert report.headline.startswith("pyspark.errors.exceptions.captured.AnalysisException")
    assert report.root is not None
    assert report.root.error_condition == "TABLE_OR_VIEW_NOT_FOUND"
    assert report.root.sqlstate == "42P01"


def test_a_spark_connect_error_is_what_the_details_say() -> None:
    text = (
        "pyspark.errors.exceptions.connect.SparkConnectGrpcException: <_MultiThreadedRendezvous of "
        "RPC that terminated with:\n"
        "\tstatus = StatusCode.UNAVAILABLE\n"
        '\tdetails = "failed to connect to all addresses; Connection refused"\n'
        '\tdebug_error_string = "UNKNOWN:Error received from peer"\n'
    )

    assert root_line(text).startswith("\tdetails = ")


@pytest.mark.parametrize(
    "head",
    [
        "<_MultiThreadedRendezvous of RPC that terminated with:\n",
        "_MultiThreadedRendezvous: <_MultiThreadedRendezvous of RPC that terminated with:\n",
        "grpc._channel._InactiveRpcError: <_InactiveRpcError of RPC that terminated with:\n",
    ],
)
def test_a_call_that_ended_is_what_its_details_say(head: str) -> None:
    text = (
        f"{head}"
        "\tstatus = StatusCode.INTERNAL\n"
        '\tdetails = "the plan has no node 12"\n'
        '\tdebug_error_string = "UNKNOWN:Error received from peer"\n'
        ">\n"
    )

    assert root_line(text) == '\tdetails = "the plan has no node 12"'


def test_a_message_below_the_class_of_the_jvm_is_the_error_s_own() -> None:
    text = (
        "pyspark.errors.exceptions.connect.SparkConnectGrpcException: "
        "(org.apache.spark.SparkSecurityException) \n"
        "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\n"
        "User does not have MODIFY on Table 'shop.orders'. SQLSTATE: 42501\n"
    )
    report = parse_text(text, field="trace")

    assert report.root is not None
    assert not report.root.wrapper
    assert report.root.error_condition == "INSUFFICIENT_PERMISSIONS"


def test_a_failing_stream_is_what_it_died_of() -> None:
    text = (
        "pyspark.errors.exceptions.captured.StreamingQueryException: [STREAM_FAILED] Query [id = 1,"
        " runId = 2] terminated with exception: [FOREACH_BATCH_USER_FUNCTION_ERROR] An error "
        "occurred in the user provided function in foreach batch sink. Reason: An exception was "
        "raised by the Python Proxy. Return Message: Traceback (most recent call last):\n"
        '  File "<command-77>", line 3, in write\n'
        "    1/0\n"
        "ZeroDivisionError: division by zero\n"
        " SQLSTATE: 39000 SQLSTATE: XXKST\n"
        "=== Streaming Query ===\n"
        "Identifier: [id = 1, runId = 2]\n"
    )

    assert root_line(text) == "ZeroDivisionError: division by zero"


def test_a_notebook_that_calls_another_names_no_cause() -> None:
    report = read(
        "Py4JJavaError: An error occurred while calling o400._run.\n"
        ": com.databricks.WorkflowException: com.databricks.NotebookExecutionException: FAILED: "
        "Workload failed, see run output for details\n"
    )

    assert report.root is not None
    assert report.root.wrapper


def test_a_notebooks_frame_goes_before_those_of_the_jvm_below_it() -> None:
    report = read(
        "Traceback (most recent call last):\n"
        '  File "<command-12>", line 3, in <module>\n'
        "    df.save()\n"
        "Py4JJavaError: An error occurred while calling o1.save.\n"
        ": java.lang.IllegalStateException: bad\n"
        "\tat com.vendor.connector.Writer.write(Writer.scala:12)\n"
    )

    assert report.user_frame is not None
    assert report.user_frame.cell == "<command-12>"


def test_what_is_required_is_quoted_rather_than_that_a_requirement_failed() -> None:
    text = "IllegalArgumentException: requirement failed:\nmaxBins has to be 42 at least\n"

    assert root_line(text) == "maxBins has to be 42 at least"


def test_the_description_of_a_failed_stream_is_not_quoted() -> None:
    first = "StreamingQueryException: An error occurred while calling o7.call"

    assert root_line(f"{first}\n=== Streaming Query ===\nIdentifier: [id = 1]\n") == first


def test_a_job_abort_that_a_terminal_wrapped_still_names_its_cause() -> None:
    cause = "0 (TID 8, localhost): org.apache.spark.SparkException: Python worker crashed"
    text = (
        "org.apache.spark.SparkException: Job aborted due to stage failure: Task 1 in stage 9.0 "
        "failed 1 times, most recent failure: Lost task 1.0 in stage 9.\n"
        f"{cause}\n"
        "\tat org.apache.spark.api.python.PythonRunner.read(PythonRunner.scala:597)\n"
    )

    root = parse_text(text, field="trace").root

    assert root is not None
    assert root.message == "Python worker crashed"
    assert root.text == cause


def test_a_blank_before_the_colon_of_an_error_is_seen_through() -> None:
    text = (
        "com.microsoft.azure.datalake.store.ADLException: Error creating directory /\n"
        "Operation null failed with exception java.io.IOException : Server returned 401\n"
    )

    root = parse_text(text, field="trace").root

    assert root is not None
    assert root.type == "java.io.IOException"


@pytest.mark.parametrize("quote", ["u'", 'u"', "'", '"'])
def test_a_message_that_python_shows_with_its_quotes_and_line_ends_is_read_without(
    quote: str,
) -> None:
    line = (
        f"pyspark.sql.utils.ParseException: {quote}"
        rf"\nOperation not allowed: SKEWED BY(line 1, pos 0)\n{quote[-1]}"
    )

    report = read(line)

    assert report.root is not None
    assert report.root.message.startswith("Operation not allowed: SKEWED BY")
    assert report.headline == line
