"""Logs: many lines of which one names the cause."""

import pytest

from rules.causes import parse_text


def root_line(text: str) -> str:
    return parse_text(text, field="logs").headline


def test_an_error_goes_before_a_warning() -> None:
    text = (
        "24/05/01 10:00:00 WARN DropTableCommand: org.apache.spark.sql.AnalysisException: no tbl\n"
        "org.apache.spark.sql.AnalysisException: no tbl\n"
        "  at org.apache.spark.sql.X.y(X.scala:42)\n"
        "24/05/01 10:00:01 ERROR Main: java.io.IOException: No space left on device\n"
    )

    assert root_line(text).endswith("No space left on device")


def test_a_consequence_is_not_the_cause() -> None:
    first = "24/03/11 09:49:36 ERROR Backend: Application has been killed. Reason: all masters gone"
    text = (
        f"{first}\n"
        "py4j.protocol.Py4JJavaError: An error occurred while calling None.X.\n"
        ": java.lang.IllegalStateException: Cannot call methods on a stopped SparkContext.\n"
    )

    assert root_line(text) == first


def test_of_equal_errors_the_first_is_the_cause() -> None:
    text = (
        "16/11/06 17:32:21 ERROR YarnScheduler: Lost executor 8 on n1: heartbeat timed out\n"
        "16/11/06 17:32:21 ERROR YarnScheduler: Lost executor 15 on n2: heartbeat timed out\n"
    )

    assert "Lost executor 8" in root_line(text)


def test_an_exit_code_of_a_signal_says_more_than_a_lost_executor() -> None:
    exited = (
        "16/12/16 16:10:26 INFO AppClient: Executor is now EXITED (Command exited with code 134)"
    )
    text = (
        "16/12/16 16:10:26 ERROR TaskScheduler: Lost executor 3 on n: Remote RPC client "
        "disassociated. Likely due to containers exceeding thresholds, or network issues.\n"
        f"{exited}\n"
    )

    assert root_line(text) == exited


def test_a_stack_below_a_log_line_belongs_to_it() -> None:
    report = parse_text(
        "26/01/08 17:07:22 ERROR MicroBatchExecution: Query [id = 9d11] terminated with error\n"
        "org.apache.spark.SparkException: [CONCURRENT_STREAM_LOG_UPDATE] Concurrent update to the "
        "log.\nOnly one job may run on one checkpoint. SQLSTATE: 40000\n",
        field="logs",
    )

    assert report.root is not None
    assert report.root.error_condition == "CONCURRENT_STREAM_LOG_UPDATE"
    assert report.root.sqlstate == "40000"
    assert report.causes[0].wrapper


def test_a_trace_below_a_warning_was_handled_and_counts_less_than_an_error() -> None:
    error = "2025-06-03 01:02:51,377 ERROR job - parsing failed: no such format"
    text = (
        "2025-06-03 01:00:03,412 WARNING cache - continuing without it\n"
        "Traceback (most recent call last):\n"
        '  File "/app/cache.py", line 22, in warm\n'
        "ConnectionError: Error 111 connecting to redis:6379. Connection refused.\n"
        f"2025-06-03 01:00:03,500 INFO job - reading\n{error}\n"
    )

    assert root_line(text) == error


@pytest.mark.parametrize(
    "end",
    [
        'Traceback (most recent call last):\n  File "/x", line 1, in f\nSystemExit: 1 of 2 broken',
        "java.nio.channels.ClosedChannelException\n\tat io.netty.channel.A.b(A.java:957)",
    ],
)
def test_how_a_program_ends_counts_less_than_an_error_before(end: str) -> None:
    error = "25/06/03 02:04:02 ERROR Main: dt=2025-06-01: 1000000 rows were wanted, got 0"

    assert root_line(f"{error}\n25/06/03 02:04:02 INFO Main: stopping\n{end}\n") == error


@pytest.mark.parametrize(
    ("line", "around"),
    [
        ("Fatal Python error: Segmentation fault", "INFO starting\n{}\n"),
        ("#  SIGSEGV (0xb) at pc=0x00007f8f8, pid=1234", "#\n# A fatal error in the JVM:\n{}\n#\n"),
        ("Command exited with code 137", "epoch 1\n{}\n"),
        ("./run.sh: line 3: jq: command not found", "step\n{}\nCommand exited with code 127\n"),
        ("panic: runtime error: invalid memory address", "{}\n[signal SIGSEGV: violation]\n"),
        ("##[error]Failed to request warehouse start", ("{}\n##[error]Process completed with exit "
         "code 1.\n")),
    ],
)  # fmt: skip
def test_a_crash_is_found_among_other_lines(line: str, around: str) -> None:
    assert root_line(around.format(line)) == line


