"""What the JVM, Py4J and Spark print when a job fails."""

from jobmon.diagnosis import CauseKind, ErrorReport
from rules.causes import parse_text


def read(text: str) -> ErrorReport:
    return parse_text(text, field="trace")


def root_line(text: str) -> str:
    return read(text).headline


def test_the_last_caused_by_is_the_cause() -> None:
    report = read(
        "java.util.concurrent.ExecutionException: java.io.IOException: Failed\n"
        "\tat a.b(C.java:1)\n"
        "Caused by: java.io.IOException: Failed\n"
        "\tat a.b(C.java:1)\n"
        "Caused by: java.net.UnknownHostException: acct.dfs.core.windows.net\n"
        "\tat java.net.X.y(Z.java:1)\n"
        "\t... 12 more\n"
    )

    assert report.headline == "Caused by: java.net.UnknownHostException: acct.dfs.core.windows.net"
    assert report.root is not None
    assert report.root.kind is CauseKind.JAVA
    assert report.root.message == "acct.dfs.core.windows.net"
    assert report.causes[0].wrapper


def test_the_line_below_a_py4j_error_is_its_cause() -> None:
    report = read(
        "py4j.protocol.Py4JJavaError: An error occurred while calling o501.load.\n"
        ": java.lang.ClassNotFoundException: com.mysql.jdbc.Driver\n"
        "\tat java.net.URLClassLoader.findClass(URLClassLoader.java:381)\n"
    )

    assert report.headline == ": java.lang.ClassNotFoundException: com.mysql.jdbc.Driver"
    assert [bool(cause.wrapper) for cause in report.causes] == [True, False]


def test_a_message_that_begins_on_the_next_line_is_quoted_from_there() -> None:
    text = (
        "py4j.protocol.Py4JJavaError: An error occurred while calling o77.saveAsTable.\n"
        ": org.apache.hadoop.security.AccessControlException: \n"
        'Permission denied: user=etl, access=WRITE, inode="/warehouse"\n'
    )

    assert root_line(text) == 'Permission denied: user=etl, access=WRITE, inode="/warehouse"'


def test_a_first_line_that_only_announces_gives_way_to_the_next() -> None:
    text = (
        "net.snowflake.client.jdbc.SnowflakeSQLException: SQL compilation error:\n"
        "Object 'DB.S.T' does not exist or not authorized.\n"
    )

    assert root_line(text) == "Object 'DB.S.T' does not exist or not authorized."


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
    assert report.root.condition == "TABLE_OR_VIEW_NOT_FOUND"
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


def test_a_mute_deepest_cause_leaves_the_word_to_the_one_above() -> None:
    text = (
        "org.apache.spark.SparkException: Could not execute broadcast in 300 secs.\n"
        "\tat org.apache.spark.sql.execution.X.y(X.scala:150)\n"
        "Caused by: java.util.concurrent.TimeoutException\n"
        "\tat java.util.concurrent.FutureTask.get(FutureTask.java:205)\n"
    )

    assert root_line(text) == (
        "org.apache.spark.SparkException: Could not execute broadcast in 300 secs."
    )


def test_a_suppressed_error_is_not_the_cause() -> None:
    text = (
        "java.io.IOException: failed to write part\n"
        "\tat com.acme.W.write(W.java:3)\n"
        "\tSuppressed: java.io.IOException: stream already closed\n"
        "\t\tat com.acme.W.close(W.java:9)\n"
        "\tCaused by: java.io.IOException: socket gone\n"
        "\t\tat com.acme.W.close(W.java:9)\n"
        "Caused by: java.net.SocketTimeoutException: connect timed out\n"
        "\tat java.net.Socket.connect(Socket.java:9)\n"
    )

    assert root_line(text) == "Caused by: java.net.SocketTimeoutException: connect timed out"


def test_a_trace_that_begins_in_the_middle_still_has_its_cause() -> None:
    text = (
        "ark.sql.execution.SparkPlan.execute(SparkPlan.scala:180)\n"
        "\tat org.apache.spark.sql.execution.SparkPlan.executeQuery(SparkPlan.scala:215)\n"
        "\t... 30 more\n"
        "Caused by: java.sql.SQLException: Connection is not available.\n"
        "\tat com.zaxxer.hikari.pool.HikariPool.get(HikariPool.java:696)\n"
    )

    assert root_line(text) == "Caused by: java.sql.SQLException: Connection is not available."


def test_causes_without_their_packages_are_read_too() -> None:
    text = (
        "Caused by: Job aborted due to stage failure.\n"
        "Caused by: Failed to execute user defined function (f$$$Lambda$1: (string) => string)\n"
        "Caused by: OutOfMemoryError: GC overhead limit exceeded\n"
    )

    assert root_line(text) == "Caused by: OutOfMemoryError: GC overhead limit exceeded"


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


def test_a_sentence_that_begins_with_at_is_no_frame() -> None:
    report = read("java.lang.IllegalArgumentException: requirement failed:\nat least one is needed")

    assert report.root is not None
    assert report.root.message.endswith("at least one is needed")


def test_what_was_suppressed_is_no_cause_even_alone() -> None:
    text = (
        "java.io.IOException: failed to write part\n"
        "\tat com.acme.W.write(W.java:3)\n"
        "\tSuppressed: java.io.IOException: stream of W gone\n"
        "\t\tat com.acme.W.close(W.java:9)\n"
    )

    assert root_line(text) == "java.io.IOException: failed to write part"
