"""Looking into Block Kit JSON."""

from collections.abc import Iterator, Mapping
from typing import Any


def walk(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every JSON object inside, at any depth."""
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from walk(inner)


def of_type(value: Any, *kinds: str) -> list[Mapping[str, Any]]:
    """The objects of these types."""
    return [item for item in walk(value) if item.get("type") in kinds]


def shown_text(value: Any) -> str:
    """All text, as one string."""
    parts = [item["text"] for item in walk(value) if isinstance(item.get("text"), str)]
    return " ".join(parts)


def action_ids(value: Any) -> list[str]:
    """The buttons and menus, in order."""
    return [item["action_id"] for item in walk(value) if "action_id" in item]
