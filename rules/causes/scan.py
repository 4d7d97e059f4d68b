"""One pass over the lines of a text, reading causes as they come."""

from enum import Enum, auto

from jobmon.diagnosis import CauseKind, Frame
from rules.causes import frames, phrases
from rules.causes.bodies import error_bodies, is_json_like, json_event, json_pair
from rules.causes.conditions import condition_in, raised_condition, sqlstate_in
from rules.causes.draft import Chain, Draft
from rules.causes.names import inline_types, is_exception_name, split_header
from rules.causes.prefixes import Level, Peeled, peel
from rules.causes.text import MAX_LINE

MAX_INLINE = 8


class Link(Enum):
    """How the next error hangs together with what was read before."""

    NEW = auto()
    DEEPER = auto()
    DIRECT_CAUSE = auto()
    HANDLING = auto()


class Scanner:
    """Reads lines in order; `chains` holds what was found."""

    def __init__(self) -> None:
        self.chains: list[Chain] = []
        self._current: Draft | None = None
        self._open = False
        self._blanks = 0
        self._in_traceback = False
        self._frames: list[Frame] = []
        self._link = Link.NEW
        self._announced: tuple[str, int, Level] | None = None
        self._raised: tuple[str, int] | None = None
        self._ename = ""

    def read(self, number: int, line: str) -> None:
        """Take the next line of the text."""
        peeled = peel(line[:MAX_LINE]) if not line.startswith("\tat ") else Peeled(line.strip())
        body = peeled.body
        if not body:
            self._blank()
            return
        self._blanks = 0
        if is_json_like(body) and self._json(number, line.strip() if body[0] == "{" else body):
            return
        self._body(number, peeled)

    def finish(self) -> None:
        """Make what is known of a traceback that the text breaks off."""
        self._unfinished()

    def _blank(self) -> None:
        self._blanks += 1
        if self._blanks > 1:
            self._open = False

    def _json(self, number: int, body: str) -> bool:
        if body[0] == "{":
            event = json_event(body)
            if event is None:
                return False
            for part in event[0]:
                self._inner(number, part, event[1])
            return True
        pair = json_pair(body)
        if pair is None:
            return False
        key, parts = pair
        if key == "ename" and is_exception_name(parts[0]):
            self._ename = parts[0]
        elif key == "evalue" and self._ename:
            self._header(number, self._ename, parts[0], Level.NONE, CauseKind.JSON)
            self._ename, self._open = "", False
        else:
            for part in parts:
                self._inner(number, part, Level.NONE)
        return True

    def _inner(self, number: int, part: str, level: Level) -> None:
        peeled = peel(part[:MAX_LINE])
        if not peeled.body:
            return
        if peeled.level is Level.NONE:
            peeled = Peeled(peeled.body, level, logged=level is not Level.NONE)
        self._body(number, peeled)

    def _body(self, number: int, peeled: Peeled) -> None:
        body = peeled.body
        if self._frame(number, body) or self._traceback(number, body, peeled.level):
            return
        if self._linked(body) or self._named(number, peeled):
            return
        if self._in_traceback and not peeled.logged:
            return
        if self._open and not peeled.logged and self._continue(number, body):
            return
        self._open = False
        self._line(number, peeled)

    # Stacks

    def _frame(self, number: int, body: str) -> bool:
        if body.startswith("at "):
            if "(" not in body and "." not in body:
                return False
            self._open = False
            if self._current is not None and frames.worth_reading(body, self._current.frames):
                frame = frames.java_frame(body)
                if frame is not None:
                    self._current.add_frame(frame)
            return True
        if body.startswith("..."):
            if "more" not in body and "elided" not in body and body.strip(". "):
                return False
            self._open = False
            return True
        return self._python_frame(number, body)

    def _python_frame(self, number: int, body: str) -> bool:
        code = frames.numbered_code(body)
        if code is not None:
            arrow, line, source = code
            if not arrow and not self._in_traceback:
                return False
            if arrow:
                self._mark(line, source)
            if (condition := raised_condition(source)) != "":
                self._raised = (condition, number)
            return True
        frame = frames.python_frame(body)
        if frame is None:
            return False
        self._in_traceback, self._open = True, False
        self._frames.append(frame)
        if len(self._frames) > 2 * 40:
            del self._frames[20:40]
        return True

    def _mark(self, number: int, source: str) -> None:
        if not self._frames:
            return
        last = self._frames[-1]
        self._frames[-1] = Frame(
            file=last.file,
            line=number if last.line is None else last.line,
            function=last.function,
            code=source.strip(),
            cell=last.cell,
            user_code=last.user_code,
        )

    def _traceback(self, number: int, body: str, level: Level) -> bool:
        at = body.find("Traceback (most recent call last)")
        if at < 0:
            if body.startswith("-----") and not body.strip("-"):
                self._open = False
                return True
            return False
        lead = body[:at].strip().rstrip(":").strip()
        header = split_header(lead + ":") if lead else None
        if self._link is Link.NEW and (self._open or (lead and body[at - 2 : at] == ": ")):
            if header is not None and not self._continues_type(header[0]):
                self._header(number, header[0], "", level, CauseKind.JAVA)
                header = None
            if self._current is not None and (self._open or lead):
                self._link = Link.DEEPER
        self._unfinished()
        self._in_traceback, self._open = True, False
        self._announced = (header[0], number, level) if header is not None else None
        return True

    def _continues_type(self, name: str) -> bool:
        return self._current is not None and self._current.type == name

    def _linked(self, body: str) -> bool:
        if body[0] not in "TDJ":
            return False
        if body.startswith("The above exception was the direct cause"):
            self._link = Link.DIRECT_CAUSE
        elif body.startswith("During handling of the above exception"):
            self._link = Link.HANDLING
        elif body.startswith("JVM stacktrace"):
            self._link = Link.DEEPER
        else:
            return False
        self._in_traceback = self._open = False
        return True

    def _unfinished(self) -> None:
        if self._announced is None:
            return
        name, number, level = self._announced
        self._announced = None
        draft = Draft(kind=CauseKind.PYTHON, type=name, line=number, level=level, unfinished=True)
        draft.frames, self._frames = self._frames, []
        if self._raised is not None:
            draft.condition, draft.quoted = self._raised
        self._add(draft)

    # Headers

    def _named(self, number: int, peeled: Peeled) -> bool:
        body, level = peeled.body, peeled.level
        link, rest = _lead(body)
        header = split_header(rest, in_traceback=self._in_traceback)
        if header is None and link is Link.NEW:
            return False
        if link is Link.DEEPER and not rest:
            return False
        if link is Link.DEEPER:
            self._link = Link.DEEPER
        kind = CauseKind.PYTHON if self._in_traceback else CauseKind.JAVA
        if header is None:
            self._header(number, "", rest, level, kind)
        else:
            name, message = header
            kind = kind if "." not in name or _looks_java(name) else CauseKind.PYTHON
            if kind is CauseKind.JAVA and not _looks_java(name) and link is Link.NEW:
                kind = CauseKind.PYTHON
            self._header(number, name, message, level, kind)
        return True

    def _header(self, number: int, name: str, message: str, level: Level, kind: CauseKind) -> None:
        draft = Draft(kind=kind, type=name, line=number, level=level, end_line=number)
        draft.frames = self._frames
        self._frames = []
        self._announced = self._raised = None
        self._in_traceback = False
        if message:
            draft.add_message(message, number)
        self._add(draft)
        self._open = True
        self._particulars(draft, message, number)

    def _particulars(self, draft: Draft, message: str, number: int) -> None:
        condition, start, end = condition_in(message)
        if condition and not _is_nested(message, start):
            draft.condition = condition
            condition = ""
        draft.sqlstate = sqlstate_in(message)
        for count, (name, start) in enumerate(inline_types(message)):
            if count >= MAX_INLINE:
                break
            self._nest(Draft(kind=_kind_of(name), type=name, line=number), message[start:])
        if condition:
            nested = Draft(kind=CauseKind.CONDITION, type="", line=number, condition=condition)
            self._nest(nested, message[end:].strip())
        for code, said, _ in error_bodies(message):
            body = Draft(kind=CauseKind.JSON, type=code, line=number)
            body.condition = code if "_" in code else ""
            self._nest(body, said)

    def _nest(self, draft: Draft, message: str) -> None:
        draft.inline = True
        parent = self._current
        draft.level = parent.level if parent is not None else Level.NONE
        draft.add_message(message.strip(), draft.line)
        if not draft.condition:
            condition, start, _ = condition_in(message)
            draft.condition = condition if start == 0 or not _is_nested(message, start) else ""
        draft.sqlstate = sqlstate_in(message)
        self._link = Link.DEEPER
        self._add(draft)

    def _continue(self, number: int, body: str) -> bool:
        if self._current is None:
            return False
        if self._current.kind is CauseKind.LINE:
            return False
        if self._current.message and self._current.message[-1].lower() in _LABELS:
            draft = Draft(kind=CauseKind.LINE, type="", line=number, level=self._current.level)
            draft.add_message(body, number)
            self._link = Link.DEEPER
            self._add(draft)
            return True
        self._current.add_message(body, number)
        if not self._current.sqlstate:
            self._current.sqlstate = sqlstate_in(body)
        if not self._current.condition:
            condition, start, _ = condition_in(body)
            self._current.condition = condition if start == 0 else ""
        for name, start in inline_types(body):
            self._nest(Draft(kind=_kind_of(name), type=name, line=number), body[start:])
            break
        if self._current.kind is CauseKind.JSON:
            return True
        for code, said, _ in error_bodies(body):
            nested = Draft(kind=CauseKind.JSON, type=code, line=number)
            nested.condition = code if "_" in code else ""
            self._nest(nested, said)
        return True

    # Lines that are no exceptions

    def _line(self, number: int, peeled: Peeled) -> None:
        body, level = peeled.body, peeled.level
        condition, start, end = condition_in(body)
        if condition and (start == 0 or level >= Level.NONE):
            draft = Draft(kind=CauseKind.CONDITION, type="", line=number, level=level)
            draft.condition, draft.sqlstate = condition, sqlstate_in(body)
            draft.add_message(body[end:].lstrip(": "), number)
            self._add(draft)
            self._open = True
            return
        names = list(inline_types(body))
        bodies = list(error_bodies(body))
        if not names and not bodies and not self._is_telling(body, level):
            return
        draft = Draft(kind=CauseKind.LINE, type="", line=number, level=level)
        draft.add_message(body, number)
        self._add(draft)
        self._open = True
        for name, start in names[:MAX_INLINE]:
            self._nest(Draft(kind=_kind_of(name), type=name, line=number), body[start:])
        for code, said, _ in bodies:
            nested = Draft(kind=CauseKind.JSON, type=code, line=number)
            nested.condition = code if "_" in code else ""
            self._nest(nested, said)

    def _is_telling(self, body: str, level: Level) -> bool:
        if level is Level.ERROR:
            return True
        if level <= Level.INFO:
            return phrases.SIGNAL.search(body) is not None
        return phrases.ERROR_WORD.search(body) is not None or (
            phrases.SIGNAL.search(body) is not None
        )

    def _add(self, draft: Draft) -> None:
        link, self._link = self._link, Link.NEW
        self._inherit_level(draft)
        if link is Link.NEW and self._follows_error_line(draft):
            link = Link.DEEPER
        if link is Link.NEW or not self.chains:
            self.chains.append(Chain())
            self.chains[-1].begin("")
        elif link is Link.DIRECT_CAUSE:
            self.chains[-1].begin("direct")
        elif link is Link.HANDLING:
            self.chains[-1].begin("handling")
        self.chains[-1].add(draft)
        self._current = draft

    def _inherit_level(self, draft: Draft) -> None:
        """A stack under a log line was logged as loudly as that line."""
        above = self._current
        if above is not None and self._open and draft.level is Level.NONE:
            draft.level = above.level

    def _follows_error_line(self, draft: Draft) -> bool:
        """An exception printed right under the log line or heading that announces it."""
        above = self._current
        if above is None or draft.kind is CauseKind.LINE or not self._open or draft.inline:
            return False
        if above.kind is CauseKind.LINE:
            return above.level is not Level.NONE or above.text.endswith(":")
        if above.type == draft.type and above.message[:1] == draft.message[:1]:
            return True
        return above.text.endswith(":") or not above.message


_LABELS = frozenset(
    {"last error:", "error message:", "error messages:", "original error:", "reason:", "stderr:",
     "most recent failure reason:", "the error was:", "details:", "cause:", "root cause:"}
)  # fmt: skip
"""Lines of a message after which the real one comes."""


def _lead(body: str) -> tuple[Link, str]:
    if body.startswith("Caused by: "):
        return Link.DEEPER, body[11:].strip()
    if body.startswith(": ") and split_header(body[2:].strip()) is not None:
        return Link.DEEPER, body[2:].strip()
    if body.startswith("Suppressed: "):
        return Link.DEEPER, body[12:].strip()
    if body.startswith("Exception in thread "):
        end = body.find('" ', 21)
        return Link.NEW, body[end + 2 :].strip() if end > 0 else body
    return Link.NEW, body


def _is_nested(message: str, start: int) -> bool:
    return start > 12 and message[:start].rstrip().endswith(":")


def _looks_java(name: str) -> bool:
    return name.startswith(("java.", "javax.", "org.", "com.", "scala.", "io.", "net.", "shaded."))


def _kind_of(name: str) -> CauseKind:
    return CauseKind.JAVA if _looks_java(name) else CauseKind.PYTHON
