"""Read one table of a TOML file key by key, so that all that is wrong with it is said at once."""

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin

import msgspec

MAX_SHOWN = 80
MAX_EXAMPLES = 7
SECRET = {"secret": True}
"""Marks a value that is never shown, even where it is wrong: `Meta(extra=SECRET)`."""


class Table(msgspec.Struct, forbid_unknown_fields=True):
    """A table: each key has a default, so that one can be made of what is right with it."""

    NEEDED: ClassVar[tuple[str, ...]] = ()
    """Keys that have to be there all the same."""


T = TypeVar("T", bound=Table)


class Faults:
    """What is wrong, by the place where it is: `routes[0].to`."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str]] = []

    def add(self, place: str, text: str) -> None:
        """Remember what is wrong at a place."""
        self._found.append((place, text))

    def has(self, place: str) -> bool:
        """Whether something is wrong there already."""
        return any(place == known for known, _ in self._found)

    def lines(self) -> tuple[str, ...]:
        """Each fault in words, in the order found."""
        return tuple(dict.fromkeys(f"{place}: {text}" for place, text in self._found))


def read_table(raw: object, kind: type[T], place: str, faults: Faults) -> T:
    """Make a table of all that can be read; what cannot is among the faults."""
    if not isinstance(raw, dict):
        faults.add(place, f"{_shown(raw)} is not a table: write its keys below [{place}]")
        return kind()
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key in raw:
        if key not in fields:
            faults.add(f"{place}.{key}", f"there is no such key; {nearest(key, fields)}")
    for key in kind.NEEDED:
        if key not in raw:
            faults.add(
                f"{place}.{key}", f"it is missing: write {key} = {_example(fields[key].type)}"
            )
    values = {}
    for key, field in fields.items():
        if key in raw:
            problems = list(_problems(raw[key], field.type))
            for problem in problems:
                faults.add(f"{place}.{key}", problem)
            if not problems:
                values[field.name] = msgspec.convert(raw[key], field.type)
    return kind(**values)


def nearest(name: str, known: Iterable[str]) -> str:
    """What was probably meant by a name that nobody knows; else what there is."""
    names = {item.casefold(): item for item in sorted(known)}
    near = get_close_matches(name.casefold(), names, n=1, cutoff=0.6)
    return f"did you mean {names[near[0]]}?" if near else f"use one of: {', '.join(names.values())}"


def _problems(value: object, kind: Any) -> Iterable[str]:  # noqa: ANN401 (a type, as annotated)
    items = _items(kind)
    if items is None:
        yield from _problems_of_one(value, kind)
    elif not isinstance(value, list):
        item = f'"{value}"' if isinstance(value, str) and _fits(value, items) else _example(items)
        yield f"{_shown(value)} is not a list: write [{item}]"
    elif not value and not _fits(value, kind):
        yield f"the list is empty: write [{_example(items)}]"
    else:
        for item in value:
            yield from _problems_of_one(item, items)


def _problems_of_one(value: object, kind: Any) -> Iterable[str]:  # noqa: ANN401
    if _fits(value, kind):
        return
    what, examples = _expected(kind)
    shown = "what it holds" if _is_secret(kind) else _shown(value)
    write = f"write {' or '.join(examples)}"
    if len(examples) > MAX_EXAMPLES and isinstance(value, str):
        write = nearest(value, (example.strip('"') for example in examples))
    yield f"{shown} is not {what}: {write}"


def _fits(value: object, kind: Any) -> bool:  # noqa: ANN401
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _example(kind: Any) -> str:  # noqa: ANN401
    items = _items(kind)
    return _expected(kind)[1][0] if items is None else f"[{_example(items)}]"


def _items(kind: Any) -> Any:  # noqa: ANN401
    """The type of a list's items; None where no list is meant."""
    if get_origin(kind) is Annotated:
        return _items(get_args(kind)[0])
    return get_args(kind)[0] if get_origin(kind) is tuple else None


def _is_secret(kind: Any) -> bool:  # noqa: ANN401
    return any((getattr(meta, "extra", None) or {}) == SECRET for meta in get_args(kind)[1:])


_PLAIN: dict[type, tuple[str, tuple[str, ...]]] = {
    bool: ("a switch", ("true", "false")),
    int: ("a whole number", ("it in digits, without quotes",)),
    str: ("a text", ('"…"',)),
    datetime: ("a date with a time", ("2026-12-05T22:00:00",)),
}


def _expected(kind: Any) -> tuple[str, tuple[str, ...]]:  # noqa: ANN401
    """What a value has to be, and how that is written."""
    arguments = get_args(kind)
    if get_origin(kind) is Annotated and arguments[1].description:
        return arguments[1].description, tuple(arguments[1].examples)
    if get_origin(kind) is Annotated:
        return _expected(arguments[0])
    if NoneType in arguments:
        return _expected(arguments[0])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return "one of the words", tuple(f'"{item}"' for item in kind)
    return _PLAIN[kind]


def _shown(value: object) -> str:
    match value:
        case str():
            return repr(value if len(value) <= MAX_SHOWN else f"{value[:MAX_SHOWN]}…")
        case bool():
            return str(value).lower()
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return str(value)[:MAX_SHOWN]
