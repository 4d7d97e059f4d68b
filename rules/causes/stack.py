"""The Python stack that is being read: its frames, and the error that it was announced with."""

from dataclasses import replace

import re2

from jobmon.diagnosis import CauseKind, Frame
from rules.causes import python_frames
from rules.causes.draft import MAX_FRAMES, Draft
from rules.causes.error_conditions import raised_error_condition
from rules.causes.exception_names import split_header
from rules.causes.prefixes import Level

MAX_CODE = 200
# Where the head of a stack was cut off, a line of source still shows by its number and indent.
_RAISES = re2.compile(r"^ {3,}raise \w")
# `except (KeyError, OSError) as error:` is source wherever it stands: nothing was raised there.
_HANDLES = re2.compile(r"^\s*except\b[\w\s.,*()]*:\s*(?:#.*)?$")


class Stack:
    """Frames that are waiting for the error they belong to."""

    def __init__(self) -> None:
        self.inside = False
        """Whether a traceback has begun whose error is still to come."""
        self.announced: Draft | None = None
        """The error that a notebook names above the stack."""
        self._frames: list[Frame] = []
        self._source = ""
        """What the lines of source begin with, once Python's own layout was seen."""
        self._level = Level.NONE
        self.logged = (-1, Level.NONE)
        """The line that was logged last without telling anything, and how loudly."""

    def begin(self, number: int, line: str) -> None:
        """Begin with the line that says so; where it stands tells where source stands."""
        self.inside = True
        self._level = self._above(number)
        margin = line[: len(line) - len(line.lstrip())]
        self._source = f"{margin}    " if line.startswith(f"{margin}Traceback (") else ""

    def take_source(self, line: str) -> bool:
        """Take a line of source by its indentation alone: it can be nothing else."""
        if not self._source or not line.startswith(self._source):
            return False
        body = line.strip()
        if body.startswith('File "') and python_frames.python_frame(body) is not None:
            # No source begins like that: the head alone lost its margin, with the text's own.
            self._source = f"{line[: -len(line.lstrip())]}  "
            return False
        self._take_code(body)
        return True

    def loudness(self, number: int, level: Level, kind: CauseKind) -> Level:
        """Say how loud an error is: a logged stack is as loud as its log line.

        An uncaught one of Python may follow any line, but what a warning speaks of was handled.
        """
        above, self._level = self._level, Level.NONE
        if kind is CauseKind.JAVA:
            return min(level, self._above(number))
        return above if level is Level.NONE and above is Level.WARN else level

    def _above(self, number: int) -> Level:
        return self.logged[1] if self.logged[0] == number - 1 else Level.ERROR

    def claim(self) -> list[Frame]:
        """Hand over the frames to the error they belong to."""
        claimed, self._frames = self._frames, []
        return claimed

    def take(self, number: int, body: str) -> bool:
        """Take a line that names a frame or quotes its source."""
        return self._take_quoted(number, body) or self._take_frame(body)

    def _take_quoted(self, number: int, body: str) -> bool:
        """Take a line of source as IPython quotes it: `---> 10 df.collect()`."""
        code = python_frames.numbered_code(body)
        source = body if code is None else code.source
        if "except" in source and _HANDLES.match(source) is not None:
            return True
        if code is None or not (code.arrow or self.inside or _RAISES.match(code.source)):
            return False
        if code.arrow and self._frames:
            last = self._frames[-1]
            line = code.number if last.line is None else last.line
            self._frames[-1] = replace(last, line=line, code=code.source.strip()[:MAX_CODE])
        error_condition = raised_error_condition(code.source)
        if error_condition and self.announced is not None:
            self.announced.error_condition, self.announced.quoted = error_condition, number
            self.announced.add_message(code.source.strip(), number)
        return True

    def _take_frame(self, body: str) -> bool:
        frame = python_frames.python_frame(body)
        if frame is None:
            self._take_code(body)
            return False
        self.inside = True
        self._frames.append(frame)
        if len(self._frames) > MAX_FRAMES:
            # The ends tell: where it began, and where it failed.
            del self._frames[MAX_FRAMES // 2]
        return True

    def _take_code(self, body: str) -> None:
        """Note the line below a frame as its source, unless the error begins there."""
        if not self.inside or not self._frames or self._frames[-1].code:
            return
        if split_header(body, in_traceback=True) is None and "Traceback (" not in body:
            self._frames[-1] = replace(self._frames[-1], code=body[:MAX_CODE])
