"""Errors that Terraform draws a box around: a heading, where it was, and what is wrong."""

import re2

_SIDES = frozenset("\u2502\u2503")
_HEADING = re2.compile(r"^Error: [A-Z][a-z]+(?: [a-z]+){1,7}$")
_PLACE = re2.compile(r"^(?:on \S+ line \d|with \S+,?$|\d+: |[\x{251C}\x{2502}\x{2514}])")


class Box:
    """The box that a text is in, as its lines are read one by one."""

    def __init__(self) -> None:
        self._is_headed = False

    def tells(self, line: str, body: str) -> bool:
        """Tell a line below a heading of general words that says what is wrong, not where."""
        self._is_headed = self._is_headed and _is_inside(line)
        return self._is_headed and _PLACE.match(body) is None

    def begin(self, line: str, body: str) -> None:
        """Note whether a line that tells something is such a heading."""
        self._is_headed = _is_inside(line) and _HEADING.match(body) is not None


def _is_inside(line: str) -> bool:
    return line.lstrip()[:1] in _SIDES
