"""Choosing the root cause by structure, and the line to quote for it."""

from itertools import pairwise

import re2

from jobmon.diagnosis import CauseKind
from rules.causes import phrases, signals
from rules.causes.draft import Draft
from rules.causes.prefixes import Level

# How likely a cause is the root of everything, by what kind of line it is.
_EXCEPTION, _SIGNAL, _ERROR, _WEAK, _WORDS, _CONSEQUENCE, _NOTHING = 50, 49, 40, 28, 14, 6, 4
_UNFINISHED = _WEAK + 2
_EXIT = _ERROR - 1
_ANNOUNCED, _ANNOUNCING = 35, _WEAK - 1
SURE = _ERROR
"""From here on a root is taken for what failed, whatever other texts say."""
_QUIETER = {Level.WARN: 18, Level.INFO: 19, Level.DEBUG: 20}
_MORE_WORDS = 6
_TOOL = (
    *("Error: ", "ERROR: ", "error: ", "fatal: ", "FAILED: ", "Failure: ", "Error ", "E: "),
    "Failed with exception ",  # Hive's console.
)
# `databricks_error_message: …`, `azure_error_message: …`, and what others call theirs.
_PLATFORM = re2.compile(r"^[a-z]\w{0,30}(?:_error_message|ErrorMessage):")
_WIDTH = 60
"""From how many characters on a line may be one that was wrapped."""
_JUDGED = 1_000
"""Characters of a message that are judged."""
_GONE = ("ConnectionResetError", "ConnectionRefusedError", "BrokenPipeError")
_FOLLOWING = ("SystemExit", "MetadataFetchFailedException", "FetchFailedException")
"""An end that somebody chose, or what tasks meet once an executor took its shuffle files along."""
_TELLS_NOTHING = ("ExecutorLostFailure", "ClosedChannelException")
_STATUS = 3
"""Digits of an HTTP status."""
_STEPS = 3
"""Lines of a message that may only lead to the next one."""


def deepest(drafts: list[Draft]) -> Draft | None:
    """Find the deepest cause of a chain that is not a wrapper, or its deepest wrapper."""
    for draft in reversed(drafts):
        if not draft.wrapper:
            return draft
    return drafts[-1] if drafts else None


def strength(root: Draft | None) -> int:
    """Say how likely the root of one chain is the root of everything."""
    if root is None:
        return 0
    text = root.first_line[:_JUDGED]
    is_line = root.kind is CauseKind.LINE
    if root.wrapper or (is_line and _is_a_mere_word(text)):
        # Of lines that say nothing, one that announces another says least.
        more = not is_line or " due to " in text
        return _NOTHING - (text.count(" ") <= 1) - text.endswith(":") + more
    if phrases.CASCADE.search(text) is not None or _lost_its_jvm(root):
        return _CONSEQUENCE
    if root.unfinished:
        return _UNFINISHED
    if root.short_type == "OutOfMemoryError":
        return _EXCEPTION  # However quietly it is logged, nothing goes on after it.
    return (_of_line(root, text) if is_line else _of_error(root, text)) - _QUIETER.get(
        root.level, 0
    )


def _is_a_mere_word(text: str) -> bool:
    """Tell one word that tells nothing: `Killed` does."""
    return " " not in text and signals.ENDED.search(text) is None


def _lost_its_jvm(draft: Draft) -> bool:
    """Tell what Py4J meets when its JVM is gone or busy ending: it is told of, not why."""
    return draft.short_type in _GONE and bool(draft.frames) and "/py4j/" in draft.frames[-1].file


def _of_error(draft: Draft, text: str) -> int:
    if not text and draft.short_type in _TELLS_NOTHING:
        return _WEAK
    if draft.short_type in _FOLLOWING:
        return _EXIT
    weak = phrases.WEAK.search(text) is not None and signals.SIGNAL.search(text) is None
    return _WEAK if weak else _EXCEPTION


def _of_line(draft: Draft, text: str) -> int:
    if text.endswith(":"):
        return _ANNOUNCED if signals.SIGNAL.search(text) is not None else _ANNOUNCING
    if phrases.WEAK.search(text) is not None:
        return _WEAK
    if signals.SIGNAL.search(text) is not None:
        return _SIGNAL
    if signals.ENDED.search(text) is not None:
        return _SIGNAL - 1
    if draft.announced or draft.level is Level.ERROR or text.startswith(_TOOL):
        return _ERROR
    if _PLATFORM.match(text) is not None:
        return _ERROR
    if ": error: " in text:
        return _ERROR  # As compilers print it behind the place.
    # Blanks that set a table are no words.
    blanks = len(text.split()) - 1 if "   " in text else text.count(" ")
    return _WORDS + min(blanks, _MORE_WORDS)


