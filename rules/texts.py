"""The texts of a failure, cleaned once, so that every part counts the same lines."""

import re
from dataclasses import dataclass, replace

from jobmon.diagnosis import TaskFailure
from rules.causes import clean_lines, decoded
from rules.pattern import clipped

_MEMBER = re.compile(r'"\s{0,3}:\s{0,3}"')
"""Between the name and the text of a member of a JSON object."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text: `lines` as people see them, `clipped` as rules see them."""

    field: str
    lines: tuple[str, ...]
    clipped: str

    def line(self, number: int) -> str:
        """Return a line, counted from 0; empty beyond the ends."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""


def with_termination(failure: TaskFailure) -> TaskFailure:
    """Let what Databricks says of the end of the run count as a text, unless one says it."""
    said = failure.termination.message if failure.termination else ""
    known = (failure.message, failure.error, failure.trace, failure.logs)
    if not said or any(said in text for text in known):
        return failure
    return replace(failure, message=f"{failure.message}\n{said}" if failure.message else said)


def texts_of(failure: TaskFailure) -> tuple[Text, ...]:
    """Return the failure's texts that are not empty, the most telling first."""
    named = (
        ("error", failure.error),
        ("trace", failure.trace),
        ("message", failure.message),
        ("logs", failure.logs),
    )
    return tuple(_text(field, text) for field, text in named if text)


def _text(field: str, text: str) -> Text:
    lines = clean_lines(text)
    return Text(field, lines, clipped(as_meant(line.rstrip()) for line in lines))


def as_meant(line: str) -> str:
    """Read a line as what it stands for; in JSON a backslash is printed as two."""
    read = decoded(line)
    return read.replace("\\\\", "\\") if "\\\\" in read and _MEMBER.search(read) else read
