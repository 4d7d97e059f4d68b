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


def test_an_aborted_batch_gives_way_to_the_error_it_suppressed() -> None:
    text = (
        "java.sql.BatchUpdateException: Batch entry 0 INSERT INTO t VALUES (1) was aborted.  "
        "Call getNextException to see the cause.\n"
        "\tat org.postgresql.jdbc.BatchResultHandler.handleError(BatchResultHandler.java:9)\n"
        '\tSuppressed: org.postgresql.util.PSQLException: ERROR: relation "t" does not exist\n'
        "\t\tat org.postgresql.core.v3.QueryExecutorImpl.execute(QueryExecutorImpl.java:1)\n"
    )

    assert root_line(text) == text.splitlines()[2]


def test_a_class_that_was_not_serializable_is_not_a_label() -> None:
    text = (
        "java.io.NotSerializableException: com.acme.Orders\n"
        "Serialization stack:\n"
        "\t- object not serializable (class: com.acme.Orders, value: com.acme.Orders@2ea5)\n"
    )

    assert root_line(text) == "java.io.NotSerializableException: com.acme.Orders"


def test_a_mute_cause_that_says_the_beginning_of_what_is_above_it_is_not_the_root() -> None:
    report = parse_text(
        "acme.rpc.RpcTimeoutException: No answer after [120 seconds]. See acme.rpc.timeout\n"
        "\tat acme.rpc.Client.ask(Client.scala:47)\n"
        "Caused by: java.util.concurrent.TimeoutException: No answer after [120 seconds]\n"
        "\tat scala.concurrent.Promise.ready(Promise.scala:259)",
        field="trace",
    )

    assert report.root is not None
    assert report.root.type == "acme.rpc.RpcTimeoutException"


def test_the_plainest_exception_of_the_jvm_is_found_inside_a_message() -> None:
    report = parse_text(
        "org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 1.0 "
        "failed 1 times, most recent failure: Lost task 0.0: java.lang.Exception: not here",
        field="trace",
    )

    assert report.root is not None
    assert report.root.type == "java.lang.Exception"
    assert report.root.message == "not here"


def test_what_ended_a_jvm_is_not_below_the_error_that_only_tells_of_its_end() -> None:
    text = (
        "java.net.SocketException: Operation not permitted\n"
        "pyspark.errors.exceptions.base.PySparkRuntimeError: [JAVA_GATEWAY_EXITED]\n"
    )

    assert root_line(text) == "java.net.SocketException: Operation not permitted"


def test_what_a_task_met_before_it_was_cleared_up_after_is_its_cause() -> None:
    text = (
        "org.apache.spark.util.TaskCompletionListenerException: Writer was closed twice\n"
        "\n"
        "Previous exception in task: No column family named 'tides'\n"
        "\tcom.acme.store.Families.open(Families.scala:61)\n"
        "\tcom.acme.store.Writer.write(Writer.scala:20)\n"
        "\tat org.apache.spark.TaskContextImpl.markTaskCompleted(TaskContextImpl.scala:166)\n"
    )

    assert root_line(text) == text.splitlines()[2]


def test_what_stands_below_tomcats_line_is_the_innermost_cause() -> None:
    text = (
        "09:14:11.402 [http-nio-8080-exec-4] ERROR o.a.c.c.C.[.[.[/].[dispatcherServlet] - "
        "Servlet.service() for servlet [dispatcherServlet] in context with path [] threw exception "
        "[Request processing failed: java.lang.RuntimeException: job not sent] with root cause\n"
        "\n"
        "java.net.ConnectException: Connection refused\n"
        "\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)\n"
    )

    assert root_line(text) == "java.net.ConnectException: Connection refused"


def test_below_the_pool_of_a_metastore_that_got_no_connection_stands_why() -> None:
    report = read(
        "java.sql.SQLException: Unable to open a test connection to the given database. JDBC url = "
        "jdbc:derby:;databaseName=metastore_db;create=true, username = APP. Terminating connection "
        "pool (set lazyInit to true if you expect to start your database after your app). Original "
        "Exception: ------\n"
        "java.sql.SQLException: Failed to start database 'metastore_db', see the next exception "
        "for details.\n"
        "\tat org.apache.derby.impl.jdbc.SQLExceptionFactory.getSQLException(Unknown Source)\n"
        "Caused by: ERROR XSDB6: Another instance of Derby may have already booted the database "
        "/srv/metastore_db.\n"
    )

    assert report.root is not None
    assert report.root.text.startswith("Caused by: ERROR XSDB6")
