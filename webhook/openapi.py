"""`GET /openapi.json`: what this process answers to, in OpenAPI 3.1."""

from functools import cache
from importlib.resources import files

from flask import Blueprint, Response

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description that comes with the package."""
    return Response(description(), mimetype="application/json")


@cache
def description() -> bytes:
    """The description, as JSON."""
    return files("webhook").joinpath("openapi.json").read_bytes()
