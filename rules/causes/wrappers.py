"""Which causes only wrap another one, and in which order a chain's sections lie."""

from collections import deque
from collections.abc import Collection, Sequence

import re2

from jobmon.diagnosis import CauseKind
from rules.causes import phrases
from rules.causes.bodies import error_bodies
from rules.causes.draft import Chain, Draft, Link
from rules.causes.error_conditions import CARRYING
from rules.causes.exception_types import BLAND, CARRIERS, EXPECTED, MUTE
from rules.causes.lines import RAISES

NAMES_NO_CAUSE = "names no cause of its own"
CARRIES = "carries the error below it"
REPEATS = "repeats another error of the chain"
FOLLOWS = "follows from an earlier failure"
SUPPRESSED = "suppressed beside the main error"
ECHOES = "is the JVM's side of the error above it"
SAID_AGAIN = "says again what the line above it says"
SAYS_NOTHING = "says nothing more than the error above it"

_IMPORTS = ("ImportError", "ModuleNotFoundError")
_NOT_BELOW = frozenset({FOLLOWS, NAMES_NO_CAUSE, SUPPRESSED, ECHOES, SAID_AGAIN})
_JOB_ABORTS = ("Job aborted", "[TASK_WRITE_FAILED]", "Task failed while", "Writing job aborted")
_BARE_STATUS = re2.compile(r"^(?:\d{3} (?:Client|Server) Error|(?:Client|Server) error '\d{3})\b")
"""What an HTTP client raises before anybody has read the answer."""
_GONE = re2.compile(r"^Client error '?(?:404|410)\b|^(?:404|410) (?:Client|Server) Error\b")
_NOT_THERE = re2.compile(
    r"(?i)\b(?:(?:unable to|could not|couldn't|cannot) find|not found|no such"
    r"|does(?: not|n't) exist)\b"
)
"""What a client makes of an answer that says so by its status."""
_STATUS_OF_DOTNET = re2.compile(
    r"^The remote server returned an error: \(\d{3}\)[\w ]{0,40}\.?\W*$"
)
"""What .NET's client raises, and whoever called it wraps into what the answer says."""
_MAKE_PARENTS = frozenset({"mkdir", "makedirs"})
_START_FAILED = re2.compile(r"^(?:CreateProcess )?error=\d+, ")
"""What Java says of a process that did not start; the error above it names the program."""
_NEAR = 20
"""How many deeper causes a cause is compared with."""
_JUDGED = 600
"""Characters of a message that decide whether it is a wrapper's."""


def outermost_first(chain: Chain) -> list[Draft]:
    """Put a chain's sections in order: what an exception was raised from is deeper than it."""
    ordered: list[Draft] = []
    for link, drafts in chain.sections:
        if link is Link.HANDLING and _was_handled(ordered, drafts):
            ordered = ordered + drafts
        else:
            ordered = drafts + ordered
    return ordered


def mark_wrappers(drafts: list[Draft]) -> None:
    """Say of each cause of a chain whether it is only a wrapper, and why."""
    deeper: deque[Draft] = deque(maxlen=_NEAR)
    for draft in reversed(drafts):
        draft.wrapper = _on_its_own(draft) or _in_its_chain(draft, deeper)
        if draft.wrapper not in _NOT_BELOW:
            deeper.appendleft(draft)
    for draft in drafts[:-1]:
        if not draft.wrapper and draft.kind is CauseKind.LINE and RAISES.match(draft.first_line):
            draft.wrapper = NAMES_NO_CAUSE  # What it raises stands below.
    if len(drafts) > 1 and not drafts[-1].wrapper and _says_nothing(drafts):
        drafts[-1].wrapper = SAYS_NOTHING


def _was_handled(before: list[Draft], after: list[Draft]) -> bool:
    """Tell whether an expected error was caught and the way around it failed: that one counts."""
    if not before or not after:
        return False
    first, last = before[-1], after[-1]
    if last.frames and last.frames[-1].file.endswith("logging/__init__.py"):
        return False  # Only the report of the first one failed.
    if last.short_type == "KeyboardInterrupt":
        return True  # It came from outside, whatever the task was dealing with.
    if first.short_type == "FileNotFoundError" and _inner_function(first) in _MAKE_PARENTS:
        return True  # The folders above are made then, and that failed.
    if last.short_type == "AttributeError" and first.text and last.text.endswith(first.text):
        return True  # `KeyError: 'x'` of a lookup, said again as what it means: no attribute 'x'.
    if first.short_type not in EXPECTED or last.short_type in EXPECTED | CARRIERS or not last.text:
        return False
    # What could not be imported says more than a bland error about it.
    return not first.type.endswith(_IMPORTS) or last.short_type not in BLAND


