"""Lines that are JSON, or that hold several lines as JSON would: what they say."""

import re

import re2

from rules.causes.joined import is_joined, parted

MAX_PARTS = 1_000
"""Lines of one JSON string, or of one event, that are read."""
_FLAT_BREAKS = 4
"""Line ends that read `\\n`: a line with so many of them was several."""
_FLAT_MARKS = ("\\n\\tat ", "\\nTraceback (most", '\\n  File "', '\\n  File \\"', "\\nCaused by: ")
_BROKEN_AT_ONCE = re2.compile(r"""^[\w.]+: u?['"]\\n""")
"""A message that Python shows with `repr`, and that begins with a line's end, as Spark 2's do."""
_PAIR = re2.compile(r'^"([^"\\]{1,80})"\s*:\s*"(.*?)"?,?$')
_OPENS = re2.compile(r'^"[^"\\]{1,80}"\s*:\s*(?:[{\[]+|(?:null|true|false),?)$')
_STRING = re2.compile(r'^"(.*?)"?,?$')
_ESCAPE = re.compile(r"\\([nt\"'\\])")
_CHARACTERS = {"n": "\n", "t": "\t"}


def is_json_like(body: str) -> bool:
    """Tell whether a line may be a JSON object, pair or string, or holds a stack as one."""
    return body[0] in '{"' or _is_flat(body) or is_joined(body)


def _is_flat(body: str) -> bool:
    r"""Tell lines printed as one (`repr`, a log's field): their ends read `\n`."""
    return "\\n" in body and (
        body.count("\\n") >= _FLAT_BREAKS
        or any(mark in body for mark in _FLAT_MARKS)
        or _BROKEN_AT_ONCE.match(body) is not None
    )


def json_pair(line: str) -> tuple[str, list[str]] | None:
    """Read `"key": "value"`, a lone string of pretty-printed JSON, or a stack in one line."""
    match = _PAIR.match(line)
    if match is not None:
        return match.group(1), unescaped(match.group(2))
    if line[-1] in "{[,lse" and _OPENS.match(line) is not None:
        return "", []
    match = _STRING.match(line)
    if match is not None:
        return "", unescaped(match.group(1))
    if _is_flat(line):
        return "", unescaped(line)
    return ("", parted(line)[:MAX_PARTS]) if is_joined(line) else None


def unescaped(value: str) -> list[str]:
    """Read a JSON string's escapes, line by line; those of a stack that were escaped twice, too."""
    if "\\" in value:
        value = _ESCAPE.sub(_character, value)
        if _is_flat(value):
            value = _ESCAPE.sub(_character, value)
    return value.split("\n")[:MAX_PARTS]


def _character(escape: "re.Match[str]") -> str:
    return _CHARACTERS.get(escape[1], escape[1])