def test_a_line_that_only_says_that_it_failed_gives_way() -> None:
    text = (
        "Verification failed\n"
        "AWS said: You are not authorized to perform this operation.\n"
        "Command exited with code 1\n"
    )

    assert root_line(text) == "AWS said: You are not authorized to perform this operation."


def test_the_message_of_an_error_named_at_the_end_of_a_line_is_on_the_next() -> None:
    report = parse_text(
        "java.lang.RuntimeException: org.apache.hadoop.hive.ql.metadata.HiveException: \n"
        "Error in loading storage handler.",
        field="logs",
    )

    assert report.root is not None
    assert report.root.message == "Error in loading storage handler."
    assert report.headline == "Error in loading storage handler."


def test_what_a_log_says_before_the_stack_that_says_it_again_is_quoted() -> None:
    first = (
        "24/05/01 10:00:00 ERROR Master: User class threw exception: java.lang.Foo$BarError: no x"
    )
    text = f"{first}\njava.lang.Foo$BarError: no x\n\tat com.example.Job.main(Job.java:3)\n"

    assert root_line(text) == first


def test_a_cause_that_a_job_abort_names_before_is_quoted_where_it_stands_by_itself() -> None:
    cause = "Caused by: java.lang.NumberFormatException: For input string: x"
    text = (
        "org.apache.spark.SparkException: Job aborted due to stage failure: Lost task 0.0: "
        "java.lang.NumberFormatException: For input string: x\n"
        "\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:1)\n"
        f"{cause}\n"
    )

    assert root_line(text) == cause


def test_a_stack_is_as_loud_as_the_log_line_above_it_that_tells_nothing() -> None:
    cause = "Caused by: java.io.IOException: the disk is gone"
    text = (
        "24/05/01 10:00:00 WARN DFSClient: DFS Read\n"
        "org.apache.hadoop.hdfs.BlockException: one of several replicas is away\n"
        "\tat org.apache.hadoop.hdfs.DFSInputStream.read(DFSInputStream.java:1)\n"
        "24/05/01 10:00:01 ERROR Main: the job ended\n"
        "java.lang.RuntimeException: wrapped\n"
        f"{cause}\n"
    )

    assert root_line(text) == cause


@pytest.mark.parametrize("source", ["spark_submit", "logging_mixin", "process_utils", "hive"])
def test_what_airflow_relays_is_as_loud_as_it_says_itself(source: str) -> None:
    relay = f"[2026-01-02, 03:04:05 UTC] {{{source}.py:490}} INFO - "
    report = parse_text(
        f"{relay}ModuleNotFoundError: No module named 'acme'\n"
        f"{relay}26/01/02 03:04:05 INFO SparkContext: Successfully stopped SparkContext\n"
        "[2026-01-02, 03:04:06 UTC] {taskinstance.py:1824} ERROR - Task failed with exception\n"
        "Traceback (most recent call last):\n"
        '  File "/opt/airflow/hooks/spark_submit.py", line 422, in submit\n'
        "airflow.exceptions.AirflowException: Cannot execute: spark-submit etl.py. Code: 1.",
        field="logs",
    )

    assert report.root is not None
    assert report.root.type == "ModuleNotFoundError"


@pytest.mark.parametrize(
    "end",
    [", starting empty", "; skipping it", ", using defaults", ", trying the next broker"],
)
def test_an_error_that_says_how_it_went_on_is_not_the_cause(end: str) -> None:
    why = "2024-05-01T10:00:09Z ERROR the topic of orders has no field amount"

    assert root_line(f"2024-05-01T10:00:01Z ERROR could not read the cache{end}\n{why}\n") == why


def test_what_kafka_connect_says_of_a_task_that_it_ends_gives_way_to_its_error() -> None:
    text = (
        "[2026-03-01 10:02:44,317] ERROR Graceful stop of task ORDERS-0 failed."
        " (org.apache.kafka.connect.runtime.Worker)\n"
        "[2026-03-01 10:02:51,940] ERROR WorkerSinkTask{id=orders-0} Task threw an uncaught and"
        " unrecoverable exception (org.apache.kafka.connect.runtime.WorkerTask)\n"
        "org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler\n"
        "\tat org.apache.kafka.connect.runtime.WorkerTask.doRun(WorkerTask.java:175)\n"
    )

    assert root_line(text).endswith("ConnectException: Tolerance exceeded in error handler")


def test_a_log_that_airflow_cannot_show_is_not_what_failed() -> None:
    report = parse_text(
        "[2024-08-08, 14:41:09 EDT] {file_task_handler.py:522} ERROR - Could not read served logs\n"
        "Traceback (most recent call last):\n"
        '  File "/opt/airflow/operators/bash.py", line 210, in execute\n'
        "    raise AirflowException(\n"
        "airflow.exceptions.AirflowException: Bash command failed. The command returned 1.\n",
        field="logs",
    )

    assert report.headline.startswith("airflow.exceptions.AirflowException: Bash command failed.")
