"""Lines and messages that are JSON or XML: what they say inside."""

import json
from collections.abc import Iterator
from typing import NamedTuple

import re2

from rules.causes.prefixes import LEVELS, Level

MAX_JSON_LINE = 100_000
MAX_PARTS = 1_000
"""Lines of one JSON string that are read."""
_TEXT_KEYS = ("event", "message", "msg", "log", "text")
_STREAMS, _PRINTED = ("stream", "stream_name"), ("log", "data")
_LEVEL_KEYS = ("level", "severity", "levelname", "log.level")
_TRACE_KEYS = ("exception", "exc_info", "stack_trace", "stacktrace", "traceback", "stack", "error")
_FLAT_MARKS = ("\\n\\tat ", "\\nTraceback (most", '\\n  File "', '\\n  File \\"', "\\nCaused by: ")
_PAIR = re2.compile(r'^"([^"\\]{1,80})"\s*:\s*"(.*?)"?,?$')
_OPENS = re2.compile(r'^"[^"\\]{1,80}"\s*:\s*(?:[{\[]+|(?:null|true|false),?)$')
_STRING = re2.compile(r'^"(.*?)"?,?$')
_CODE = re2.compile(
    r"[\"'](?:error_?[cC]ode|error\w{0,20}|code|type|__type)[\"']\s*:\s*[\"']([A-Z][A-Za-z0-9_.]{3,80})[\"']"
)
_MESSAGE = re2.compile(
    r"\\?[\"'](?:message|error_?[mM]essage|detail|error_description|reason)\\?[\"']\s*:\s*\\?[\"'](.*)"
)
# As Azure's services and SDKs print it: `Code="…" Message="…"`, `ErrorCode=…,'Type=…,Message=…`.
_NAMED_CODE = re2.compile(
    r"\b(?:[Ee]rror ?[Cc]ode|Code)\b ?[:=] ?[\"']?([A-Z][a-z]+(?:[A-Z][a-z0-9]*)+)\b"
    r".{0,300}?\b[Mm]essage ?[:=] ?[\"']?(.*)"
)
_XML_CODE = re2.compile(r"<(?:Code|code|ErrorCode)>([\w.]{3,80})</")
_XML_MESSAGE = re2.compile(r"<(?:Message|message)>([^<]+)")

_VALUE = r'"\s*:\s*"((?:[^"\\]|\\.)*)'
_CUT_LEVEL = re2.compile(rf'"(?:{"|".join(_LEVEL_KEYS)}){_VALUE}')
_CUT_TEXT = re2.compile(rf'"(?:{"|".join(_TEXT_KEYS)}){_VALUE}')
_CUT_TRACE = re2.compile(rf'"(?:{"|".join(_TRACE_KEYS)}){_VALUE}')


class JsonEvent(NamedTuple):
    """What a log event in JSON says, line by line, and how loudly."""

    said: list[str]
    level: Level


def is_json_like(body: str) -> bool:
    """Tell whether a line may be a JSON object, pair or string, or holds a stack as one."""
    return body[0] in '{"' or _is_flat_stack(body)


def _is_flat_stack(body: str) -> bool:
    r"""Tell a stack printed as one line (`repr`, a log's field): its line ends read `\n`."""
    return "\\n" in body and any(mark in body for mark in _FLAT_MARKS)


def json_event(line: str) -> JsonEvent | None:
    """Read a log event in JSON: what it says, line by line, and how loudly."""
    if len(line) > MAX_JSON_LINE or not line.endswith("}"):
        return _cut_event(line[:MAX_JSON_LINE])
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict):
        return None
    said = next((event[key] for key in _TEXT_KEYS if isinstance(event.get(key), str)), None)
    named = next((event[key] for key in _LEVEL_KEYS if isinstance(event.get(key), str)), "")
    level = LEVELS.get(named.lower())
    if said is None or level is None:
        parts = [part for text in _long_strings(event, depth=3) for part in text.splitlines()]
        return JsonEvent(parts[:MAX_PARTS], Level.NONE) if parts else None
    parts = said.splitlines()
    for key in _TRACE_KEYS:
        if isinstance(event.get(key), str):
            parts += event[key].splitlines()
    return JsonEvent(parts[:MAX_PARTS], level)


def _cut_event(line: str) -> JsonEvent | None:
    """Read what is there of a log event whose end was cut off."""
    named, said = _CUT_LEVEL.search(line), _CUT_TEXT.search(line)
    level = LEVELS.get(named.group(1).lower()) if named is not None else None
    if level is None or said is None:
        return None
    parts = _unescape(said.group(1))
    trace = _CUT_TRACE.search(line)
    return JsonEvent(parts + (_unescape(trace.group(1)) if trace is not None else []), level)


def printed_line(line: str) -> str:
    """Return what a program printed when a container's log keeps that as JSON, else the line.

    Docker writes `{"log": "…", "stream": "stderr"}`, notebook runners write `,{"stream_name": …`.
    """
    text = line.lstrip(",[ ")
    if not text.startswith('{"') or '"stream' not in text or len(text) > MAX_JSON_LINE:
        return line
    try:
        event = json.loads(text.rstrip(",] "))
    except (ValueError, RecursionError):
        return line
    if not isinstance(event, dict) or not any(isinstance(event.get(key), str) for key in _STREAMS):
        return line
    said = next((event[key] for key in _PRINTED if isinstance(event.get(key), str)), line)
    return said.rstrip() if "\n" not in said.strip() else line


def _long_strings(value: object, *, depth: int) -> Iterator[str]:
    """Find the texts of several lines in a JSON value: traces, whatever their key is."""
    if isinstance(value, str):
        if "\n" in value.strip():
            yield value
    elif depth > 0 and isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _long_strings(inner, depth=depth - 1)


def json_pair(line: str) -> tuple[str, list[str]] | None:
    """Read `"key": "value"`, a lone string of pretty-printed JSON, or a stack in one line."""
    match = _PAIR.match(line)
    if match is not None:
        return match.group(1), _unescape(match.group(2))
    if line[-1] in "{[,lse" and _OPENS.match(line) is not None:
        return "", []
    match = _STRING.match(line)
    if match is not None:
        return "", _unescape(match.group(1))
    return ("", _unescape(line)) if _is_flat_stack(line) else None


def _unescape(value: str) -> list[str]:
    if "\\" in value:
        value = value.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')
    return value.split("\n")[:MAX_PARTS]


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
    end = value.find('"')
    return value if end < 0 else value[:end].rstrip("\\")
