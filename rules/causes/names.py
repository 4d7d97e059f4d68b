"""Names of exceptions, and the lines that begin with one."""

from collections.abc import Iterator

import re2

from jobmon.diagnosis import CauseKind

_SUFFIXES = ("Error", "Exception", "Failure", "Interrupt", "Fault", "Throwable", "Timeout")
_WARNINGS = ("Warning",)
# Exceptions whose names do not say that they are one.
_BARE = frozenset(
    "KeyboardInterrupt SystemExit StopIteration StopAsyncIteration GeneratorExit NotFound "
    "Forbidden BadRequest Unauthorized Unauthenticated PermissionDenied ResourceExhausted "
    "TooManyRequests ServiceUnavailable DeadlineExceeded AlreadyExists Conflict "
    "ResourceDoesNotExist ResourceAlreadyExists ResourceConflict InvalidParameterValue "
    "TemporarilyUnavailable RequestLimitExceeded OperationFailed RemoteDisconnected "
    "TimeoutExpired DoesNotExist MissingRequiredParameter InvalidState UnpicklingError "
    "BrokenBarrier NoBrokersAvailable ExecutorLostFailure Exception BaseException "
    "ExceptionGroup BaseExceptionGroup AssertionError gaierror herror".split()
)
_LOWER_DOTTED = (".error", ".timeout", ".gaierror", ".herror", ".Error", ".Timeout")
_PACKAGES = (".exceptions.", ".errors.", ".exception.", ".error.", ".exc.", "_exceptions.")
_NOT_TYPES = frozenset({"Error", "Failure", "Fault", "Timeout", "Throwable", "OnError", "onError"})
MAX_NAME = 200

_INLINE = re2.compile(
    r"(?:^|[\s(\[{:\"'`=<*,])((?:[A-Za-z_$][\w$]*\.)*(?:[A-Z_][\w$]*"
    r"(?:Error|Exception|Failure|Interrupt|Disconnected|TimedOut|Timeout|Throwable)|socket\.gaierror|"
    r"socket\.timeout))"
    r"(: |:$|\((?:-?\d+, ?)?[\"'<(\[]|\) |$)"
)
_INLINE_WORDS = ("Error", "Exception", "Failure", "Interrupt", "isconnected", "imed", "imeout")


def is_exception_name(name: str, *, in_traceback: bool = False) -> bool:
    """Tell whether a word names an exception; in a traceback any capitalised name does."""
    if not name or len(name) > MAX_NAME or not _is_dotted_name(name):
        return False
    last = name[name.rfind(".") + 1 :]
    last = last[last.rfind("$") + 1 :] or last
    if name in _NOT_TYPES:
        return False
    if last in _BARE or last.endswith(_SUFFIXES):
        return True
    if last.endswith(_WARNINGS):
        return in_traceback
    if name.endswith(_LOWER_DOTTED):
        return True
    if "." in name and last[:1].isupper() and any(part in name for part in _PACKAGES):
        return True
    return in_traceback and last[:1].isupper() and ("." in name or last[-1:].islower())


def _is_dotted_name(name: str) -> bool:
    return name[0].isalpha() and name.translate(_NAME_MARKS).isalnum() and ".." not in name


_NAME_MARKS = str.maketrans("", "", "._$/")


def split_header(line: str, *, in_traceback: bool = False) -> tuple[str, str] | None:
    """Read `Type: message` or a bare `Type`; None when the line does not begin with a type."""
    colon = line.find(":")
    head = line[:colon] if colon > 0 else line
    head = head.rstrip()
    if " " in head:
        return _with_remark(line, head)
    if colon > 0 and line[colon + 1 : colon + 2] not in ("", " ", "\t", "\xa0"):
        return None
    if not is_exception_name(head, in_traceback=in_traceback and colon > 0):
        return None
    if colon < 0 and "." not in head and not head.endswith(_SUFFIXES) and not in_traceback:
        return None
    return head, line[colon + 1 :].strip() if colon > 0 else ""


def _with_remark(line: str, head: str) -> tuple[str, str] | None:
    """Read `ExecutorLostFailure (executor 3 exited…) Reason: …`: a remark after the type."""
    name, _, remark = head.partition(" ")
    if remark[:1] == "(" and is_exception_name(name):
        return name, line[len(name) :].strip()
    return None


def inline_types(text: str) -> Iterator[tuple[str, int]]:
    """Find the types named inside a text with where their own message begins."""
    if not any(word in text for word in _INLINE_WORDS):
        return
    at = 0
    while (match := _INLINE.search(text, at)) is not None:
        name = match.group(1)
        if name not in _NOT_TYPES and _is_dotted_name(name):
            yield name, match.end(2)
        at = match.end(1)


_JVM = ("java.", "javax.", "org.", "com.", "scala.", "io.", "net.", "shaded.", "py4j.Py4JException")


def looks_java(name: str) -> bool:
    """Tell a JVM class by its package."""
    return name.startswith(_JVM)


def kind_of(name: str) -> CauseKind:
    """Say whose exception a name is."""
    return CauseKind.JAVA if looks_java(name) else CauseKind.PYTHON
