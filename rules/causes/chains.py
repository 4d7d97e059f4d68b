"""Hanging causes together while they are read: which one lies below which."""

import re2

from jobmon.diagnosis import CauseKind
from rules.causes import phrases, powershell
from rules.causes.bodies import error_bodies
from rules.causes.draft import Chain, Draft, Link
from rules.causes.error_conditions import CARRYING, error_condition_in, sqlstate_in
from rules.causes.exception_names import inline_types, is_exception_name, kind_of
from rules.causes.prefixes import Level

MAX_INLINE = 8
"""Causes read out of one line."""
_ITEMS = re2.compile(r"\S \([^()]{1,300}\)[,;] (?:and )?[^\s()]{1,200} \([^()]{1,300}\)")
"""Two items of a list, each with a remark."""
_BESIDE = " :;,-–—>→"
"""What stands between two error conditions of which the first only carries the second."""
_SAYING = frozenset({"message", "msg", "detail", "errorMessage", "error_message", "Message"})
MIN_WORDS = 2
_INTRODUCTIONS = frozenset(
    {
        "last error:",
        "error message:",
        "error messages:",
        "original error:",
        "r computation failed with",
        "reason:",
        "stderr:",
        "most recent failure reason:",
        "the error was:",
        "details:",
        "cause:",
        "root cause:",
        # Qdrant's client
        "raw response content:",
    }
)

# A line of the body of an answer that a client printed below its error.
_SAID = re2.compile(r"""^[\s{(*,]*["']message["'] ?: ?["'](.{12,}?)["']?[,})*\s]*$""")


