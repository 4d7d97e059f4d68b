"""Causes while they are being read: mutable, and grouped by the failure they belong to."""

from dataclasses import dataclass, field
from enum import Enum, auto

import re2

from jobmon.diagnosis import Cause, CauseKind, Frame
from rules.causes.prefixes import Level

MAX_MESSAGE_LINES = 30
MAX_MESSAGE = 4_000
MAX_FRAMES = 40
_CLASS_ALONE = re2.compile(r"\s*\((?:\w+\.)+\w+\)\s*")
"""As Spark Connect writes the JVM's class before a message."""


def _is_class(line: str) -> bool:
    return line.lstrip().startswith("(") and _CLASS_ALONE.fullmatch(line) is not None


class Link(Enum):
    """How an error hangs together with what was read before it."""

    NEW = auto()
    DEEPER = auto()
    SUPPRESSED = auto()
    ECHO = auto()
    DIRECT_CAUSE = auto()
    HANDLING = auto()


@dataclass(slots=True, kw_only=True)
class Draft:
    """One error as it is being read."""

    kind: CauseKind
    type: str
    line: int
    level: Level = Level.NONE
    message: list[str] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    """The line number of each part of the message."""
    end_line: int = 0
    quoted: int = -1
    """The line to quote, once decided."""
    error_condition: str = ""
    sqlstate: str = ""
    frames: list[Frame] = field(default_factory=list)
    wrapper: str = ""
    inline: bool = False
    """Named inside another error's message."""
    suppressed: bool = False
    announced: bool = False
    """It stands below a heading that says that the message comes."""
    echo: bool = False
    """The JVM's side of the Python error above it."""
    again: bool = False
    """A log printed it with its message before, and now with its stack."""
    unfinished: bool = False
    """The text names its type but ends before its message."""

    def add_message(self, part: str, line: int) -> None:
        """Take a line of the message, within bounds."""
        self.end_line = max(self.end_line, line)
        if len(self.message) < MAX_MESSAGE_LINES:
            self.message.append(part[:MAX_MESSAGE])
            self.at.append(line)

    @property
    def text(self) -> str:
        """The whole message."""
        return "\n".join(self.message)[:MAX_MESSAGE]

    @property
    def first_line(self) -> str:
        """The line of the message that says what it is about: not a class that stands alone."""
        said = (line for line in self.message[:2] if not _is_class(line))
        return next(said, "")

    @property
    def short_type(self) -> str:
        """The type without its package."""
        return self.type[self.type.rfind(".") + 1 :]

    def cause(self, lines: tuple[str, ...], *, field: str) -> Cause:
        """Finish it as a value."""
        quoted = self.line if self.quoted < 0 else self.quoted
        return Cause(
            kind=self.kind,
            type=self.type,
            message=self.text,
            line=self.line,
            end_line=max(self.line, self.end_line, quoted),
            text=lines[quoted],
            field=field,
            error_condition=self.error_condition,
            sqlstate=self.sqlstate,
            frames=tuple(self.frames),
            wrapper=self.wrapper,
        )


@dataclass(slots=True)
class Chain:
    """The causes of one failure, in sections that Python's chaining sentences link."""

    sections: list[tuple[Link, list[Draft]]] = field(default_factory=list)

    def begin(self, link: Link) -> None:
        """Begin a section: the first one, or one that is linked to those before it."""
        self.sections.append((link, []))

    def add(self, draft: Draft) -> None:
        """Take the next deeper cause of the section."""
        self.sections[-1][1].append(draft)
