"""Stacks whose lines something joined with blanks: a log collector, a table, a chat."""

import re2

from rules.causes.exception_names import is_exception_name

_JVM_FRAME = r"at (?:[\w$]+\.)+[\w$<>]+\([\w$. ]{3,80}(?::\d{1,7})?\)"
_JOINED_JVM = re2.compile(rf" {_JVM_FRAME} +(?:{_JVM_FRAME}|Caused by: |\.\.\. \d)")
_JOINED_PYTHON = re2.compile(r'Traceback \(most recent call last\): +File "')
_BEGINNING = re2.compile(
    r' +(File "[^"]{1,300}", line \d{1,7}|Traceback \(most recent call last\):'
    r"|During handling of the above exception, another|The above exception was the direct cause"
    rf"|Caused by: [\w.$]+|{_JVM_FRAME}|\.\.\. \d{{1,5}} more\b)"
)
_FRAME = re2.compile(r'^(File "[^"]{1,300}", line \d{1,7}(?:, in \S{1,200})?) (.*)$')


def is_joined(line: str) -> bool:
    """Tell a line that holds a whole stack."""
    return (") at " in line and _JOINED_JVM.search(line) is not None) or (
        "last): " in line and _JOINED_PYTHON.search(line) is not None
    )


def parted(line: str) -> list[str]:
    """Return the lines that the stack had."""
    lines = []
    for part in _BEGINNING.sub(r"\n\1", line).split("\n"):
        frame = _FRAME.match(part)
        lines += [frame.group(1), *_code_and_error(frame.group(2))] if frame else [part]
    return lines


def _code_and_error(words: str) -> list[str]:
    """Part a frame's line of code from the error that ends the traceback, if it is there."""
    at = 0
    for word in words.split(" "):
        if word.endswith(":") and is_exception_name(word[:-1]):
            return [part for part in (words[:at].strip(), words[at:]) if part]
        at += len(word) + 1
    return [words.strip()]
