"""Lines and messages that are JSON or XML: what they say inside."""

import re
from collections.abc import Iterator

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
# The pairs with `=>` are Ruby's.
_CODE = re2.compile(
    r"[\"'](?:(?:error_?[cC]ode|error\w{0,20}|code|type|__type)[\"']\s*:|[cC]ode[\"']\s*=>)\s*"
    r"[\"']([A-Z][A-Za-z0-9_.]{3,80})[\"']"
)
_MESSAGE = re2.compile(
    r"\\?[\"'](?:(?:message|error_?[mM]essage|detail|error_description|reason)\\?[\"']\s*:"
    r"|[mM]essage\\?[\"']\s*=>)\s*\\?[\"'](.*)"
)
# As Azure's services and SDKs print it: `Code="…" Message="…"`, `ErrorCode=…,'Type=…,Message=…`.
_NAMED_CODE = re2.compile(
    r"\b(?:[Ee]rror ?[Cc]ode|Code)\b ?[:=] ?[\"']?([A-Z][a-z]+(?:[A-Z][a-z0-9]*)+)\b"
    r".{0,300}?\b[Mm]essage ?[:=] ?[\"']?(.*)"
)
_XML_CODE = re2.compile(r"<(?:Code|code|ErrorCode)>([\w.]{3,80})</")
_XML_MESSAGE = re2.compile(r"<(?:Message|message)>([^<]+)")


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


def error_bodies(text: str) -> Iterator[tuple[str, str]]:
    """Find an error body inside a text, JSON, XML or pairs: its code and its message."""
    if '"' in text or "'" in text:
        code = _CODE.search(text)
        message = _MESSAGE.search(text)
        if code is not None and message is not None:
            yield code.group(1), _until_quote(message.group(1))
            return
    if "ode" in text and "essage" in text:
        named = _NAMED_CODE.search(text)
        if named is not None:
            yield named.group(1), _until_quote(named.group(2))
            return
    if "</" in text:
        code = _XML_CODE.search(text)
        if code is not None:
            message = _XML_MESSAGE.search(text)
            yield code.group(1), message.group(1) if message else ""


def _until_quote(value: str) -> str:
    said = value.partition('"')
    return (said[0].rstrip("\\") if said[1] else value).replace("\\\\", "\\")
