"""Read raw JSON answers tolerantly: a field that is missing or of another type is empty."""

from collections.abc import Mapping
from datetime import UTC, datetime

Json = Mapping[str, object]

EMPTY: Json = {}


def mapping(body: Json, key: str) -> Json:
    """The object under a key, or an empty one."""
    value = body.get(key)
    return value if isinstance(value, Mapping) else EMPTY


def mappings(body: Json, key: str) -> tuple[Json, ...]:
    """The objects of the list under a key."""
    value = body.get(key)
    if not isinstance(value, list):
        return ()
    return tuple(item for item in value if isinstance(item, Mapping))


def text(body: Json, key: str) -> str:
    """The string under a key; numbers are written out."""
    value = body.get(key)
    if isinstance(value, str):
        return whole_characters(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def whole_characters(value: str) -> str:
    """The text without halves of characters: JSON may hold them, UTF-8 may not."""
    return value if value.isascii() else value.encode(errors="replace").decode()


def integer(body: Json, key: str) -> int | None:
    """The number under a key; digit strings count, since Databricks sends either."""
    value = body.get(key)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value)
    return None


def moment(body: Json, key: str) -> datetime | None:
    """The epoch milliseconds under a key as a time; 0 means "not yet"."""
    millis = integer(body, key)
    return datetime.fromtimestamp(millis / 1000, tz=UTC) if millis else None


def pairs(body: Json, key: str) -> tuple[tuple[str, str], ...]:
    """The object of strings under a key, as sorted pairs."""
    items = mapping(body, key).items()
    return tuple(
        sorted((whole_characters(name), whole_characters(str(value))) for name, value in items)
    )
