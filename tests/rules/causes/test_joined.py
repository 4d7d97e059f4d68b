"""Stacks whose line ends were lost on the way: they say what they said before."""

import re

import pytest

from rules.causes.joined import is_joined
from rules.causes.report import parse
from tests.rules.builders import a_failure

PYTHON = """\
Traceback (most recent call last):
  File "/databricks/python/lib/python3.11/site-packages/urllib3/connection.py", line 362, in connect
    self.sock = ssl_wrap_socket(
  File "/usr/lib/python3.11/ssl.py", line 1309, in do_handshake
    self._sslobj.do_handshake()
ConnectionResetError: [Errno 104] Connection reset by peer

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/Workspace/Shared/load.py", line 12, in <module>
    fetch("orders")
  File "/Workspace/Shared/load.py", line 4, in fetch
    raise FetchFailed(f"no answer for {name}") from None
acme.errors.FetchFailedError: no answer for orders
"""
JVM = """\
org.apache.spark.SparkException: Job aborted due to stage failure: Task 3 in stage 1.0 failed
\tat org.apache.spark.scheduler.DAGScheduler.abortStage(DAGScheduler.scala:2785)
\tat java.base/java.lang.Thread.run(Thread.java:840)
Caused by: com.acme.LedgerException: period 2026-10 is closed
\tat com.acme.Ledger.book(Ledger.java:41)
\t... 12 more
"""


def joined(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()


@pytest.mark.parametrize("text", [PYTHON, JVM], ids=["python", "jvm"])
def test_a_joined_stack_names_the_same_causes(text: str) -> None:
    whole, flat = parse(a_failure(text)), parse(a_failure(joined(text)))

    assert [(cause.type, cause.message) for cause in flat.causes] == [
        (cause.type, cause.message) for cause in whole.causes
    ]
    assert flat.user_frame is not None
    assert flat.user_frame == whole.user_frame


def test_what_follows_a_frame_is_its_code_until_an_error_is_named() -> None:
    report = parse(a_failure(joined(PYTHON)))

    (last,) = (cause for cause in report.causes if cause.type == "acme.errors.FetchFailedError")
    assert last.frames[-1].code == 'raise FetchFailed(f"no answer for {name}") from None'


def test_frames_alone_are_a_stack_whose_heading_was_lost_with_the_line_ends() -> None:
    report = parse(
        a_failure(
            'File "/jobs/tides.py", line 14, in <module> frame = context.as_frame(tides) '
            'File "/opt/spark/py4j/protocol.py", line 326, in get_return_value '
            "py4j.protocol.Py4JJavaError: An error occurred while calling o63.asFrame. "
            ": java.lang.ArrayIndexOutOfBoundsException: 65535 "
            "\tat water.DKV.get(DKV.java:202) \tat water.DKV.get(DKV.java:175)"
        )
    )

    assert report.root is not None
    assert report.root.type == "java.lang.ArrayIndexOutOfBoundsException"
    assert [frame.function for frame in report.root.frames] == ["water.DKV.get", "water.DKV.get"]


@pytest.mark.parametrize(
    "line",
    [
        "ValueError: it happened at com.acme.Ledger.book(Ledger.java:41) at noon",
        "The log says Traceback (most recent call last): and then nothing",
    ],
)
def test_a_sentence_that_names_one_frame_is_no_stack(line: str) -> None:
    assert not is_joined(line)
