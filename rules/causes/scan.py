"""One pass over the lines of a text, reading causes as they come."""

from jobmon.diagnosis import CauseKind
from rules.causes import jvm_frames
from rules.causes.boxes import Box
from rules.causes.chains import Chains
from rules.causes.draft import Chain, Draft, Link
from rules.causes.events import (
    JsonEvent,
    holds_event,
    json_event,
    printed_line,
    sentence_alone,
    whole_body,
)
from rules.causes.exception_names import is_exception_name, looks_java, split_header
from rules.causes.frames import is_native_frame
from rules.causes.joints import Joints
from rules.causes.json_lines import is_json_like, json_pair
from rules.causes.labels import tells_of_test
from rules.causes.leads import is_branch, split_lead
from rules.causes.lines import heads_message, plain_cause
from rules.causes.prefixes import MAX_LINE, Level, Peeled, peel
from rules.causes.prompts import begins_anew
from rules.causes.python_frames import is_drawn_source
from rules.causes.stack import Stack

_ABOVE_ROOT = " with root cause"
"""How Tomcat's line ends that names an exception above the innermost of its causes."""
_DETAILS = ('"details": [', '"details":[', '"innererror": {', '"innerError": {')
"""What opens the part of an answer that says why of it, as Azure's services print it."""
_OPENED = frozenset({"'", '"', "u'", 'u"'})
"""What a message begins with that Python shows with `repr`, where a line's end follows at once."""


