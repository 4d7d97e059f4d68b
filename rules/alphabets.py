r"""Names in other alphabets: RE2's `\w` knows ASCII only."""

import re

_LETTERS = r"\p{Latin}\p{Greek}\p{Cyrillic}"
"""Alphabets that write words apart: in others a name would go on with the sentence."""

_TOKEN = re.compile(r"\\.|\[\^?\]?|\(\?P?<|.", re.DOTALL)
"""An escape, the head of a class (a `]` right there is a member), of a named group, or a sign."""


def named_in_any(pattern: str) -> str:
    r"""Let `\w` within the named groups of a valid RE2 pattern stand for other letters, too."""
    groups: list[bool] = []
    """Whether each group that is open, the outermost first, is a named one."""
    in_class = False

    def written(token: "re.Match[str]") -> str:
        nonlocal in_class
        one = token[0]
        if one == r"\w" and any(groups):
            return rf"\w{_LETTERS}" if in_class else rf"[\w{_LETTERS}]"
        if one.startswith("\\"):
            return one
        if in_class:
            in_class = not one.endswith("]")
        elif one.startswith("["):
            in_class = True
        elif one.startswith("("):
            groups.append(one != "(")
        elif one == ")":
            groups.pop()
        return one

    return _TOKEN.sub(written, pattern)