def _inner_function(draft: Draft) -> str:
    return draft.frames[-1].function if draft.frames else ""


def _on_its_own(draft: Draft) -> str:
    if draft.suppressed:
        return SUPPRESSED
    if draft.echo:
        return ECHOES
    if draft.again:
        mute = phrases.NO_CAUSE.search(draft.first_line[:_JUDGED]) is not None
        return NAMES_NO_CAUSE if mute else SAID_AGAIN
    is_line = draft.kind is CauseKind.LINE
    if not is_line and phrases.CASCADE.search(draft.first_line[:_JUDGED]) is not None:
        return FOLLOWS
    return ""


def _in_its_chain(draft: Draft, deeper: Sequence[Draft]) -> str:
    own = _own_words(draft, deeper)
    carries = not draft.error_condition or draft.error_condition in CARRYING
    # An executor that exited is a cause, with whatever code it did.
    lost = "ExecutorLostFailure" in own
    if (deeper or carries) and not lost and phrases.NO_CAUSE.search(own[:_JUDGED]) is not None:
        return NAMES_NO_CAUSE
    if not deeper:
        # `SystemExit: 1` and the like: a carrier that says a word is as good as mute.
        return NAMES_NO_CAUSE if draft.short_type in CARRIERS and " " not in own else ""
    if draft.short_type in CARRIERS or _is_job_abort(draft):
        return CARRIES
    if not draft.type and draft.error_condition in {"", "STREAM_FAILED"}:
        return CARRIES
    if _START_FAILED.search(deeper[0].text) and deeper[0].text in draft.text:
        return ""
    return REPEATS if draft.short_type in BLAND and _repeats(draft, deeper) else ""


def _is_job_abort(draft: Draft) -> bool:
    return draft.short_type in {"SparkException", ""} and (
        draft.text.startswith(_JOB_ABORTS) or draft.error_condition in CARRYING
    )


def _own_words(draft: Draft, deeper: Collection[Draft]) -> str:
    """Return the first line of the message without what is named inside it."""
    text = draft.first_line
    for other in deeper:
        if other.inline and other.line == draft.line:
            at = text.find(other.type or other.error_condition)
            if at >= 0:
                return text[:at].rstrip(" :[(\"'")
    return text


def _repeats(draft: Draft, deeper: Collection[Draft]) -> bool:
    text = draft.text
    for other in deeper:
        said = other.text
        if said and (said in text or text in said):
            return True
        if not said and other.type and other.type in text:
            return True
    return not text


def _says_nothing(drafts: list[Draft]) -> bool:
    """Tell a last cause of a mute type without words, or with those that one above begins with.

    So is a bare HTTP status below an error that quotes what the server answered, and why a process
    did not start below the error that names its program.
    """
    last = drafts[-1]
    if _BARE_STATUS.match(last.first_line):
        return any(_answers(draft, last) for draft in drafts[:-1])
    above = [draft for draft in drafts[:-1] if not draft.wrapper]
    if _STATUS_OF_DOTNET.match(last.first_line):
        return any(draft.text and not _STATUS_OF_DOTNET.match(draft.text) for draft in above)
    if last.short_type not in MUTE:
        return False
    if _START_FAILED.search(last.text):
        return any(last.text in draft.text for draft in above)
    if not last.text:
        return any(draft.text or draft.short_type not in MUTE for draft in above)
    return any(draft.type and _says_more(draft, last) for draft in above)


def _answers(draft: Draft, status: Draft) -> bool:
    """Tell an error that quotes the answer, or names what a bare 404 says is not there."""
    if next(error_bodies(draft.text), None) is not None:
        return True
    named = _NOT_THERE.search(draft.first_line) is not None and "://" not in draft.first_line
    return named and _GONE.match(status.first_line) is not None


def _says_more(draft: Draft, other: Draft) -> bool:
    return draft.text.startswith(other.text) and draft.short_type not in BLAND | MUTE
