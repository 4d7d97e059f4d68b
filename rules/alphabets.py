r"""Names in other alphabets: RE2's `\w` knows ASCII only."""

_LETTERS = r"\p{Latin}\p{Greek}\p{Cyrillic}"
"""Alphabets that write words apart: in others a name would go on with the sentence."""


def named_in_any(pattern: str) -> str:
    r"""Let `\w` within the named groups of a valid RE2 pattern stand for other letters, too."""
    written: list[str] = []
    named: list[bool] = []
    in_class = False
    at = 0
    while at < len(pattern):
        one = pattern[at]
        if one == "\\":
            escaped = pattern[at : at + 2]
            if escaped == r"\w" and any(named):
                escaped = rf"\w{_LETTERS}" if in_class else rf"[\w{_LETTERS}]"
            written.append(escaped)
            at += 2
            continue
        if in_class:
            in_class = one != "]"
        elif one == "[":
            in_class = True
            head = "[^" if pattern[at + 1 : at + 2] == "^" else "["
            head += "]" if pattern[at + len(head) : at + len(head) + 1] == "]" else ""
            written.append(head)
            at += len(head)
            continue
        elif one == "(":
            named.append(pattern.startswith(("(?P<", "(?<"), at))
        elif one == ")":
            named.pop()
        written.append(one)
        at += 1
    return "".join(written)
