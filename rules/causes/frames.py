"""Frames of any stack: where in it an error was raised, and which are in the task's own file."""

from collections.abc import Sequence

import re2

from jobmon.diagnosis import Frame

MAX_DIGITS = 7
"""Digits of a line's number."""
_NATIVE = re2.compile(r"^frame #\d+: ")
_ON_BEHALF = ("__getattr__", "__getattribute__", "java.", "jdk.", "scala.", "kotlin.")


def runs(source: str, file: str) -> bool:
    """Tell whether a frame's file is the one that the task runs, wherever it was copied to."""
    name = source[source.rfind("/") + 1 :]
    return "." in name.strip(".") and file.endswith(f"/{name}")


def is_native_frame(line: str) -> bool:
    """Tell a frame of compiled code as PyTorch lists them below its message."""
    return line.startswith("frame #") and _NATIVE.match(line) is not None


def raising_frame(stack: Sequence[Frame], *, jvm: bool) -> Frame | None:
    """Find where in the stack an error was raised; None without frames.

    Python's stacks have the innermost frame last, a JVM's first. An object that is asked for an
    attribute raises for the one who asked, and a language's own library for the one who called.
    """
    inwards = stack if jvm else reversed(stack)
    asking = (frame for frame in inwards if not frame.function.startswith(_ON_BEHALF))
    return next(asking, None)
