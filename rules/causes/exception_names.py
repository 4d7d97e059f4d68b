"""Names of exceptions, and the lines that begin with one."""

from collections.abc import Iterator

import re2

from jobmon.diagnosis import CauseKind
from rules.causes.exception_types import BARE_NAMES, NOT_TYPES

MAX_NAME = 200
_SUFFIXES = (
    "Error",
    "Exception",
    "Failure",
    "Interrupt",
    "Fault",
    "Throwable",
    "Timeout",
    "NotFound",
    "Failed",
)
_LOWER_DOTTED = (".error", ".timeout", ".gaierror", ".herror", ".Error", ".Timeout")
_PACKAGES = (".exceptions.", ".errors.", ".exception.", ".error.", ".exc.", "_exceptions.")
_JVM = ("java.", "javax.", "org.", "com.", "scala.", "io.", "net.", "shaded.", "py4j.Py4JException")
_MARKS = str.maketrans("", "", "._$/")

_CLASS = re2.compile(r"^<class '([\w.]+)'>(?:[:,] ?(.*))?$")
"""How Python prints a type: dltHub puts it above the message of what it carries."""
_RPC = re2.compile(r"^<(_\w{2,60}) of RPC that terminated with:$")
"""How gRPC's client shows its error; status and details stand below it."""
_SHOWN = re2.compile(r"""^([A-Za-z_][\w.]{2,120})\((?:'([^']*)'|"([^"]*)"),?\)$""")
"""How Python shows an error that code prints with `repr`."""
_LAMBDA = "Runtime.ImportModuleError: "
_HANDLER = "Unable to import module '"
_OF_HANDLER = re2.compile(r"^Unable to import module '[\w./-]{1,200}': (\S.*)$")
"""How AWS Lambda shows the ImportError that the module of its handler met."""
_INLINE = re2.compile(
    r"(?:^|[\s(\[{:\"'`=<*,])((?:[A-Za-z_$][\w$]*\.)*(?:[A-Z_][\w$]*"
    r"(?:Error|Exception|Failure|Interrupt|Disconnected|TimedOut|Timeout|Throwable)"
    r"|socket\.gaierror|socket\.timeout)|java\.lang\.(?:Exception|Error|Throwable))"
    r"( ?: |:$|\((?:-?\d+, ?)?[\"'<(\[]|\) |`|$)"
)
_INLINE_WORDS = ("Error", "Exception", "Failure", "Interrupt", "isconnected", "imed", "imeout")


def is_exception_name(name: str, *, in_traceback: bool = False) -> bool:
    """Tell whether a word names an exception; in a traceback any capitalised name does."""
    if not name or len(name) > MAX_NAME or name in NOT_TYPES or not _is_dotted_name(name):
        return False
    last = name[name.rfind(".") + 1 :]
    last = last[last.rfind("$") + 1 :] or last
    if last in BARE_NAMES or last.endswith(_SUFFIXES) or name.endswith(_LOWER_DOTTED):
        return True
    if not last[:1].isupper():
        return False
    if "." in name and any(package in name for package in _PACKAGES):
        return True
    return in_traceback and ("." in name or last[-1:].islower())


def looks_java(name: str) -> bool:
    """Tell a JVM class by its package."""
    return name.startswith(_JVM)


def kind_of(name: str) -> CauseKind:
    """Say whose exception a name is."""
    return CauseKind.JAVA if looks_java(name) else CauseKind.PYTHON


def split_header(line: str, *, in_traceback: bool = False) -> tuple[str, str] | None:
    """Read `Type: message`, `Type('message')` or a bare `Type`; None when there is no type."""
    if line.startswith("<class '"):
        return _as_class(line)
    if line.startswith((_LAMBDA, _HANDLER)) and (met := _of_handler(line)) is not None:
        return met
    if line.startswith("<_") and (rpc := _RPC.match(line)) is not None:
        return rpc.group(1), ""
    if line.endswith(("')", '")', "',)")) and (shown := _as_shown(line)) is not None:
        return shown
    colon = line.find(":")
    head = (line[:colon] if colon > 0 else line).rstrip()
    if " " in head:
        return _with_remark(line, head)
    if colon > 0:
        # A name that a colon follows without a space is a URL, a time or a place.
        spaced = line[colon + 1 : colon + 2] in {"", " ", "\t", "\xa0"}
        known = spaced and is_exception_name(head, in_traceback=in_traceback)
        return (head, line[colon + 1 :].strip()) if known else None
    dotted = "." in head
    known = is_exception_name(head, in_traceback=in_traceback and dotted) and (
        dotted or in_traceback or head.endswith(_SUFFIXES)
    )
    return (head, "") if known else None


def _of_handler(line: str) -> tuple[str, str] | None:
    match = _OF_HANDLER.match(line.removeprefix(_LAMBDA))
    return None if match is None else ("ImportError", match.group(1))


def _as_class(line: str) -> tuple[str, str] | None:
    match = _CLASS.match(line)
    if match is None or not is_exception_name(match.group(1), in_traceback=True):
        return None
    return match.group(1), match.group(2) or ""


def _as_shown(line: str) -> tuple[str, str] | None:
    match = _SHOWN.match(line)
    if match is None or not is_exception_name(match.group(1)):
        return None
    return match.group(1), match.group(2) or match.group(3) or ""


def inline_types(text: str) -> Iterator[tuple[str, int]]:
    """Find the types named inside a text with where their own message begins."""
    if not any(word in text for word in _INLINE_WORDS):
        return
    at = 0
    while (match := _INLINE.search(text, at)) is not None:
        name = match.group(1)
        if name not in NOT_TYPES and _is_dotted_name(name):
            yield name, match.end(2)
        at = match.end(1)


def _is_dotted_name(name: str) -> bool:
    return (name[0].isalpha() or name[0] == "_") and name.translate(_MARKS).isalnum()


def _with_remark(line: str, head: str) -> tuple[str, str] | None:
    """Read `ExecutorLostFailure (executor 3 exited…) Reason: …`: a remark after the type."""
    name, _, remark = head.partition(" ")
    if remark[:1] == "(" and is_exception_name(name):
        return name, line[len(name) :].strip()
    return None
