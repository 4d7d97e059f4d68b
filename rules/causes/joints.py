"""Lines that say how errors hang together: heads of tracebacks, links between errors, rules."""

from jobmon.diagnosis import CauseKind
from rules.causes.chains import Chains
from rules.causes.draft import Draft, Link
from rules.causes.exception_names import kind_of, split_header
from rules.causes.prefixes import Level
from rules.causes.stack import Stack

_TRACEBACK = "Traceback (most recent call last)"
_LINKS = (
    ("The above exception was the direct cause", Link.DIRECT_CAUSE),
    ("During handling of the above exception", Link.HANDLING),
    ("The above exception was caused by the following", Link.DEEPER),
    ("JVM stacktrace", Link.ECHO),
)
_RULES = frozenset({"-----", "=====", "*****", "_____", "~~~~~", "#####"})
_STACKS = ("Driver stacktrace:", "Stack trace:", "Stacktrace:", "Call stack:")


class Joints:
    """Reads them into the chains and the stack that a text is read into."""

    def __init__(self, chains: Chains, stack: Stack) -> None:
        self._chains = chains
        self._stack = stack

    def heads(self, number: int, body: str, line: str, level: Level) -> bool:
        """Take the head of a traceback or a stack, or a rule between errors."""
        at = body.find(_TRACEBACK)
        if at < 0:
            return self._ruled_off(body)
        lead = body[:at].strip().rstrip(":'\"").strip()
        header = split_header(lead + ":") if lead else None
        chains = self._chains
        self.announce(None)
        if chains.link is Link.NEW and header is not None and ":" in body[max(0, at - 3) : at]:
            # A JVM's error whose message is the traceback of a Python worker.
            chains.add(Draft(kind=kind_of(header[0]), type=header[0], line=number, level=level))
            chains.link, header = Link.DEEPER, None
        elif header is None and chains.link is Link.NEW and chains.open:
            chains.link = Link.DEEPER
        if header is not None:
            draft = Draft(kind=CauseKind.PYTHON, type=header[0], line=number, level=level)
            self.announce(draft)
        self._stack.begin(number, line)
        chains.open = False
        return True

    def _ruled_off(self, body: str) -> bool:
        if body.startswith("+-") and not body.strip("+- 0123456789"):
            # Between the exceptions of a group: the first one is below it, the rest beside that.
            self._chains.link = Link.DEEPER if body.startswith("+-+") else Link.NEW
            self._chains.open = False
            return True
        is_rule = body[:5] in _RULES and not body.strip("-=*_~#")
        if not is_rule and not body.startswith(_STACKS):
            return False
        self._chains.rule_off()
        return True

    def announce(self, draft: Draft | None) -> None:
        """Note a traceback's announced type; one announced before was never seen again."""
        before, self._stack.announced = self._stack.announced, draft
        if before is not None:
            before.unfinished = True
            before.frames = self._stack.claim()
            self._chains.add(before)

    def links(self, body: str) -> bool:
        """Take a line that says what the next error is to the one above."""
        if body[0] not in "TDJ":
            return False
        for words, link in _LINKS:
            if body.startswith(words):
                self._chains.link = link
                self._stack.inside = self._chains.open = False
                return True
        return False
