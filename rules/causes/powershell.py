"""How PowerShell prints an error: its place, `Line |`, the source and tildes, then what it says."""

import re2

_PLACE = re2.compile(r"\.psm?1:\d+$")
_SOURCE = re2.compile(r"^(?:Line \||\d+ \||[|~\s]+$)")


def is_place(text: str) -> bool:
    """Tell a message that only says where in a script an error arose."""
    return _PLACE.search(text) is not None


def is_drawn_source(body: str) -> bool:
    """Tell a line between the place and what is wrong."""
    return _SOURCE.match(body) is not None
