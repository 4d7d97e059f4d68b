"""Lines and messages that are JSON or XML: what they say inside."""

import re
from collections.abc import Iterator
from itertools import islice

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
    r"[\"'](?:(?:error_?[cC]ode|error\w{0,20}|code|type|__type)\\?[\"']\s*:|[cC]ode[\"']\s*=>)\s*"
    r"\\?[\"']([A-Z][A-Za-z0-9_.]{3,80})\\?[\"']"
)
# Gateways and clients print an error condition under a name of their own.
_CONDITION = re2.compile(
    r"[\"'](?i:\w*(?:err|exception|fault)\w*"
    r"|(?:status|result|response|fail|failure|sub|inner|grpc)?_?(?:code|type|reason|status))"
    r"\\?[\"']\s*(?::|=>)\s*\\?[\"']([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)\\?[\"']"
)
_CAPITALS = re2.compile(r"[\"'][A-Z][A-Z0-9]+_[A-Z0-9_]+\\?[\"']")
_NO_CONDITIONS = ("_PROGRESS", "_SUCCESS", "_SUCCEEDED", "_COMPLETED", "_RUNNING", "_PENDING")
_TEXT = re2.compile(r"[\"'](\w{1,40})\\?[\"']\s*(?::|=>)\s*\\?([\"'])")
"""What stands before a text inside a body: its name, and how it is quoted."""
_SAYING = frozenset(
    [
        *("message", "errormessage", "error_message", "msg", "errmsg", "error_msg"),
        *("detail", "reason", "error_description"),
    ]
)
_SENTENCE = 2
"""Blanks of a text that says something, whatever its name is."""
_MAX_TEXTS = 40
# Quotes within a text read as those around it, once their escapes are read: the last are followed.
_ENDS = {quote: re2.compile(rf"^(.*?)\\?{quote}\s*(?:[,}}\])]|$)") for quote in "\"'"}
# As Azure's services and SDKs print it: `Code="…" Message="…"`, `ErrorCode=…,'Type=…,Message=…`.
_NAMED_CODE = re2.compile(
    r"\b(?:[Ee]rror ?[Cc]ode|Code)\b ?[:=] ?[\"']?([A-Z][a-z]+(?:[A-Z][a-z0-9]*)+)\b"
    r".{0,300}?\b[Mm]essage ?[:=] ?[\"']?(.*)"
)
_XML_CODE = re2.compile(
    r"<(?:(?:Code|code|ErrorCode)>([\w.]{3,80})"
    r"|(?:\w+:)?(?i:(?:error|err|fault|exception|status)_?(?:code|type)|status|reason|type)>"
    r"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+|[A-Z][a-z]+(?:[A-Z][a-z0-9]*)+))</"
)
_XML_MESSAGE = re2.compile(
    r"<(?:\w+:)?(?i:(?:error|err)?_?(?:message|msg|description|string)|details?|reason|faultstring)>"
    r"([^<]+)"
)
_XML_SENTENCE = re2.compile(r">([^<>\s]+(?: [^<>\s]+){2}[^<]*)</")


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
    if ('"' in text or "'" in text) and (body := _json_body(text)) is not None:
        yield body
        return
    if "ode" in text and "essage" in text:
        named = _NAMED_CODE.search(text)
        if named is not None:
            yield named.group(1), _until_quote(named.group(2))
            return
    if "</" in text:
        code = _XML_CODE.search(text)
        if code is not None:
            message = _XML_MESSAGE.search(text) or _XML_SENTENCE.search(text)
            yield code.group(1) or code.group(2), message.group(1) if message else ""


def _json_body(text: str) -> tuple[str, str] | None:
    match = _CODE.search(text)
    if match is None and _CAPITALS.search(text) is not None:
        match = _CONDITION.search(text)
    if match is None or match.group(1).endswith(_NO_CONDITIONS):
        return None
    code = match.group(1)
    said = _said(text, code)
    return None if said is None else (code, said)


def _said(text: str, code: str) -> str | None:
    """Choose the text of a body that says what is wrong: by its name, else a sentence."""
    texts = [
        (match.group(1).lower() in _SAYING, _ended(text[match.end() :], match.group(2)))
        for match in islice(_TEXT.finditer(text), _MAX_TEXTS)
    ]
    by_name = [said for named, said in texts if named and said != code]
    sentences = [said for _, said in texts if said.count(" ") >= _SENTENCE]
    return next((said for said in by_name if " " in said), next(iter(sentences + by_name), None))


def _ended(value: str, quote: str) -> str:
    """Cut what stands behind a text."""
    end = _ENDS[quote].search(value)
    return _until_quote(value) if end is None else end.group(1).replace("\\\\", "\\")


def _until_quote(value: str) -> str:
    said = value.partition('"')
    return (said[0].rstrip("\\") if said[1] else value).replace("\\\\", "\\")