class Chains:
    """The chains read so far, and the cause that lines now belong to."""

    def __init__(self) -> None:
        self.all: list[Chain] = []
        self.current: Draft | None = None
        self.open = False
        """Whether the current cause still takes lines for its message."""
        self.link = Link.NEW
        """How the next cause will hang together with the current one."""
        self.detailed = False
        """Whether an answer's list of details was opened: the first says why of the answer."""

    def add(self, draft: Draft, message: str = "") -> None:
        """Take the next cause, and those that its message names in turn."""
        if message:
            draft.add_message(message, draft.line)
        self._hang(draft)
        if message:
            self._read_message(draft, message)

    def proceed(self, number: int, body: str) -> bool:
        """Take a line as the next one of the current message, if it can be."""
        current = self.current
        if current is None or not self.open or current.kind is CauseKind.LINE:
            return False
        if phrases.OF_AN_END.search(body) is not None and phrases.NO_CAUSE.search(body) is not None:
            return False
        if current.message and _introduces(current.message[-1].lower()):
            self._below(Draft(kind=CauseKind.LINE, type="", line=number), body)
            self.nest_types(body, number)
            return True
        if "message" in body[:12] and (said := _SAID.match(body)) is not None:
            self._below(Draft(kind=CauseKind.LINE, type="", line=number), said.group(1))
            return True
        if body.startswith('details = "'):
            self._below(Draft(kind=CauseKind.LINE, type="", line=number), body[11:].rstrip('"'))
            return True
        current.add_message(body, number)
        current.sqlstate = current.sqlstate or sqlstate_in(body)
        if not current.error_condition:
            error_condition, start, _ = error_condition_in(body)
            current.error_condition = error_condition if start == 0 else ""
        name, start = next(iter(inline_types(body)), ("", 0))
        # What is said again lies no deeper, unless a scheduler's line was wrapped before it.
        if name and (name != current.type or current.text.startswith("Job aborted due to stage")):
            self._below(Draft(kind=kind_of(name), type=name, line=number), body[start:])
        if current.kind is not CauseKind.JSON:
            self.nest_bodies(body, number)
        return True

    def told_below_its_place(self, number: int, body: str) -> bool:
        """Take the lines in which PowerShell shows where its error arose, and what it says."""
        current = self.current
        if current is None or not self.open or len(current.message) != 1:
            return False
        if not powershell.is_place(current.message[0]):
            return False
        if not powershell.is_drawn_source(body):
            self._below(Draft(kind=CauseKind.LINE, type="", line=number), body)
            self.nest_types(body, number)
        return True

    def answered(self, number: int, key: str, parts: list[str]) -> bool:
        """Take a pair of an answer that was printed over lines, below an error; or none of it."""
        above = self.current
        is_below = above is not None and self.open and above.kind is not CauseKind.LINE
        if not key or len(parts) != 1 or above is None or not is_below:
            return False
        said = parts[0]
        if " " not in said:
            return not is_exception_name(said)  # An id, a date, a code: no sentence.
        answer = above.kind is CauseKind.JSON and not self.detailed
        if key not in _SAYING or answer or said.count(" ") < MIN_WORDS:
            return False
        self.detailed = False
        self._below(Draft(kind=CauseKind.JSON, type="", line=number), said)
        return True

    def in_suppressed(self) -> bool:
        """Tell whether the current cause was suppressed beside another."""
        return self.current is not None and self.current.suppressed

    def rule_off(self) -> None:
        """End the message; a notebook's headline, its trace named, stands above its traceback."""
        last = self.current.message[-1:] if self.open and self.current is not None else []
        if last and last[0].startswith("[Trace ID: "):
            self.link = Link.DEEPER
        self.open = False

    def nest_bodies(self, text: str, number: int) -> None:
        """Take the JSON or XML error that a text holds, unless it only says the same again."""
        above = self.current
        for code, said in error_bodies(text):
            told = above.message[0] if above is not None and above.message else ""
            if said and told != text and said in told:
                return
            if above is not None and above.type and code == above.error_condition:
                return  # The error's own answer, which says no more than it does.
            draft = Draft(kind=CauseKind.JSON, type=code, line=number)
            draft.error_condition = code if "_" in code else ""
            self._below(draft, said or text, inline=True)

    def nest_types(self, text: str, number: int) -> None:
        """Take the exceptions that a text names, each below the one before."""
        for count, (name, start) in enumerate(inline_types(text)):
            if count >= MAX_INLINE:
                break
            draft = Draft(kind=kind_of(name), type=name, line=number)
            self._below(draft, text[start:], inline=True)

    def _read_message(self, draft: Draft, message: str) -> None:
        error_condition, start, end = error_condition_in(message)
        if draft.error_condition or not _is_nested(message, start):
            draft.error_condition = draft.error_condition or error_condition
            error_condition, end = _carried(draft.error_condition, message, max(end, 0))
        draft.sqlstate = sqlstate_in(message)
        if not message.startswith("Ignored failure: ") and not _lists_failures(message):
            self.nest_types(message, draft.line)
        if error_condition:
            nested = Draft(kind=CauseKind.ERROR_CONDITION, type="", line=draft.line)
            nested.error_condition = error_condition
            self._below(nested, message[end:], inline=True)
        self.nest_bodies(message, draft.line)

    def _below(self, draft: Draft, message: str, *, inline: bool = False) -> None:
        draft.inline = inline
        if inline and message.endswith(")"):
            # It was named as Python shows it: `ConnectionResetError(104, 'reset by peer'))`.
            message = message.rstrip("'\")>, ")
        draft.level = self.current.level if self.current is not None else Level.NONE
        if message.strip():
            draft.add_message(message.strip(), draft.line)
        if not draft.error_condition:
            error_condition, start, _ = error_condition_in(message)
            draft.error_condition = "" if _is_nested(message, start) else error_condition
        draft.sqlstate = sqlstate_in(message)
        self.link = Link.DEEPER
        self._hang(draft)

    def _hang(self, draft: Draft) -> None:
        link, self.link = self.link, Link.NEW
        above = self.current
        if link is Link.NEW and above is not None and self.open and self._follows(draft, above):
            link = Link.DEEPER
            draft.again = draft.type == above.type and above.level is Level.ERROR
        if link is Link.NEW or not self.all:
            self.detailed = False
            self.all.append(Chain())
            self.all[-1].begin(Link.NEW)
        elif link in {Link.DIRECT_CAUSE, Link.HANDLING}:
            self.all[-1].begin(link)
        draft.echo = link is Link.ECHO and above is not None
        draft.suppressed = link is Link.SUPPRESSED and above is not None
        self.all[-1].add(draft)
        self.current = draft
        self.open = True

    def _follows(self, draft: Draft, above: Draft) -> bool:
        """Tell whether an exception stands right under the line that announces it."""
        if draft.kind is CauseKind.LINE:
            return False
        # A logged stack is as loud as its log line; an uncaught Python one is not.
        if draft.level is Level.NONE and (draft.kind is CauseKind.JAVA or above.level > Level.NONE):
            draft.level = above.level
        if above.kind is CauseKind.LINE:
            return above.level is not Level.NONE or above.text.endswith(":")
        if above.type == draft.type:
            return above.message[:1] == draft.message[:1]
        if above.text.endswith(":"):
            return True
        # Below an error that says why, one that hardly does is what came of it.
        tells = phrases.WEAK.search(draft.text) is None
        return tells and draft.line == above.end_line + 1 and draft.level is above.level


def _introduces(line: str) -> bool:
    """Tell a line of a message after which the real one comes; R prints `Error in f(x) :`."""
    return (
        line in _INTRODUCTIONS
        or line.endswith((". error messages:", "] terminated with exception:"))
        or (line.startswith("error in ") and line.endswith(":"))
    )


def _lists_failures(message: str) -> bool:
    """Tell `2 of 9 failed: a (Timeout), b (KeyError: id)`: no item's error is the cause."""
    return "fail" in message.lower() and _ITEMS.search(message) is not None


def _carried(by: str, message: str, beyond: int) -> tuple[str, int]:
    """Find the error condition that one which only carries names after itself, and its end.

    It stands behind a colon, or right beside: `[STREAM_FAILED] [CAST_INVALID_INPUT]`.
    """
    if by not in CARRYING:
        return "", 0
    rest = message[beyond:]
    name, start, end = error_condition_in(rest)
    beside = name and not rest[:start].strip(_BESIDE)
    return (name, beyond + end) if beside or _is_nested(rest, start) else ("", 0)


def _is_nested(message: str, start: int) -> bool:
    return start > len("Error code: ") and message[:start].rstrip().endswith(":")
