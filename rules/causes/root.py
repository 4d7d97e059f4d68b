"""Choosing the root cause by structure, and the line to quote for it."""

from jobmon.diagnosis import CauseKind
from rules.causes import phrases
from rules.causes.draft import Draft
from rules.causes.prefixes import Level

_EXCEPTION, _SIGNAL, _ERROR, _WEAK, _WORDS, _NOTHING = 50, 48, 40, 28, 14, 4
_QUIET = {Level.WARN: 18, Level.INFO: 19, Level.DEBUG: 20}


def deepest(drafts: list[Draft]) -> Draft | None:
    """The deepest cause of a chain that is not a wrapper, or its deepest wrapper."""
    for draft in reversed(drafts):
        if not draft.wrapper:
            return draft
    return drafts[-1] if drafts else None


def strength(draft: Draft) -> int:
    """How likely a chain's root is the root of everything, by what kind of line it is."""
    if draft.wrapper or " " not in draft.text and draft.kind is CauseKind.LINE:
        return _NOTHING - (" " not in draft.text)
    text = draft.text[:600]
    if phrases.CASCADE.search(text) is not None:
        return _NOTHING + 1
    if draft.unfinished:
        return _WEAK + 2
    weak = phrases.WEAK.search(text) is not None
    if draft.kind is not CauseKind.LINE:
        base = _WEAK if weak else _EXCEPTION
    elif weak or text.endswith(":"):
        base = _WEAK
    elif phrases.SIGNAL.search(text) is not None:
        base = _SIGNAL
    elif draft.level is Level.ERROR or text.startswith(_TOOL):
        base = _ERROR
    else:
        base = _WORDS + min(text.count(" "), 6)
    return base - _QUIET.get(draft.level, 0)


_TOOL = ("Error: ", "ERROR: ", "error: ", "fatal: ", "FAILED: ", "Failure: ", "Error ", "E: ")


def choose_line(draft: Draft) -> None:
    """Decide which line of a cause to quote: its first, unless that one is empty or announces."""
    if draft.inline or not draft.message:
        draft.quoted = draft.line if draft.quoted < 0 else draft.quoted
        return
    first = draft.message[0]
    if draft.at[0] != draft.line:
        draft.quoted = draft.at[0]
        return
    if len(draft.message) > 1 and (_announces(first) or _names_later(first, draft.message[1])):
        draft.quoted = draft.at[1]


def _announces(first: str) -> bool:
    """`[05:06:27] /workspace/src/x.cu:119:`: a place, not a message."""
    return first.endswith(":") and first[:1] in "[/" and " " in first and ": " not in first[:-1]


def _names_later(first: str, second: str) -> bool:
    """A sentence wrapped before the name it is about: the name's line says more."""
    return "`" in second and not set(first) & set("`'\"") and second[:1].islower()
