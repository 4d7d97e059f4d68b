"""Log events in JSON, one a line: what they say, how loudly, and what they were caused by."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import re2

from rules.causes.bodies import error_bodies
from rules.causes.clean_text import clean, clean_lines, decoded
from rules.causes.exception_names import split_header
from rules.causes.json_lines import MAX_PARTS, unescaped
from rules.causes.prefixes import LEVELS, MAX_LINE, Level

MAX_JSON_LINE = 100_000
_OVERLAP = 40
"""Characters by which the rest of a long line is found."""
MAX_PREFIX = 120
_TEXT_KEYS = ("event", "message", "msg", "log", "text")
_STREAMS, _PRINTED = ("stream", "stream_name"), ("log", "data")
_LEVEL_KEYS = ("level", "severity", "levelname", "log.level")
_TRACE_KEYS = ("exception", "exc_info", "stack_trace", "stacktrace", "traceback", "stack", "error")
# An exception as an object: Spark's own log layout has `class` and `msg`, structlog `exc_type`.
_CLASS_KEYS = ("class", "exc_type", "type", "exception_class", "name")
_SAID_KEYS = ("msg", "message", "exc_value", "exception_message", "value")
_STACK_KEYS = ("stack_trace", "stacktrace", "traceback", "stack")
_CAUSED_BY = "Caused by: "
_VALUE = r'"\s*:\s*"((?:[^"\\]|\\.)*)'
_CUT_LEVEL = re2.compile(rf'"(?:{"|".join(_LEVEL_KEYS)}){_VALUE}')
_CUT_TEXT = re2.compile(rf'"(?:{"|".join(_TEXT_KEYS)}){_VALUE}')
_CUT_TRACE = re2.compile(rf'"(?:{"|".join(_TRACE_KEYS)}){_VALUE}')


class JsonEvent(NamedTuple):
    """What a log event in JSON says, line by line, and how loudly."""

    said: tuple[str, ...]
    level: Level

    @classmethod
    def of(cls, parts: Iterable[str], level: Level) -> "JsonEvent":
        """Make one of what JSON's strings hold: escapes write colours and half characters, too."""
        said = clean_lines("\n".join(parts))
        return cls(said[:MAX_PARTS], level)


def holds_event(line: str) -> bool:
    """Tell whether a line may end with a JSON object, behind a prefix that nobody knows."""
    return line[-1:] == "}" and '{"' in line[:MAX_PREFIX]


def json_event(line: str) -> JsonEvent | None:
    """Read a log event in JSON: what it says, line by line, and how loudly."""
    if len(line) > MAX_JSON_LINE or not line.endswith("}"):
        return _cut_event(line[:MAX_JSON_LINE])
    event = _object(line)
    if event is None:
        return None
    event = _told_inside(event)
    said = _first(event, _TEXT_KEYS)
    level = LEVELS.get(_first(event, _LEVEL_KEYS).lower())
    if not said or level is None:
        parts = [part for text in _long_strings(event, depth=3) for part in text.splitlines()]
        return JsonEvent.of(parts, Level.NONE) if parts else None
    parts = said.splitlines()
    for key in _TRACE_KEYS:
        if key in event:
            parts += _trace(event[key])
    return JsonEvent.of(parts, level)


def printed_line(line: str) -> str:
    """Return what a program printed when a container's log keeps that as JSON, else the line.

    Docker writes `{"log": "…", "stream": "stderr"}`, notebook runners write `,{"stream_name": …`.
    """
    text = line.lstrip(",[ ")
    if not text.startswith('{"') or '"stream' not in text or len(text) > MAX_JSON_LINE:
        return line
    event = _object(text.rstrip(",] "))
    if event is None or not any(isinstance(event.get(key), str) for key in _STREAMS):
        return line
    said = clean(next((event[key] for key in _PRINTED if isinstance(event.get(key), str)), line))
    return said.rstrip() if "\n" not in said.strip() else line


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _told_inside(event: dict[str, Any]) -> dict[str, Any]:
    """Return what tells the event: dbt writes `{"data": {…}, "info": {"level": …, "msg": …}}`."""
    told = event.get("info")
    if not isinstance(told, dict) or not _first(told, _TEXT_KEYS) or not _first(told, _LEVEL_KEYS):
        return event
    data = event.get("data")
    if not isinstance(data, dict):
        return told
    return {key: data[key] for key in _TRACE_KEYS if key in data} | told


def _cut_event(line: str) -> JsonEvent | None:
    """Read what is there of a log event whose end was cut off."""
    named, said = _CUT_LEVEL.search(line), _CUT_TEXT.search(line)
    level = LEVELS.get(named.group(1).lower()) if named is not None else None
    if level is None or said is None:
        return None
    parts = unescaped(said.group(1))
    trace = _CUT_TRACE.search(line)
    return JsonEvent.of(parts + (unescaped(trace.group(1)) if trace is not None else []), level)


def _trace(value: object) -> list[str]:
    """Write an event's exception as it is printed elsewhere, whether text, object or list."""
    if isinstance(value, str):
        is_sentence = "\n" not in value and split_header(value) is None
        return [f"{_CAUSED_BY}{value}"] if is_sentence and value else value.splitlines()
    causes = value if isinstance(value, list) else [value]
    lines: list[str] = []
    for cause in causes[:MAX_PARTS]:
        if isinstance(cause, str):
            lines += cause.splitlines()
        elif isinstance(cause, dict) and (header := _header(cause)):
            stack = next((cause[key] for key in _STACK_KEYS if cause.get(key)), None)
            is_below = lines or split_header(header) is None
            lines += [f"{_CAUSED_BY}{header}" if is_below else header, *_frames(stack)]
    return lines


def _header(exception: dict[str, object]) -> str:
    named, said = _first(exception, _CLASS_KEYS), _first(exception, _SAID_KEYS)
    return f"{named}: {said}" if named and said else named or said


def _frames(stack: object) -> list[str]:
    """Write a JVM's frames as it prints them."""
    frames = stack[:MAX_PARTS] if isinstance(stack, list) else []
    return [
        f"\tat {frame['class']}.{frame['method']}({frame.get('file')}:{frame.get('line')})"
        for frame in frames
        if isinstance(frame, dict) and frame.get("class") and frame.get("method")
    ]


def sentence_alone(line: str) -> str:
    """Return what a JSON object says whose only text of several words it is, whatever its name."""
    event = _object(line) if line[-1:] == "}" and len(line) <= MAX_JSON_LINE else None
    said = [text for text in _strings(event, depth=3) if " " in text.strip()]
    return said[0] if len(said) == 1 and next(error_bodies(line), None) is None else ""


def _first(event: dict[str, object], keys: tuple[str, ...]) -> str:
    return next((value for key in keys if isinstance(value := event.get(key), str)), "")


def _long_strings(value: object, *, depth: int) -> Iterator[str]:
    """Find the texts of several lines in a JSON value: traces, whatever their key is."""
    return (text for text in _strings(value, depth=depth) if "\n" in text.strip())


def _strings(value: object, *, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth > 0 and isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner, depth=depth - 1)


def whole_body(body: str, line: str) -> str:
    """Add to what a long line says the rest of it, which is not read where it is no JSON."""
    if len(line) <= MAX_LINE:
        return body
    text, end = decoded(line[:MAX_JSON_LINE]), body[-_OVERLAP:]
    at = text.find(end, len(body) - len(end))
    return body if at < 0 else body + text[at + len(end) :].rstrip()
