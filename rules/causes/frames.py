"""Frames of Python, notebook and Java stacks, and which of them are the user's own."""

from typing import NamedTuple

import re2

from jobmon.diagnosis import Frame

_FILE = re2.compile(r"^File [\"']?([^\"'\n]{1,400}?)[\"']?, line (\d+)(?:, in (.{1,200}))?")
_FILE_COLON = re2.compile(r"^File ([^\s:]{1,400}):(\d+)(?:, in (.{1,200}))?")
_CELL = re2.compile(r"^(?:File )?(<(?:command|ipython-input)-[^>]{1,80}>|(?:Cell )?In ?\[\d+\])"
                    r"(?:, line (\d+)| line (\d+)|:(\d+))?(?:,? in (.{1,200}))?")  # fmt: skip
_OLD_STYLE = re2.compile(r"^\[?([~/.\w][^\s\]]{0,300}\.py[x]?)\]?(?:\([^)]*\))? in (.{1,200})")
_NUMBERED = re2.compile(r"^(-{1,6}> ?)?(\d{1,6})(?:\s(.*))?$")
_JAVA = re2.compile(r"^at ([\w.$<>/@ -]{1,300}?)\.([\w$<>]{1,150})\(([^():]{0,200})(?::(\d+))?\)?")
_LIBRARY = (
    "site-packages", "dist-packages", "/databricks/", "/usr/lib", "/usr/local/lib", "<frozen",
    "pyspark", "py4j", "/lib/python", "\\Lib\\", "importlib", "<string>", "<__array_function__",
    "<decorator", "/opt/conda/lib", "ipykernel_launcher", "/local_disk0/.ephemeral_nfs/envs/",
)  # fmt: skip
_LIBRARY_JAVA = (
    "org.apache.", "java.", "javax.", "jdk.", "sun.", "com.sun.", "scala.", "com.databricks.",
    "py4j.", "io.delta.", "io.netty.", "shaded.", "com.google.", "com.amazonaws.", "com.fasterxml.",
    "org.spark_project.", "org.sparkproject.", "net.snowflake.", "com.microsoft.", "com.esotericsoftware.",
    "software.amazon.", "com.simba.", "kafkashaded.", "akka.", "org.eclipse.", "com.zaxxer.", "grpc_shaded.",
)  # fmt: skip


class Source(NamedTuple):
    """A line of source that a stack quotes; an arrow marks the one that failed."""

    arrow: bool
    number: int
    source: str


def is_user_file(file: str) -> bool:
    """Tell a user's own file or cell from an installed one."""
    if file.startswith(("<command-", "<ipython-input", "Cell In", "In [", "In[")):
        return True
    if file.startswith("<"):
        return file == "<stdin>"
    if file.startswith(("/databricks/driver/", "/Workspace/")):
        return "site-packages" not in file
    return not any(mark in file for mark in _LIBRARY)


def python_frame(line: str) -> Frame | None:
    """Read the line that names a Python frame."""
    if line.startswith("File "):
        match = _CELL.match(line) or _FILE.match(line)
        if match is not None and line[5:6] in "<CI":
            return _cell_or_file(match)
        match = match or _FILE_COLON.match(line)
        if match is None:
            return None
        file, number, function = match.group(1), match.group(2), match.group(3)
        return _frame(file, number, function)
    if line.startswith(("<command-", "<ipython-input", "Cell In", "In [", "[<ipython")):
        match = _CELL.match(line.lstrip("["))
        return _cell_or_file(match) if match is not None else None
    if ".py" in line and " in " in line and line[0] in "/~[.<":
        match = _OLD_STYLE.match(line)
        if match is not None:
            return _frame(match.group(1), None, match.group(2))
    return None


def _cell_or_file(match: "re2._Match") -> Frame:
    groups = match.groups()
    if len(groups) < 5:
        return _frame(groups[0], groups[1], groups[2])
    number = groups[1] or groups[2] or groups[3]
    return _frame(groups[0], number, groups[4])


def _frame(file: str, number: str | None, function: str | None) -> Frame:
    cell = file if file.startswith(("<command-", "<ipython", "Cell", "In")) else ""
    return Frame(
        file=file,
        line=int(number) if number else None,
        function=(function or "").strip(),
        cell=cell,
        user_code=is_user_file(file),
    )


def numbered_code(line: str) -> Source | None:
    """Read a line of quoted source: whether an arrow marks it, its number, its code."""
    if line[0] != "-" and not line[0].isdigit():
        return None
    match = _NUMBERED.match(line)
    if match is None:
        return None
    return Source(match.group(1) is not None, int(match.group(2)), match.group(3) or "")


def java_frame(line: str) -> Frame | None:
    """Read `at package.Class.method(File.java:12)`."""
    match = _JAVA.match(line)
    if match is None:
        return None
    owner = match.group(1)
    return Frame(
        file=match.group(3) or owner,
        line=int(match.group(4)) if match.group(4) else None,
        function=f"{owner}.{match.group(2)}",
        user_code=not owner.startswith(_LIBRARY_JAVA) and "/java." not in owner,
    )


def worth_reading(line: str, known: list[Frame]) -> bool:
    """Tell whether a Java frame adds anything: the first few do, then only the user's own."""
    return len(known) < 3 or not line.startswith(_LIBRARY_JAVA, 3)  # noqa: PLR2004