def choose_line(draft: Draft) -> None:
    """Decide which line of a cause to quote: its first, unless that is empty or announces."""
    if draft.quoted >= 0 or not draft.message:
        return
    if draft.at[0] != draft.line and draft.message[0].startswith("- "):
        return  # One of several things that the type's name speaks of.
    here = 0
    for first, second in pairwise(draft.message[: _STEPS + 1]):
        # `=== Streaming Query ===` begins a description of the query, no message.
        wanted = any(wants(first, second) for wants in _WANT_THE_NEXT)
        if not wanted or second.startswith("==="):
            break
        here += 1
    here = here or _last_error_condition(draft.message[: 2 * _STEPS])
    if here or draft.at[0] != draft.line:
        draft.quoted = draft.at[here]


_ERROR_CONDITION = re2.compile(r"^\[[A-Z][A-Z0-9_.]{5,80}\] ")


def _last_error_condition(message: list[str]) -> int:
    """Find the error condition that those above it in a message led to: each tells why of one."""
    if _ERROR_CONDITION.match(message[0]) is None:
        return 0
    return max(at for at, line in enumerate(message) if _ERROR_CONDITION.match(line) is not None)


_ANNOUNCEMENTS = (
    *("error:", "errors:", "exception:", "failure:", "reason:", "message:", "because:"),
    *("'message':", '"message":', " :", "failed:", "traceback):", "privileges:"),
    *("not found:", "does not exist:"),
    "when requesting",  # Google's client wraps the address to the next line.
    "exited caused by one of the running tasks)",
)
# Oracle's own frames: on which level, line and column of which unit.
_ORACLE_FRAME = re2.compile(r"\bORA-(?:00604|06550|06512|04088)\b")
_COUNTED = re2.compile(r"^\d+ validation errors? for \S+(?: \w[\w.]*(?: -> [\w.]+)+)?$")
_TYPED = re2.compile(r"^Value error, |[\[(]type=[\w.]+")


def _announces(first: str, second: str) -> bool:
    """Tell what only announces: `SQL compilation error:`, `[05:06:27] /workspace/src/x.cu:119:`."""
    if first.lower().endswith(_ANNOUNCEMENTS) or _is_bare_error_condition(first):
        return True
    if first.startswith("Error(s) in loading state_dict") or first.endswith("error(s) found."):
        return True
    if _COUNTED.match(first) is not None:
        return True
    if second.startswith(("ORA-", "PLS-")) and _ORACLE_FRAME.search(first) is not None:
        return True
    if first.startswith("http") and " " not in first:
        return True
    if phrases.TASK_OF_TENSORFLOW.search(first) is not None:
        return True
    if "(Request ID: " in first or first.startswith("Cannot access gated repo for url"):
        return True  # Hugging Face says below which model, and why.
    stamped = first[:1] == "/" or (first[:1] == "[" and first[1:2].isdigit())
    return stamped and first.endswith(":") and " " in first and ": " not in first[:-1]


_LABEL = re2.compile(r"^(?:\(?[\w.$]+(?: \(\w{2,8}\))?\)?:?|<class '[\w.]+'>)$")


def _only_labels(first: str, second: str) -> bool:
    """Tell `(psycopg2.errors.UndefinedTable)` or `003001 (42501):` above the message itself."""
    if first.isdigit() and len(first) == _STATUS:
        return " " in second
    if first.isalnum() or second.endswith(":"):
        return False
    return _LABEL.match(first) is not None and " " in second


def _locates(first: str, second: str) -> bool:
    """Tell the field that pydantic names above what is wrong with it."""
    return " " not in first and _TYPED.search(second) is not None


def _is_bare_error_condition(line: str) -> bool:
    """Tell `[CANNOT_MERGE_SCHEMAS]` with its message on the next line."""
    return line[:1] == "[" and line[-1:] == "]" and line.isupper() and " " not in line


def _says_no_cause(first: str, second: str) -> bool:
    """Tell `Run result unavailable: job failed with error message` above the message itself."""
    if phrases.NO_CAUSE.search(first) is None:
        return False
    return phrases.NO_CAUSE.search(second) is None


def _names_later(first: str, second: str) -> bool:
    """Tell a sentence that is wrapped before the name it is about: that line says more."""
    return "`" in second and not set(first) & set("`'\"") and second[:1].islower()


def _tells_later(first: str, second: str) -> bool:
    """Tell a sentence that is wrapped before the words that say what is wrong."""
    goes_on = second[:1].islower() and not second.startswith("http")
    wrapped = len(first) >= _WIDTH and first[:1] != "[" and goes_on
    broken = second[:1] == "/" and first[-1:].isalpha()
    return (wrapped or broken) and not _tells(first) and _tells(second)


def _tells(line: str) -> bool:
    return signals.SIGNAL.search(line) is not None or signals.ERROR_WORD.search(line) is not None


_WANT_THE_NEXT = (
    _announces,
    _only_labels,
    _locates,
    _names_later,
    _says_no_cause,
    _tells_later,
)
