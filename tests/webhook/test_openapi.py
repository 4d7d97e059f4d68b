"""The description of our routes is served, complete, and kept: schemathesis tries to break it."""

import hashlib
import hmac
import io
import json
import os
import tomllib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from hypothesis.strategies import SearchStrategy
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.webhook.test_auth import basic
from webhook.openapi import description as served_description

CASES = int(os.environ.get("JOBMON_FUZZ_CASES", "150"))
"""For each operation; CI stays below a minute, thousands are for a quiet evening."""

ROOT = Path(__file__).parents[2]
DESCRIPTION: dict[str, Any] = json.loads(served_description())

Environ = dict[str, Any]
App = Callable[[Environ, Any], Iterable[bytes]]


def signed(app: App) -> App:
    """Signs every request to Slack's routes as Slack would, whatever the body is."""

    def wrapped(environ: Environ, start: Any) -> Iterable[bytes]:
        if str(environ["PATH_INFO"]).startswith("/slack/"):
            raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(raw)
            stamp = str(int(datetime.now(UTC).timestamp()))
            base = b"v0:" + stamp.encode() + b":" + raw
            mac = hmac.new(b"signing-secret", base, hashlib.sha256).hexdigest()
            environ["HTTP_X_SLACK_REQUEST_TIMESTAMP"] = stamp
            environ["HTTP_X_SLACK_SIGNATURE"] = f"v0={mac}"
        return app(environ, start)

    return wrapped


def cases(operation: Any) -> SearchStrategy[Any]:
    """As described, and against the description."""
    fitting: SearchStrategy[Any] = operation.as_strategy()
    if operation.method != "post":
        return fitting
    breaking: SearchStrategy[Any] = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return fitting | breaking


def operations() -> list[Any]:
    schema: Any = schemathesis.openapi.from_dict(DESCRIPTION)
    return [operation.ok() for operation in schema.get_all_operations()]


@pytest.mark.parametrize("operation", operations(), ids=lambda item: f"{item.method} {item.path}")
def test_whatever_is_sent_the_answer_is_a_described_one(operation: Any, web: FlaskClient) -> None:
    app = signed(web.application)

    @how(
        max_examples=CASES,
        database=None,
        derandomize="JOBMON_FUZZ_CASES" not in os.environ,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def try_it(case: Any) -> None:
        case.headers["Authorization"] = basic("databricks:secret")
        response = case.call(app=app)
        assert response.status_code < 500 or operation.path == "/readyz"
        case.validate_response(
            response,
            checks=[
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
                response_headers_conformance,
            ],
        )

    given(case=cases(operation))(try_it)()


def test_the_description_is_served_with_the_version_of_the_package(web: FlaskClient) -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    served = web.get("/openapi.json").get_json()

    assert served["openapi"] == "3.1.0"
    assert served["info"]["version"] == package["version"]


def test_every_route_is_described_and_no_other(web: FlaskClient) -> None:
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), method)
        for rule in web.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    paths = DESCRIPTION["paths"]
    described = {(path, method.upper()) for path, item in paths.items() for method in item}

    assert described == routes


def test_what_readiness_tells_is_described(web: FlaskClient) -> None:
    schemas = DESCRIPTION["components"]["schemas"]

    assert set(web.get("/readyz").get_json()) <= set(schemas["Readiness"]["properties"])
