"""Nothing that a stranger can send makes the web process fail, hang or talk too much."""

import ast
import inspect
import json
import os
from collections.abc import Mapping
from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from werkzeug.test import Client as WsgiClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from jobmon.queue.mailboxes import RqJobQueue
from jobmon.store.client import Client
from tests.webhook.test_auth import basic
from tests.webhook.test_openapi import signed
from tests.webhook.test_routes import EVENT, post
from webhook import auth, signature

CASES = int(os.environ.get("JOBMON_FUZZ_CASES", "1500"))

PATHS = (
    "/webhooks/databricks",
    "/webhooks/databricks/prod",
    "/slack/commands",
    "/slack/interactions",
    "/slack/events",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
)
HEADERS = (
    "Authorization",
    "Content-Type",
    "Content-Encoding",
    "Content-Length",
    "Transfer-Encoding",
    "Accept",
    "Host",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Slack-Signature",
    "X-Slack-Request-Timestamp",
    "X-HTTP-Method-Override",
    "Cookie",
    "Range",
)
TRICKS = (
    "../../etc/passwd",
    "%2e%2e%2f%2e%2e%2f",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "';--",
    "<script>alert(1)</script>",
    "\u202e",
    "%00",
    "%s%n",
    "A" * 3000,
)

text = st.sampled_from(TRICKS) | st.text(max_size=50)
header = st.sampled_from([basic("databricks:secret"), "chunked", "-1", "gzip"]) | st.text(
    st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=50
)
paths = st.sampled_from(PATHS) | st.builds("{}/{}".format, st.sampled_from(PATHS), text)
methods = st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"])
bodies = (
    st.binary(max_size=500)
    | st.dictionaries(st.sampled_from(["text", "payload", "user_id", "ssl_check"]), text).map(
        lambda form: urlencode(form, errors="replace").encode()
    )
    | st.dictionaries(st.sampled_from([*EVENT, "task"]), text | st.integers() | st.none()).map(
        lambda body: json.dumps(body).encode()
    )
)


@given(
    method=methods,
    path=paths,
    query=st.dictionaries(text, text, max_size=3),
    headers=st.dictionaries(st.sampled_from(HEADERS), header, max_size=4),
    body=bodies,
)
@how(
    max_examples=CASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_request_makes_it_fail_or_hang(  # noqa: PLR0917
    web: FlaskClient,
    method: str,
    path: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes,
) -> None:
    builder = EnvironBuilder(method=method, input_stream=BytesIO(body), content_length=len(body))
    environ = builder.get_environ()
    # Set by hand: a server passes on whatever came, also what no client library would send.
    environ["PATH_INFO"] = path.encode(errors="replace").decode("latin-1")
    environ["QUERY_STRING"] = urlencode(query, errors="replace")
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key.startswith("CONTENT_T") else f"HTTP_{key}"] = value
    _, status, answered = run_wsgi_app(signed(web.application), environ, buffered=True)

    assert int(status.split()[0]) < 500 or path == "/readyz"
    assert answered["X-Content-Type-Options"] == "nosniff"


MIB = 1024 * 1024
not_with_the_square = pytest.mark.timeout(20)
"""Work that grows with the length of what is sent takes tenths of a second, else hours."""

LARGE = {
    "nested lists": b"[" * MIB,
    "nested objects": b'{"a":' * 200_000,
    "a huge number": b'{"event_type":"jobs.on_failure","workspace_id":' + b"9" * 900_000 + b"}",
    "a huge exponent": b'{"event_type":"jobs.on_failure","workspace_id":1e999999999}',
    "many keys": json.dumps({f"k{number}": number for number in range(60_000)}).encode(),
    "equal keys": b"{" + b'"run":1,' * 100_000 + b'"run":1}',
    "a long name": json.dumps({**EVENT, "job": {"name": "password=" * 100_000}}).encode(),
    "escapes": b'{"event_type":"' + b"\\ud800" * 150_000 + b'"}',
    "white space": b" " * MIB,
    "zeros": b"\0" * MIB,
}


