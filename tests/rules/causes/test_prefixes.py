"""What stands before each line: it is seen through, and still quoted."""

import pytest

from rules.causes import parse_text


def root_line(text: str) -> str:
    return parse_text(text, field="logs").headline


@pytest.mark.parametrize(
    "prefix",
    [
        "26/01/08 17:07:22 ERROR TaskSetManager: ",
        "2025-11-17T18:30:41.298721Z ERROR runtime::init: ",
        "2024-02-01 10:00:01,123 - etl - ERROR - ",
        "ERROR:root:",
        "distributed.client - ERROR - ",
        "ERROR [2017-09-06T02:48:45.917Z] org.apache.spark.Scheduler: ",
        "[2024-05-03, 10:00:03 UTC] {subprocess.py:93} INFO - ",
        "[2024-05-03, 06:00:03 EDT] {taskinstance.py:2480} ERROR - ",
        "[2024-05-03, 07:00:03 -03] {taskinstance.py:2480} ERROR - ",
        "2020-07-20T17:41:10.8141432Z ##[error]",
        "10:02:15.204 [error] [MainThread]: ",
        "[rank11]: ",
        "Step #3: ERROR: ",
        'Step #3 - "test": ',
        "E0101 00:00:00.000000 1234 file.cc:12] ",
        "(EngineCore pid=92) ERROR 07-11 15:03:48 [core.py:1229] ",
        "> ",
        " * ",
        "# ",
        "#",
        "# MAGIC ",
        "-- ",
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
    "May  1 10:00:00 ip-10-0-0-1 dockerd[812]: ",
    "2024-05-01T10:00:00.123456+00:00 driver python[3121]: ",
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


@pytest.mark.parametrize("label", ["6: ", "worker-1: ", "10.0.4.7: "])
def test_a_stack_is_read_behind_the_task_or_host_that_srun_and_pdsh_print(label: str) -> None:
    trace = (
        "Traceback (most recent call last):",
        '  File "/app/fit.py", line 9, in <module>',
        "    main()",
        '  File "/app/fit.py", line 5, in main',
        "    import acme",
        "ModuleNotFoundError: No module named 'acme'",
    )

    report = parse_text("\n".join(label + line for line in trace), field="logs")

    assert report.root is not None
    assert report.root.type == "ModuleNotFoundError"
    assert report.headline == f"{label}ModuleNotFoundError: No module named 'acme'"
    assert report.user_frame is not None
    assert (report.user_frame.function, report.user_frame.code) == ("main", "import acme")


def test_the_source_line_that_raises_is_not_the_error_where_the_journal_marks_its_lines() -> None:
    before = "Okt 03 01:36:06 gate7 loader[975]: **** "
    report = parse_text(
        f'{before}File "/opt/lib/dist-packages/acme/login.py", line 240, in wait\n'
        f'{before}raise LoginException("Login timeout.")\n'
        f"{before}LoginException: Login timeout.\n",
        field="logs",
    )

    assert report.headline == f"{before}LoginException: Login timeout."


@pytest.mark.parametrize(
    ("before", "after"),
    [("<message>", "</message>"), ('<Error code="7">', "</Error>"), ("<soap:Detail>", "")],
)
def test_an_element_around_a_line_is_seen_through(before: str, after: str) -> None:
    text = f"{before}java.lang.AbstractMethodError: x.y{after}"
    root = parse_text(text, field="logs").root

    assert root is not None
    assert root.type == "java.lang.AbstractMethodError"
    assert root.message == "x.y"


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


@pytest.mark.parametrize("mark", ["<br />", "<br>", "*** "])
def test_marks_of_pages_and_debuggers_are_seen_through(mark: str) -> None:
    text = f"{mark}running\n{mark}ValueError: no rows for 2024-05-01\n{mark}done\n"

    assert root_line(text) == f"{mark}ValueError: no rows for 2024-05-01"


def test_a_name_in_brackets_is_no_colour_that_lost_its_escape() -> None:
    report = parse_text("[31mERROR: no model [my-e5-small] is loaded[0m", field="logs")

    assert report.root is not None
    assert report.root.message == "no model [my-e5-small] is loaded"
