"""Statuses of HTTP answers are read in the shapes that clients, servers and tools give them."""

import pytest

from rules.engine import classify
from rules.http_status import statuses_said, statuses_stated
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure, a_rule, when

STATED = {
    "requests": (
        "HTTPError: 404 Client Error: Not Found for url: https://api.example/v1/a?b=c",
        {"status": "404", "url": "https://api.example/v1/a?b=c"},
    ),
    "requests, with the answer": (
        "400 Client Error: Bad Request for url: https://api.example/a. Response: no field 'b'",
        {"status": "400", "url": "https://api.example/a", "said": "no field 'b'"},
    ),
    "the Singer SDK": (
        "FatalAPIError: 400 Client Error: Bad Request for path: /v1/orders",
        {"status": "400", "url": "/v1/orders"},
    ),
    "httpx": (
        "Server error '502 Bad Gateway' for url 'https://api.example/a'",
        {"status": "502", "url": "https://api.example/a"},
    ),
    "urllib": ("urllib.error.HTTPError: HTTP Error 403: Forbidden", {"status": "403"}),
    "java": (
        "Server returned HTTP response code: 409 for URL: https://api.example/a",
        {"status": "409", "url": "https://api.example/a"},
    ),
    ".NET": ("Response status code does not indicate success: 404 (Not Found).", {"status": "404"}),
    "aiohttp": ("503, message='Service Unavailable', url='…'", {"status": "503"}),
    "a field": ('{"status_code": 429, "detail": "slow"}', {"status": "429"}),
    "a reason in brackets": ("Upload refused (413) Payload Too Large", {"status": "413"}),
    "google": (
        "500 POST https://bigquery.example/v2/jobs: try again",
        {"status": "500", "url": "https://bigquery.example/v2/jobs"},
    ),
    "urllib3": (
        (
            "Max retries exceeded with url: /a/b (Caused by ResponseError('too many 503 error "
            "responses'))"
        ),
        {"status": "503", "path": "/a/b"},
    ),
    "curl": ("curl: (22) The requested URL returned error: 404", {"status": "404"}),
}


@pytest.mark.parametrize(("line", "told"), STATED.values(), ids=list(STATED))
def test_a_status_is_read_with_what_is_told_beside_it(line: str, told: dict[str, str]) -> None:
    status, hit = next(statuses_stated(f"before\n{line}\nafter"))

    assert status == told["status"]
    assert hit.line == 1
    assert told.items() <= dict(hit.captures).items()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("row 404 of 500 was read", id="rows"),
        pytest.param("took 503 ms", id="milliseconds"),
        pytest.param("status: 200 OK", id="success"),
        pytest.param("HTTP Error 4040", id="longer number"),
        pytest.param("exit status 1, 429 tasks left", id="tasks"),
    ],
)
def test_a_number_is_no_status(line: str) -> None:
    assert list(statuses_stated(line)) == []
    assert list(statuses_said(line)) == []


@pytest.mark.parametrize(
    "message", ["HTTP/1.1 503", "Error code: 401 - {'error': …}", "the server answered with 502"]
)
def test_what_logs_say_of_every_call_counts_in_an_error_only(message: str) -> None:
    assert list(statuses_stated(message)) == []
    assert [status for status, _ in statuses_said(message)]


def test_a_rule_may_ask_for_a_status_whoever_says_it() -> None:
    rule = a_rule(
        "EXT900",
        when("http_status", one_of=["502", "503"]),
        summary=("HTTP $status at `$url`.", "HTTP $status."),
    )
    rules = RuleSet([rule])

    in_a_line = classify(a_failure("Server error '503 Down' for url 'https://a.example'"), rules)
    in_a_cause = classify(a_failure("RuntimeError: upstream responded with 502"), rules)
    other = classify(a_failure("urllib.error.HTTPError: HTTP Error 404: Not Found"), rules)

    assert in_a_line.finding is not None
    assert in_a_line.finding.summary == "HTTP 503 at `https://a.example`."
    assert in_a_cause.finding is not None
    assert in_a_cause.finding.summary == "HTTP 502."
    assert other.finding is None or other.finding.rule != rule.code
