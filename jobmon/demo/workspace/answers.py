"""What a call carries and what it is answered with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]
"""JSON as Databricks sends it."""


class ApiError(Exception):
    """An answer that is an error, as the REST API words it."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, code, message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def invalid(message: str) -> ApiError:
    """A request that the API refuses."""
    return ApiError(400, "INVALID_PARAMETER_VALUE", message)


def missing(message: str) -> ApiError:
    """A thing that does not exist."""
    return ApiError(404, "RESOURCE_DOES_NOT_EXIST", message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call: the parameters of its query and body as one."""

    method: str
    path: str
    parameters: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""
    """What a route that ends in `*` left of the path."""

    def number(self, name: str) -> int:
        """A required number."""
        value = self.parameters.get(name)
        try:
            return int(str(value))
        except ValueError:
            msg = f"Missing required field: {name}" if value is None else f"Invalid {name}: {value}"
            raise invalid(msg) from None

    def text(self, name: str, default: str = "") -> str:
        """An optional text."""
        return str(self.parameters.get(name, default))

    def flag(self, name: str) -> bool:
        """An optional flag, which the SDK writes as `true` in a query."""
        return str(self.parameters.get(name, "")).lower() == "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that is not a plain JSON object with status 200."""

    data: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
