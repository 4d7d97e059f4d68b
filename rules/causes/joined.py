"""Stacks whose lines something joined with blanks: a log collector, a table, a chat."""

import re2

from rules.causes.exception_names import is_exception_name

_JVM_FRAME = r"at (?:[\w$]+\.)+[\w$<>]+\([\w$. ]{3,80}(?::\d{1,7})?\)"
_GAP = r"[ \t]+"
_JOINED_JVM = re2.compile(rf"[ \t]{_JVM_FRAME}{_GAP}(?:{_JVM_FRAME}|Caused by: |\.\.\. \d)")
_PYTHON_FRAME = r'File "[^"]{1,300}", line \d{1,7}, in '
_JOINED_PYTHON = re2.compile(
    r'Traceback \(most recent call last\): +File "'
    rf"|^[ \t]*{_PYTHON_FRAME}[^\"]{{1,300}}{_GAP}{_PYTHON_FRAME}"
)
_BEGINNING = re2.compile(
    rf'{_GAP}(File "[^"]{{1,300}}", line \d{{1,7}}|Traceback \(most recent call last\):'
    r"|During handling of the above exception, another|The above exception was the direct cause"
    rf"|Caused by: [\w.$]+|{_JVM_FRAME}|\.\.\. \d{{1,5}} more\b)"
)
_FRAME = re2.compile(r'^(File "[^"]{1,300}", line \d{1,7}(?:, in \S{1,200})?) (.*)$')


def is_joined(line: str) -> bool:
    """Tell a line that holds a whole stack."""
    jvm = ") at " in line or ")\tat " in line or ") \tat " in line
    python = "last): " in line or line.count('File "') > 1
    return (jvm and _JOINED_JVM.search(line) is not None) or (
        python and _JOINED_PYTHON.search(line) is not None
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
