"""The texts of a failure, cleaned once, so that every part counts the same lines."""

import re
from dataclasses import dataclass

from jobmon.diagnosis import TaskFailure
from rules.pattern import clipped

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


@dataclass(frozen=True, slots=True)
class Text:
    """One text: `lines` as people see them, `clipped` as rules see them."""

    field: str
    lines: tuple[str, ...]
    clipped: str

    def line(self, number: int) -> str:
        """Return a line, counted from 0; empty beyond the ends."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""


def cleaned(text: str) -> str:
    """Take out ANSI codes and make every line end a newline; lines keep their places."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    return text.encode("utf-8", "replace").decode("utf-8")


def texts_of(failure: TaskFailure) -> tuple[Text, ...]:
    """Return the failure's texts that are not empty, the most telling first."""
    named = [
        ("error", failure.error),
        ("trace", failure.trace),
        ("message", failure.message),
        ("logs", failure.logs),
    ]
    if failure.termination and failure.termination.message not in {"", failure.message}:
        named.append(("termination", failure.termination.message))
    return tuple(_text(field, text) for field, text in named if text)


def _text(field: str, text: str) -> Text:
    clean = cleaned(text)
    return Text(field, tuple(clean.split("\n")), clipped(clean))
