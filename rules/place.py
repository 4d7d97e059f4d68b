"""Where something was found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a text, counted from 0, and what a condition captured there."""

    field: str
    line: int
    captures: tuple[tuple[str, str], ...] = ()