@not_with_the_square
@pytest.mark.parametrize("raw", LARGE.values(), ids=list(LARGE))
def test_a_large_body_takes_no_long_time(web: FlaskClient, raw: bytes) -> None:
    answer = post(web, raw)

    assert answer.status_code < 500
    assert len(answer.data) < 1000


FORMS = {
    "quotes": {"text": "rerun " + "'\" " * 100_000},
    "backslashes": {"text": "rerun " + "\\" * 400_000},
    "words": {"text": "rerun " + "a=b " * 100_000},
    "brackets": {"payload": "[" * 400_000},
    "deep": {"payload": '{"actions":' * 30_000},
    "a long id": {"text": "ack", "user_id": "U" * 400_000, "trigger_id": "x" * 1000},
    "many": {f"k{number}": "v" for number in range(40_000)},
}


@not_with_the_square
@pytest.mark.parametrize("path", ["/slack/commands", "/slack/interactions"])
@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_a_large_form_takes_no_long_time(web: FlaskClient, path: str, form: object) -> None:
    client = WsgiClient(signed(web.application))
    answer = client.post(path, data=form)

    assert answer.status_code < 500
    assert len(answer.data) < 5000


def test_what_strangers_sent_is_never_given_back_as_a_page(web: FlaskClient) -> None:
    trick = "<script>alert(1)</script>"
    answers = [
        web.get(f"/{trick}"),
        post(web, {**EVENT, "event_type": {trick: 1}}),
        post(web, {**EVENT, "run": {"run_id": trick}}),
        post(web, path=f"/webhooks/databricks/{trick}"),
    ]

    for answer in answers:
        assert trick not in answer.text
        assert answer.mimetype == "application/json"


@pytest.mark.parametrize("path", [*PATHS, "/nothing"])
def test_no_answer_is_kept_guessed_or_framed(web: FlaskClient, path: str) -> None:
    for answer in (web.get(path), web.post(path), web.put(path)):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_names_of_events_are_redacted_before_they_are_kept(
    web: FlaskClient, client: Client
) -> None:
    token = "dapi" + "0123456789abcdef" * 2
    post(web, {**EVENT, "job": {"name": f"load {token}"}, "task": {"task_key": token}})

    kept = repr([client.lindex(key, 0) for key in client.scan_iter("jobmon:messages:*")])
    assert "load [redacted]" in kept
    assert token not in kept


def test_half_a_token_where_a_long_name_is_cut_is_not_kept(
    web: FlaskClient, client: Client
) -> None:
    name = "n " * 500 + "dapi" + "0123456789abcdef" * 2
    post(web, {**EVENT, "job": {"name": name}})

    kept = repr([client.lindex(key, 0) for key in client.scan_iter("jobmon:messages:*")])
    assert "n n n" in kept
    assert "dapi" not in kept


def test_keys_in_redis_are_made_of_ids_only(web: FlaskClient, client: Client) -> None:
    for trick in TRICKS:
        post(web, {**EVENT, "job": {"name": trick}, "task": {"task_key": trick}})

    found = {key.decode() for key in client.scan_iter("jobmon:*")}
    assert not [key for key in found for trick in TRICKS if trick in key]
    assert RqJobQueue(client).pulse().mailboxes == 1


@pytest.mark.parametrize("module", [auth, signature], ids=lambda item: item.__name__)
def test_secrets_are_compared_in_constant_time(module: object) -> None:
    """By structure: what is secret meets `compare_digest` and no operator."""
    tree = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    compared = {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In)
        for name in ast.walk(node)
        if isinstance(name, ast.Name)
    }

    assert "compare_digest" in ast.dump(tree)
    assert not compared & {"given", "expected", "signature", "secret", "password", "header"}
