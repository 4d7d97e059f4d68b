"""Error bodies inside a text, JSON, XML or pairs: a code, and the message that goes with it."""

from collections.abc import Iterator
from itertools import islice

import re2

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
