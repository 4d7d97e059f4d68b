"""One pass over the lines of a text, reading causes as they come."""

from dataclasses import replace

from jobmon.diagnosis import CauseKind, Frame
from rules.causes import frames
from rules.causes.bodies import is_json_like, json_event, json_pair
from rules.causes.chains import Chains, Link
from rules.causes.conditions import raised_condition
from rules.causes.draft import MAX_FRAMES, Chain, Draft
from rules.causes.names import is_exception_name, kind_of, looks_java, split_header
from rules.causes.plain import heads_message, plain_cause
from rules.causes.prefixes import Level, Peeled, peel
from rules.causes.text import MAX_LINE

_TRACEBACK = "Traceback (most recent call last)"
_LINKS = (
    ("The above exception was the direct cause", Link.DIRECT_CAUSE),
    ("During handling of the above exception", Link.HANDLING),
    ("JVM stacktrace", Link.ECHO),
)
_LEADS = (("Caused by: ", Link.DEEPER), ("Suppressed: ", Link.SUPPRESSED))


class Scanner:
    """Reads the lines of a text in order."""

    def __init__(self) -> None:
        self._chains = Chains()
        self._blanks = 0
        self._in_traceback = False
        self._frames: list[Frame] = []
        self._announced: Draft | None = None
        self._ename = ""
        self._heading = False

    def read(self, number: int, line: str) -> None:
        """Take the next line of the text."""
        if line.startswith("\tat "):
            self._body(number, Peeled(line[:MAX_LINE].strip()))
            return
        peeled = peel(line[:MAX_LINE])
        if not peeled.body:
            self._blank()
            return
        self._blanks = 0
        if is_json_like(peeled.body) and self._json(number, line.strip(), peeled.body):
            return
        self._body(number, peeled)

    def finish(self) -> list[Chain]:
        """Return the chains that were read, with a traceback that the text breaks off."""
        self._announce(None)
        return self._chains.all

    def _blank(self) -> None:
        self._blanks += 1
        if self._blanks > 1:
            self._chains.open = False

    # JSON

    def _json(self, number: int, line: str, body: str) -> bool:
        if line[0] == "{":
            event = json_event(line)
            for part in event.said if event is not None else ():
                self._inner(number, part, event.level if event is not None else Level.NONE)
            return event is not None
        pair = json_pair(body)
        if pair is None:
            return False
        key, parts = pair
        if key == "ename" and is_exception_name(parts[0]):
            self._ename = parts[0]
        elif key == "evalue" and self._ename:
            draft = Draft(kind=CauseKind.JSON, type=self._ename, line=number)
            self._chains.add(draft, parts[0])
            self._ename, self._chains.open = "", False
        else:
            for part in parts:
                self._inner(number, part, Level.NONE)
        return True

    def _inner(self, number: int, part: str, level: Level) -> None:
        peeled = peel(part[:MAX_LINE])
        if peeled.body and peeled.level is Level.NONE:
            peeled = Peeled(peeled.body, level, logged=level is not Level.NONE)
        if peeled.body:
            self._body(number, peeled)

    # Lines

    def _body(self, number: int, peeled: Peeled) -> None:
        body = peeled.body
        if self._stack(number, body) or self._traceback(number, body, peeled.level):
            return
        if self._linked(body) or self._named(number, peeled):
            return
        if self._in_traceback and not peeled.logged:
            return
        if not peeled.logged and self._chains.proceed(number, body):
            return
        self._plain(number, peeled)

    def _plain(self, number: int, peeled: Peeled) -> None:
        """Take a line that belongs to no exception, if it tells anything."""
        below, self._heading = self._heading, heads_message(peeled.body)
        self._chains.open = False
        draft, message = plain_cause(number, peeled, told=below or self._heading)
        if draft is None:
            return
        if below:
            self._chains.link = Link.DEEPER
        self._chains.add(draft, message)

    # Stacks

    def _stack(self, number: int, body: str) -> bool:
        if body.startswith("at "):
            if "(" not in body and "." not in body:
                return False
            current = self._chains.current
            if current is not None and frames.worth_reading(body, current.frames):
                frame = frames.java_frame(body)
                current.frames += [frame] if frame is not None else []
        elif body.startswith("..."):
            if "more" not in body and "elided" not in body and body.strip(". "):
                return False
        else:
            return self._source(number, body) or self._python_frame(body)
        self._chains.open = False
        return True

    def _source(self, number: int, body: str) -> bool:
        """Take a line of source as IPython quotes it: `---> 10 df.collect()`."""
        code = frames.numbered_code(body)
        if code is None or not (code.arrow or self._in_traceback):
            return False
        if code.arrow and self._frames:
            last = self._frames[-1]
            line = code.number if last.line is None else last.line
            self._frames[-1] = replace(last, line=line, code=code.source.strip())
        condition = raised_condition(code.source)
        if condition and self._announced is not None:
            self._announced.condition, self._announced.quoted = condition, number
        return True

    def _python_frame(self, body: str) -> bool:
        frame = frames.python_frame(body)
        if frame is None:
            if self._in_traceback and self._frames and not self._frames[-1].code:
                self._note_code(body)
            return False
        self._in_traceback, self._chains.open = True, False
        self._frames.append(frame)
        if len(self._frames) > MAX_FRAMES:
            del self._frames[MAX_FRAMES // 2]
        return True

    def _note_code(self, body: str) -> None:
        if split_header(body, in_traceback=True) is None and _TRACEBACK not in body:
            self._frames[-1] = replace(self._frames[-1], code=body[:200])

    def _traceback(self, number: int, body: str, level: Level) -> bool:
        at = body.find(_TRACEBACK)
        if at < 0:
            return self._ruled_off(body)
        lead = body[:at].strip().rstrip(":'\"").strip()
        header = split_header(lead + ":") if lead else None
        chains = self._chains
        self._announce(None)
        if chains.link is Link.NEW and header is not None and ":" in body[max(0, at - 3) : at]:
            # A JVM's error whose message is the traceback of a Python worker.
            chains.add(Draft(kind=kind_of(header[0]), type=header[0], line=number, level=level))
            chains.link, header = Link.DEEPER, None
        elif header is None and chains.link is Link.NEW and chains.open:
            chains.link = Link.DEEPER
        if header is not None:
            draft = Draft(kind=CauseKind.PYTHON, type=header[0], line=number, level=level)
            self._announce(draft)
        self._in_traceback, chains.open = True, False
        return True

    def _ruled_off(self, body: str) -> bool:
        if not body.startswith("-----") or body.strip("-"):
            return False
        self._chains.open = False
        return True

    def _announce(self, draft: Draft | None) -> None:
        """Note a traceback's announced type; one announced before was never seen again."""
        before, self._announced = self._announced, draft
        if before is not None:
            before.unfinished = True
            before.frames, self._frames = self._frames, []
            self._chains.add(before)

    def _linked(self, body: str) -> bool:
        if body[0] not in "TDJ":
            return False
        for words, link in _LINKS:
            if body.startswith(words):
                self._chains.link = link
                self._in_traceback = self._chains.open = False
                return True
        return False

    # Errors by name

    def _named(self, number: int, peeled: Peeled) -> bool:
        link, rest = _lead(peeled.body)
        header = split_header(rest, in_traceback=self._in_traceback)
        if header is None and (link is Link.NEW or not rest):
            return False
        name, message = header or ("", rest)
        if link is not Link.NEW:
            self._chains.link = link
        in_java = link is not Link.NEW or (header is not None and looks_java(name))
        kind = CauseKind.JAVA if in_java else CauseKind.PYTHON
        draft = Draft(kind=kind, type=name, line=number, level=peeled.level, end_line=number)
        draft.frames, self._frames = self._frames, []
        self._announced, self._in_traceback, self._heading = None, False, False
        self._chains.add(draft, message)
        return True


def _lead(body: str) -> tuple[Link, str]:
    """Split off what stands in front of an error's name and says how it hangs together."""
    for words, link in _LEADS:
        if body.startswith(words):
            return link, body[len(words) :].strip()
    if body.startswith(": ") and split_header(body[2:].strip()) is not None:
        return Link.DEEPER, body[2:].strip()
    if body.startswith("Exception in thread "):
        end = body.find('" ', len("Exception in thread ") + 1)
        return Link.NEW, body[end + 2 :].strip() if end > 0 else body
    return Link.NEW, body
