"""Logs: one event a line, with a constant dotted name and fields, in text or JSON."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

MAX_VALUE = 500
MAX_TRACE = 20_000
MAX_FRAMES = 30
_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)

_PLAIN = re.compile(r"[\w.:/@+-]*")

Event = MutableMapping[str, Any]


def configure_logging(log_format: str = "text", *, level: int = logging.INFO) -> None:
    """Send structlog's events, and warnings of libraries, to stderr.

    Values are cut and lose their control characters: what comes from outside cannot forge a line.
    """
    renderer: structlog.types.Processor = line
    if log_format == "json":
        renderer = structlog.processors.JSONRenderer()
    elif sys.stderr.isatty():
        renderer = structlog.dev.ConsoleRenderer(pad_event_to=24)
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(
                show_locals=False,  # they hold what was being worked on, secrets too
                max_frames=MAX_FRAMES,
            )
        )
        if log_format == "json"
        else structlog.processors.format_exc_info,
        harmless,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def line(_logger: object, _method: str, event: Event) -> str:
    """One event as a line for people who read files: time, level, name, fields by their names.

    A value with anything but letters, digits and a few marks is quoted, so that it cannot pass
    for another field.
    """
    moment, level, name = event.pop("timestamp"), event.pop("level"), event.pop("event")
    trace = event.pop("exception", "")
    fields = " ".join(f"{key}={_shown(event[key])}" for key in sorted(event))
    text = f"{moment} [{level:<9}] {name:<24} {fields}".rstrip()
    return f"{text}\n{trace}" if trace else text


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if _PLAIN.fullmatch(text) else repr(text)


def harmless(_logger: object, _method: str, event: Event) -> Event:
    """Cut long values and replace control characters, so that a value stays a value.

    What an exception says may quote anything: it is redacted, and its lines are indented, so
    that none of them looks like a line of the log.
    """
    for name, value in event.items():
        if name == "exception":
            event[name] = _harmless_trace(value)
        elif isinstance(value, str) and not (value.isprintable() and len(value) <= MAX_VALUE):
            event[name] = _CONTROLS.sub("�", value[:MAX_VALUE])
    return event


def _harmless_trace(value: object) -> object:
    if isinstance(value, dict):
        return {key: _harmless_trace(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_harmless_trace(item) for item in value]
    if not isinstance(value, str):
        return value
    from jobmon.redact_cut import redacted_tail  # noqa: PLC0415 (only when something went wrong)

    lines = redacted_tail(value, MAX_TRACE).splitlines()
    return "\n".join(f"    {_CONTROLS.sub('�', line)}" if line else "" for line in lines)
