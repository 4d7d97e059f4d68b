"""Frames of Python's and of notebooks' stacks, and the source that they quote."""

from typing import NamedTuple

import re2

from jobmon.diagnosis import Frame
from rules.causes.frames import MAX_DIGITS

_FILE = re2.compile(r"^File [\"']?([^\"'\n]{1,400}?)[\"']?, line (\d+)(?:, in (.{1,200}))?")
_FILE_COLON = re2.compile(
    r"^File ((?:[A-Za-z]:\\[^:\n]{1,400}|[^\s:]{1,400})):(\d+)(?:, in (.{1,200}))?"
)
_CELL = re2.compile(
    r"^(?:File )?(<(?:command|ipython-input)-[^>]{1,80}>|(?:Cell )?In ?\[\d+\])"
    r"(?:,? line (\d+)|:(\d+))?(?:,? in (.{1,200}))?"
)
_OLD_STYLE = re2.compile(r"^\[?([~/.\w][^\s\]]{0,300}\.py[x]?)\]?(?:\([^)]*\))? in (.{1,200})")
_NUMBERED = re2.compile(r"^(-{1,6}> ?)?(\d{1,6})(?:\s(.*))?$")
_DRAWN = re2.compile(r"^[→❱>]?\s{0,4}\d{1,6} ?│")
_PLACE = re2.compile(r"^[\w./\\-]+\.p(?:y|yx|xi):\d+: [A-Z]\w+$")
_LIBRARY = (
    "site-packages", "dist-packages", "/databricks/", "/usr/lib", "/usr/local/lib", "<frozen",
    "pyspark", "py4j", "/lib/python", "\\Lib\\", "importlib", "<string>", "<__array_function__",
    "<decorator", "/opt/conda/lib", "ipykernel_launcher", ".pyx", ".pxi",
    "/local_disk0/.ephemeral_nfs/envs/",
)  # fmt: skip
_CELLS = ("<command-", "<ipython-input", "Cell In", "In [", "[<ipython", "File <", "File Cell")
"""How a line begins that names a frame in a notebook's cell."""
_CELL_NAMES = ("<command-", "<ipython-input", "command-", "Cell In", "In ", "In[")
"""How the name of a cell begins where a file's would stand."""


class Source(NamedTuple):
    """A line of source that a stack quotes; an arrow marks the one that failed."""

    arrow: bool
    number: int
    source: str


def is_user_file(file: str) -> bool:
    """Tell a user's own file or cell from an installed one."""
    if file.startswith(_CELL_NAMES):
        return True
    if file.startswith("<"):
        return file == "<stdin>"
    if file.startswith(("/databricks/driver/", "/Workspace/")):
        return "site-packages" not in file
    return not any(mark in file for mark in _LIBRARY)


def python_frame(line: str) -> Frame | None:
    """Read the line that names a Python frame, in any of the ways Python and IPython print it."""
    if line.startswith(_CELLS):
        match = _CELL.match(line.lstrip("["))
        if match is not None:
            return _frame(match.group(1), match.group(2) or match.group(3), match.group(4))
    if line.startswith('File "'):
        return _file_frame(line)
    if line.startswith("File "):
        match = _FILE.match(line) or _FILE_COLON.match(line)
        return _frame(match.group(1), match.group(2), match.group(3)) if match else None
    if ".py" in line and " in " in line and line[0] in "/~[.<":
        match = _OLD_STYLE.match(line)
        return _frame(match.group(1), None, match.group(2)) if match else None
    return None


def _file_frame(line: str) -> Frame | None:
    """Read `File "x.py", line 3, in f` as Python itself prints it."""
    file, _, rest = line[len('File "') :].partition('", line ')
    number, _, function = rest.partition(", in ")
    number = number.rstrip(",")
    if not number.isdecimal() or len(number) > MAX_DIGITS:
        return None
    return _frame(file, number, function)


def _frame(file: str, number: str | None, function: str | None) -> Frame:
    name = file[file.rfind("/") + 1 :]
    return Frame(
        file=file,
        line=int(number) if number and len(number) <= MAX_DIGITS else None,
        function=(function or "").strip(" \\"),
        cell=name if name.startswith(_CELL_NAMES) else "",
        user_code=is_user_file(file),
    )


def is_drawn_source(line: str) -> bool:
    """Tell a line of source as Poetry and rich draw it: `→ 516│ raise …`; or pytest's place."""
    if "│" in line[:12]:
        return _DRAWN.match(line) is not None
    return ".p" in line and _PLACE.match(line) is not None


def numbered_code(line: str) -> Source | None:
    """Read a line of quoted source: whether an arrow marks it, its number, its code."""
    if line[0] != "-" and not line[0].isdigit():
        return None
    match = _NUMBERED.match(line)
    if match is None:
        return None
    return Source(match.group(1) is not None, int(match.group(2)), match.group(3) or "")
