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
    assert report.root.condition == "CONCURRENT_STREAM_LOG_UPDATE"
    assert report.root.sqlstate == "40000"
    assert report.causes[0].wrapper


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


@pytest.mark.parametrize(
    "prefix",
    [
        "26/01/08 17:07:22 ERROR TaskSetManager: ",
        "2025-11-17T18:30:41.298721Z ERROR runtime::init: ",
        "2024-02-01 10:00:01,123 - etl - ERROR - ",
        "ERROR:root:",
        "ERROR [2017-09-06T02:48:45.917Z] org.apache.spark.Scheduler: ",
        "[2024-05-03, 10:00:03 UTC] {subprocess.py:93} INFO - ",
        "2020-07-20T17:41:10.8141432Z ##[error]",
        "10:02:15.204 [error] [MainThread]: ",
        "[rank11]: ",
        "E0101 00:00:00.000000 1234 file.cc:12] ",
        "> ",
        " * ",
        "# ",
        "#",
        "# MAGIC ",
        "│ ",
        "[Stage 0:>    (0 + 2) / 2]16/03/29 17:16:07 ERROR Executor: ",
        (
            "[Stage 7:>   (0 + 11) / 50][Stage[Stage 10:==>   (1 + 2) / 50][Stage      "
            "16/03/29 17:16:07 ERROR Executor: "
        ),
        'Exception in thread "main" ',
    ],
)
def test_a_prefix_is_seen_through_and_still_quoted(prefix: str) -> None:
    line = f"{prefix}java.net.ConnectException: Connection refused"

    report = parse_text(line, field="logs")

    assert report.root is not None
    assert report.root.type == "java.net.ConnectException"
    assert report.root.message == "Connection refused"
    assert report.root.text == line


PREFIXES = (
    "    ",
    "> ",
    "# ",
    " * ",
    "│ ",
    "2024-05-01T10:00:00.123Z ",
    "2024-05-01T10:00:00.123456789Z stderr F ",
    "2024-05-01 10:00:00,123 - etl - ERROR - ",
    "[2024-05-03, 10:00:03 UTC] {subprocess.py:93} INFO - ",
    "24/05/01 10:00:00 ERROR PythonDriverLocal: ",
    "[stderr] ",
    "worker_1  | ",
)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_trace_is_read_the_same_whatever_stands_before_each_line(prefix: str) -> None:
    trace = (
        "Traceback (most recent call last):",
        '  File "/app/load.py", line 9, in <module>',
        "    df.save()",
        "py4j.protocol.Py4JJavaError: An error occurred while calling o1.save.",
        ": org.apache.spark.SparkException: Job aborted.",
        "\tat org.apache.spark.sql.X.write(X.scala:279)",
        "",
        "Caused by: org.apache.hadoop.security.AccessControlException: ",
        "Permission denied: user=etl, access=WRITE",
        "\tat org.apache.hadoop.Y.check(Y.java:1)",
    )
    text = "\n".join(prefix + line for line in trace)

    report = parse_text(text, field="logs")

    assert report.root is not None
    assert report.root.type == "org.apache.hadoop.security.AccessControlException"
    assert report.root.message == "Permission denied: user=etl, access=WRITE"
    assert report.headline == f"{prefix}Permission denied: user=etl, access=WRITE"
    assert report.user_frame is not None
    assert report.user_frame.file == "/app/load.py"


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


def test_a_test_runners_marks_are_seen_through() -> None:
    text = (
        "tests/test_x.py:127: in test_build\n"
        "    pdf = pairs.toPandas()\n"
        "E   pyspark.errors.exceptions.captured.PythonException: \n"
        "E     An exception was thrown from the Python worker. See the stack trace below.\n"
        "E   Traceback (most recent call last):\n"
        'E     File "/x/udf.py", line 5, in f\n'
        "E   ModuleNotFoundError: No module named 'faiss'\n"
    )

    assert root_line(text) == "E   ModuleNotFoundError: No module named 'faiss'"


def test_the_message_of_an_error_named_at_the_end_of_a_line_is_on_the_next() -> None:
    report = parse_text(
        "java.lang.RuntimeException: org.apache.hadoop.hive.ql.metadata.HiveException: \n"
        "Error in loading storage handler.",
        field="logs",
    )

    assert report.root is not None
    assert report.root.message == "Error in loading storage handler."
    assert report.headline == "Error in loading storage handler."


def test_what_a_container_printed_is_read_out_of_its_json_lines() -> None:
    text = (
        '{"log":"Traceback (most recent call last):\\n","stream":"stderr","time":"2024-05-01"}\n'
        '{"log":"  File \\"/app/load.py\\", line 3, in <module>\\n","stream":"stderr"}\n'
        '{"log":"    load(day)\\n","stream":"stderr","time":"2024-05-01"}\n'
        '{"log":"KeyError: \'amount\'\\n","stream":"stderr","time":"2024-05-01"}\n'
        '{"log":"uploading the log\\n","stream":"stdout","time":"2024-05-01"}\n'
    )

    assert root_line(text) == text.splitlines()[3]


@pytest.mark.parametrize("picture", ["❌", "🚨 ", "⚠️ ", "📋 "])
def test_pictures_before_a_message_are_seen_through(picture: str) -> None:
    text = f"starting\n{picture}ModuleNotFoundError: No module named 'acme'\ndone\n"

    assert root_line(text) == f"{picture}ModuleNotFoundError: No module named 'acme'"


def test_the_line_below_a_heading_is_the_error() -> None:
    text = (
        "Attempting to write with on_error='ABORT' to STAGE_ERRORS\n"
        "An unexpected error occurred: 001008 (22023): SQL compilation error:\n"
        "invalid value [?] for parameter 'ON_ERROR'\n"
    )

    assert root_line(text) == "invalid value [?] for parameter 'ON_ERROR'"


def test_the_line_below_a_failed_dbt_operation_is_the_error() -> None:
    text = (
        "18:38:30  Running with dbt=1.8\n"
        "18:38:31  Encountered an error while running operation: Database Error\n"
        "  UNION types text and numeric cannot be matched\n"
    )

    assert root_line(text) == "  UNION types text and numeric cannot be matched"


def test_a_condition_of_r_is_told_below_its_heading() -> None:
    text = "Error in if (nrow(days) > 0) { : \n  argument is of length zero\nExecution halted\n"

    assert root_line(text) == "  argument is of length zero"


def test_an_error_of_r_is_told_below_its_heading() -> None:
    text = "Error in eval(predvars, data, env) : \n  object 'orders' not found\nExecution halted\n"

    assert root_line(text) == "  object 'orders' not found"


@pytest.mark.parametrize("mark", ["<br />", "<br>", "*** "])
def test_marks_of_pages_and_debuggers_are_seen_through(mark: str) -> None:
    text = f"{mark}running\n{mark}ValueError: no rows for 2024-05-01\n{mark}done\n"

    assert root_line(text) == f"{mark}ValueError: no rows for 2024-05-01"


def test_a_failed_dbt_test_is_told_by_its_result() -> None:
    text = (
        "4 of 5 FAIL 1 unique_orders ................ [FAIL 1 in 0.09s]\n"
        "[ERROR]: in test unique_orders (models/schema.yml)\n"
        "  Got 1 result, configured to fail if != 0\n"
        "Done. PASS=4 WARN=0 ERROR=1 SKIP=0 TOTAL=5\n"
    )

    assert root_line(text) == "  Got 1 result, configured to fail if != 0"
