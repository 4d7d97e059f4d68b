"""JSON answers, all of one shape."""

from collections.abc import Mapping

import msgspec
from flask import Response


def answer(status_code: int, **fields: object) -> Response:
    """Build a JSON object as a response."""
    return _json(status_code, fields)


def problem(
    status_code: int,
    message: str,
    *,
    field: str | None = None,
    challenge: str | None = None,
    retry_after: int | None = None,
) -> Response:
    """Build an error that says what is wrong, and with which field."""
    body: dict[str, object] = {"error": message}
    if field:
        body["field"] = field
    response = _json(status_code, body)
    if challenge:
        response.headers["WWW-Authenticate"] = challenge
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _json(status_code: int, body: Mapping[str, object]) -> Response:
    return Response(msgspec.json.encode(body), status=status_code, mimetype="application/json")