class Scanner:
    """Reads the lines of a text in order."""

    def __init__(self) -> None:
        self._chains = Chains()
        self._blanks = 0
        self._stack = Stack()
        self._joints = Joints(self._chains, self._stack)
        self._ename = ""
        self._heading = False
        self._box = Box()
        self._line = ""
        self._prefix = ""
        self._next = 0

    def read(self, number: int, line: str) -> None:
        """Take the next line of the text."""
        if number > self._next:
            self._leave_gap()
        self._next = number + 1
        line = printed_line(line)
        self._line = line
        if self._stack.inside and self._stack.take_source(line):
            return
        if begins_anew(line):
            self._leave_gap()
            return
        if tells_of_test(line):
            self._leave_gap()
        if line.startswith("\tat "):
            self._body(number, Peeled(line[:MAX_LINE].strip()))
            return
        peeled = peel(line)
        self._blanks = 0 if peeled.body else self._blanks + 1
        if not peeled.body:
            self._chains.open = self._chains.open and self._blanks == 1
            return
        if (is_json_like(peeled.body) or holds_event(line)) and self._json(number, line, peeled):
            return
        self._body(number, peeled)

    def finish(self) -> list[Chain]:
        """Return the chains that were read, with a traceback that the text breaks off."""
        self._joints.announce(None)
        return self._chains.all

    def _leave_gap(self) -> None:
        """Let nothing hang together across lines that were not read."""
        self._joints.announce(None)
        self._chains.open = self._stack.inside = self._heading = False
        self._chains.link = Link.NEW
        self._stack.claim()

    # JSON

    def _json(self, number: int, line: str, peeled: Peeled) -> bool:
        at = line.find("{")
        event = json_event(line[at:].rstrip()) if at >= 0 else None
        if event is not None and (peeled.body[0] == "{" or event.level is not Level.NONE):
            self._event(number, event)
            return True
        pair = json_pair(whole_body(peeled.body, line))
        if pair is None:
            return self._sentence(number, peeled)
        key, parts = pair
        if not key and peeled.body.startswith(_DETAILS):
            self._chains.detailed = True
        if key == "failureType":
            return True  # Data Factory only says there whose error it takes it for.
        if key == "ename":
            # `Error`, as Livy names all that is no exception, is no type.
            self._ename = parts[0] if is_exception_name(parts[0], in_traceback=True) else ""
        elif key == "evalue" and self._ename:
            draft = Draft(kind=CauseKind.JSON, type=self._ename, line=number)
            self._chains.add(draft, parts[0])
            self._ename, self._chains.open = "", False
        elif not self._chains.answered(number, key, parts):
            for part in parts:
                self._inner(number, part, peeled.level)
        return True

    def _sentence(self, number: int, peeled: Peeled) -> bool:
        """Take an object for what it says; below an error it is a part of that one's message."""
        said = "" if self._chains.open else sentence_alone(peeled.body)
        if said:
            self._inner(number, said, peeled.level)
        return bool(said)

    def _event(self, number: int, event: JsonEvent) -> None:
        if len(event.said) > 1:
            self._chains.open = False  # It brings along what it is about.
        for part in event.said:
            self._inner(number, part, event.level)
        if len(event.said) > 1:
            self._chains.open = False

    def _inner(self, number: int, part: str, level: Level) -> None:
        peeled = peel(part)
        if peeled.body and peeled.level is Level.NONE:
            logged = level is not Level.NONE
            peeled = Peeled(peeled.body, level, logged, prefix=level.name)
        if peeled.body:
            self._body(number, peeled)

    # Lines

    def _body(self, number: int, peeled: Peeled) -> None:
        body = peeled.body
        # Where every line has the same prefix, it says nothing about where a message ends.
        fresh = peeled.logged and peeled.prefix != self._prefix
        self._prefix = peeled.prefix
        if self._chains.told_below_its_place(number, body):
            return
        if self._frame(number, body) or self._joints.heads(number, body, self._line, peeled.level):
            return
        if self._joints.links(body) or self._named(number, peeled):
            return
        if self._stack.inside and not fresh:
            return
        if not fresh and self._chains.proceed(number, body):
            return
        self._plain(number, peeled)

    def _plain(self, number: int, peeled: Peeled) -> None:
        """Take a line that belongs to no exception, if it tells anything."""
        below, self._heading = self._heading, heads_message(peeled.body)
        below = self._box.tells(self._line, peeled.body) or below
        self._chains.open = False
        draft, message = plain_cause(number, peeled, told=below or self._heading)
        if draft is None:
            self._stack.logged = (number, peeled.level)
            return
        if below:
            self._chains.link = Link.DEEPER
        self._box.begin(self._line, peeled.body)
        self._chains.add(draft, message)
        if peeled.body.endswith(_ABOVE_ROOT):
            self._chains.link = Link.DEEPER

    # Stacks

    def _frame(self, number: int, body: str) -> bool:
        body = jvm_frames.with_at(body)
        if body.startswith("at "):
            if not jvm_frames.is_java_frame(body):
                return False
            self._java_frame(body)
        elif body.startswith("..."):
            if "more" not in body and "elided" not in body and body.strip(". "):
                return False
        elif body.startswith(jvm_frames.SERIALIZATION_STACK) or is_native_frame(body):
            pass  # Where Spark met an object, or compiled code was: not what is wrong.
        elif not (is_drawn_source(body) or self._stack.take(number, body)):
            return False
        self._chains.open = False
        return True

    def _java_frame(self, body: str) -> None:
        current = self._chains.current
        if current is None or not jvm_frames.worth_reading(body, current.frames):
            return
        frame = jvm_frames.java_frame(body)
        if frame is not None:
            current.frames.append(frame)

    # Errors by name

    def _named(self, number: int, peeled: Peeled) -> bool:
        link, rest = split_lead(peeled.body)
        if link is Link.DEEPER and self._line[:1] in {" ", "\t"} and self._chains.in_suppressed():
            link = Link.SUPPRESSED
        header = split_header(rest, in_traceback=self._stack.inside)
        if header is None and (link is Link.NEW or not rest):
            return False
        name, message = header or ("", rest)
        if message in _OPENED:
            message = ""
        if link is not Link.NEW:
            self._chains.link = link
        in_java = link is not Link.NEW or (header is not None and looks_java(name))
        kind = CauseKind.JAVA if in_java else CauseKind.PYTHON
        if not name and is_branch(peeled.body):
            kind = CauseKind.LINE
        level = self._stack.loudness(number, peeled.level, kind)
        draft = Draft(kind=kind, type=name, line=number, level=level, end_line=number)
        draft.frames = self._stack.claim()
        self._stack.announced, self._stack.inside, self._heading = None, False, False
        self._chains.add(draft, message)
        return True
