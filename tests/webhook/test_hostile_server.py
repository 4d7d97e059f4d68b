"""Oversized and malformed requests meet gunicorn as `jobmon up` starts it."""

import http.client
import json
import time
from contextlib import closing
from pathlib import Path

import pytest

from jobmon.cli.up import programs
from jobmon.settings import Settings
from tests.webhook.raw_http import ask, ask_all, lives
from tests.webhook.test_auth import basic
from webhook.app import MAX_BODY

ROOT = Path(__file__).parents[2]
GOOD = basic("databricks:secret").encode()


def refused(line: bytes) -> bool:
    return line == b"" or line.split(b" ")[1].startswith(b"4")


OVERSIZED = {
    "request line": b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "query": b"GET /healthz?" + b"a=1&" * 2_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n",
    "many headers": b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"X-A: 1\r\n" * 200 + b"\r\n",
}

MALFORMED = {
    "no http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "two lengths": b"POST /slack/events HTTP/1.1\r\nHost: x\r\n"
    b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "length and chunks": b"POST /slack/events HTTP/1.1\r\nHost: x\r\n"
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "negative length": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "folded header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\n\r\n",
    "space before colon": b"GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n",
    "null in header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: \x00\r\n\r\n",
}


@pytest.mark.parametrize("raw", OVERSIZED.values(), ids=list(OVERSIZED))
def test_what_is_too_large_is_refused(port: int, raw: bytes) -> None:
    assert refused(ask(port, raw))
    assert lives(port)


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=list(MALFORMED))
def test_what_is_no_clean_http_is_refused(port: int, raw: bytes) -> None:
    assert refused(ask(port, raw))
    assert lives(port)


SAID = {
    "no HTTP": (b"hello\r\n\r\n", b"400"),
    "request line": (OVERSIZED["request line"], b"414"),
    "many headers": (OVERSIZED["many headers"], b"431"),
    "unknown coding": (
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: x, chunked\r\n\r\n",
        b"501",
    ),
    "expectation": (b"GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", b"417"),
}


@pytest.mark.parametrize(("raw", "status"), SAID.values(), ids=list(SAID))
def test_what_the_application_never_sees_is_refused_in_json_too(
    port: int, raw: bytes, status: bytes
) -> None:
    head, _, body = ask_all(port, raw).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 " + status)
    assert b"Content-Type: application/json" in head
    assert set(json.loads(body)) == {"error"}


@pytest.mark.parametrize(
    "path", [b"/webhooks/databricks", b"/slack/commands", b"/slack/interactions", b"/slack/events"]
)
def test_a_large_body_without_credentials_is_answered_before_it_is_read(
    port: int, path: bytes
) -> None:
    head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n\r\n"

    assert b" 401 " in ask(port, head)


def test_a_large_body_that_was_signed_long_ago_is_answered_before_it_is_read(port: int) -> None:
    head = (
        b"POST /slack/commands HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n"
        b"X-Slack-Request-Timestamp: 1531420618\r\nX-Slack-Signature: v0=a2114d57\r\n\r\n"
    )

    assert b" 401 " in ask(port, head)


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
@pytest.mark.parametrize(("sender", "status"), [(GOOD, 413), (b"Basic eA==", 401)], ids=str)
def test_who_sends_far_too_much_reads_why_it_is_refused(
    port: int, sender: bytes, status: int, connection: str
) -> None:
    headers = {"Authorization": sender.decode(), "Connection": connection}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as client:
        client.request("POST", "/webhooks/databricks", body=b" " * 8 * MAX_BODY, headers=headers)

        assert client.getresponse().status == status


@pytest.mark.parametrize(("size", "status"), [(MAX_BODY, b" 200 "), (MAX_BODY + 1, b" 413 ")])
def test_a_body_in_chunks_may_be_as_large_as_one_with_a_length(
    port: int, size: int, status: bytes
) -> None:
    head = (
        b"POST /webhooks/databricks HTTP/1.1\r\nHost: x\r\nAuthorization: " + GOOD + b"\r\n"
        b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    body = b"%x\r\n" % size + b" " * size + b"\r\n0\r\n\r\n"

    assert status in ask(port, head + body)


def test_a_body_in_endless_chunks_is_cut_off(port: int) -> None:
    head = (
        b"POST /webhooks/databricks HTTP/1.1\r\nHost: x\r\nAuthorization: " + GOOD + b"\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"

    assert refused(ask(port, head + chunk * 40))


CHUNKS = {
    "size": b"zz\r\n\r\n",
    "no size": b"\r\n\r\n",
    "second size": b"1\r\na\r\nzz\r\n\r\n",
    "terminator": b"1\r\nabc\r\n",
    "extension": b'1;"\r\na\r\n0\r\n\r\n',
    "trailer": b"1\r\na\r\n0\r\nX A: 1\r\n\r\n",
    "endless trailer": b"1\r\na\r\n0\r\n" + b"X-A: 1\r\n" * 100 + b"\r\n",
    "cut off": b"5\r\na",
    "nothing": b"",
}
READ_A_BODY = (
    "/webhooks/databricks",
    "/webhooks/databricks/prod",
    "/slack/commands",
    "/slack/interactions",
    "/slack/events",
)


@pytest.mark.parametrize("chunks", CHUNKS.values(), ids=list(CHUNKS))
@pytest.mark.parametrize("path", READ_A_BODY)
def test_malformed_chunks_are_refused_once_in_json_and_leave_no_trace(
    port: int, log_file: Path, path: str, chunks: bytes
) -> None:
    may_be_slack = f"X-Slack-Request-Timestamp: {time.time():.0f}\r\nX-Slack-Signature: v0=0\r\n"
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{may_be_slack}".encode() + (
        b"Authorization: " + GOOD + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    )

    answer = ask_all(port, head + chunks)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert set(json.loads(answer.partition(b"\r\n\r\n")[2])) == {"error", "field"}
    assert b"Traceback" not in log_file.read_bytes()


UNREAD = {
    "without credentials": b"POST /webhooks/databricks HTTP/1.1",
    "no body wanted": b"GET /healthz HTTP/1.1",
    "no such address": b"POST /nothing HTTP/1.1",
}


@pytest.mark.parametrize("line", UNREAD.values(), ids=list(UNREAD))
def test_malformed_chunks_that_nobody_reads_change_nothing(
    port: int, log_file: Path, line: bytes
) -> None:
    head = line + b"\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

    answer = ask_all(port, head + CHUNKS["size"])

    assert answer.startswith(b"HTTP/1.1 ")
    assert answer.split(b" ")[1] in {b"200", b"401", b"404"}
    assert answer.count(b"HTTP/1.1") == 1
    assert b"Traceback" not in log_file.read_bytes()


def test_the_procfile_and_jobmon_up_serve_the_same_way() -> None:
    web = next(program for program in programs(Settings()) if program.name == "web")
    line = (ROOT / "Procfile").read_text(encoding="utf-8")

    assert "-c python:webhook.server" in " ".join(web.command)
    assert 'web: gunicorn -c python:webhook.server --bind 0.0.0.0:$PORT "webhook' in line
