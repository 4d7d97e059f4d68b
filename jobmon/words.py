"""Split what people type into words, as a shell does, with the quotation marks of phones. Pure."""

import re

_DOUBLE = '"“”„'
_SINGLE = "'‘’‚"
_PIECE = re.compile(
    rf"""
    (?P<space>\s+)
    | (?P<plain>(?: \\[{_DOUBLE}{_SINGLE}\s] | [^{_DOUBLE}{_SINGLE}\s] )+)
    | "(?P<straight>(?: \\" | \\(?!") | [^"\\] )*)"
    | [{_DOUBLE}](?P<double>(?: \\[{_DOUBLE}] | \\(?![{_DOUBLE}]) | [^{_DOUBLE}\\] )*)[{_DOUBLE}]
    | '(?P<one>[^']*)'
    | [{_SINGLE}](?P<single>[^{_SINGLE}]*)[{_SINGLE}]
    """,
    re.VERBOSE,
)
_KEPT = re.compile(rf"\\([{_DOUBLE}{_SINGLE}\s])")
_TAKES_NO_BACKSLASH = frozenset({"one", "single"})


def words_of(text: str) -> list[str] | None:
    """The words of a text, or None where a quotation mark has no partner.

    Typographic marks pair like straight ones. What stands between two marks is left as it is, but
    for a backslash in front of a mark or a space that belongs to the word.
    """
    words: list[str] = []
    begun, at = False, 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            return None
        at, kind = piece.end(), piece.lastgroup or ""
        if kind == "space":
            begun = False
            continue
        said = piece[kind] if kind in _TAKES_NO_BACKSLASH else _KEPT.sub(r"\1", piece[kind])
        if begun:
            words[-1] += said
        else:
            words.append(said)
        begun = True
    return words
