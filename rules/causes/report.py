"""From texts to a report: the causes of every text, and one root for the whole failure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobmon.diagnosis import Cause, CauseKind, ErrorReport, Frame, TaskFailure
from rules.causes import phrases
from rules.causes.clean_text import clean_lines
from rules.causes.draft import Draft
from rules.causes.events import sentence_alone
from rules.causes.examined_lines import examined
from rules.causes.frames import runs
from rules.causes.prefixes import is_quiet
from rules.causes.root import SURE, choose_line, deepest, strength
from rules.causes.scan import Scanner
from rules.causes.wrappers import mark_wrappers, outermost_first

MAX_CAUSES = 100
"""Causes kept of one text: the outermost half and the innermost half."""
MIN_WORDS = 3
FEW = 4
"""Lines of a text in which a sentence beside one that names no cause says why it failed."""
_OUTPUT = ("error", "trace")
"""The texts that are what the task itself ended with."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One text as it was read, and how sure its root is."""

    report: ErrorReport
    strength: int
    field: str
    told_at: int
    """The line that tells most where nothing looks like an error; -1 if something does."""
    told: str
    """That line."""


def parse(failure: TaskFailure) -> ErrorReport:
    """Read all texts of a failure and choose one root among them."""
    readings = [
        _read(text, field=field, source=failure.source)
        for field, text in (
            ("trace", failure.trace),
            ("error", failure.error),
            ("message", failure.message),
            ("logs", failure.logs),
        )
        if text.strip()
    ]
    if not readings:
        return ErrorReport()
    # What Databricks says about this run goes before logs, which also hold other things.
    sure = next((reading for reading in readings if reading.strength >= SURE), None)
    best = (sure or max(readings, key=lambda reading: reading.strength)).report
    if best.root is None or best.root.wrapper:
        best = _in_words(readings, best) or best
    reports = [reading.report for reading in readings]
    others = [
        cause for report in reversed(reports) if report is not best for cause in report.causes
    ]
    return ErrorReport(
        causes=_bounded([*others, *best.causes], best.root),
        root=best.root,
        user_frame=next((r.user_frame for r in [best, *reports] if r.user_frame), None),
        headline=best.headline,
        lines_read=sum(report.lines_read for report in reports),
    )


def parse_text(text: str, *, field: str, source: str = "") -> ErrorReport:
    """Read one text: any text gives a report, in time linear in its length."""
    return _read(text, field=field, source=source).report


def _read(text: str, *, field: str, source: str) -> _Reading:
    lines = clean_lines(text)
    scanner = Scanner()
    read = examined(lines)
    for number in read:
        scanner.read(number, lines[number])
    chains = [outermost_first(chain) for chain in scanner.finish()]
    for chain in chains:
        mark_wrappers(chain)
    # Of equals the first counts: the others more often follow from it. It comes last here, since
    # causes go from the outermost to the innermost; nearest to it is the next likely chain.
    weighed = list(reversed(chains))
    weighed.sort(key=lambda chain: strength(deepest(chain)))
    best = weighed[-1] if weighed else []
    root = deepest(best)
    causes: dict[int, Cause] = {}
    for draft in (draft for chain in weighed for draft in chain):
        choose_line(draft)
        causes[id(draft)] = draft.cause(lines, field=field)
    root_cause = causes[id(root)] if root is not None else None
    told_at = _telling_line(lines, read) if root is None else _told_beside(lines, root)
    told = lines[told_at] if told_at >= 0 else ""
    report = ErrorReport(
        causes=_bounded(list(causes.values()), root_cause),
        root=root_cause,
        user_frame=_user_frame(best, chains, source),
        headline=root_cause.text if root_cause is not None else told,
        lines_read=len(read),
    )
    return _Reading(report, strength(root), field, told_at, told)


def _in_words(readings: Sequence[_Reading], best: ErrorReport) -> ErrorReport | None:
    """Take what a task ended with for the root, though it looks like no error."""
    for reading in readings:
        report, line = reading.report, reading.told_at
        known = best.root is not None and best.root.field in _OUTPUT and best is not report
        if reading.field != "logs" and line >= 0 and not known:
            said = reading.told.strip()
            root = Cause(
                kind=CauseKind.LINE,
                type="",
                message=sentence_alone(said) or said,
                line=line,
                end_line=line,
                text=reading.told,
                field=reading.field,
            )
            return replace(report, causes=(root,), root=root, headline=reading.told)
    return None


def _bounded(causes: list[Cause], root: Cause | None) -> tuple[Cause, ...]:
    """Keep the outermost and the innermost half, and the root wherever it is."""
    half = MAX_CAUSES // 2
    kept = causes if len(causes) <= MAX_CAUSES else causes[:half] + causes[-half:]
    if root is None or any(cause is root for cause in kept):
        return tuple(kept)
    return (*kept[:half], root, *kept[half + 1 :])


def _user_frame(best: list[Draft], chains: list[list[Draft]], source: str) -> Frame | None:
    """Find it in Python's frames first: below a notebook's, the JVM's are seldom the user's."""
    drafts = [draft for chain in (best, *chains) for draft in reversed(chain)]
    drafts.sort(key=lambda draft: draft.kind is CauseKind.JAVA)
    for draft in drafts:
        # A JVM prints the deepest frame first, Python prints it last.
        deepest_first = draft.frames if draft.kind is CauseKind.JAVA else draft.frames[::-1]
        for frame in deepest_first:
            if frame.user_code or runs(source, frame.file):
                return replace(frame, user_code=True)
    return None


def _told_beside(lines: tuple[str, ...], root: Draft) -> int:
    """Choose the sentence beside words that name no cause, in a text of few lines.

    It stands above how a process ended, and below what only announces it.
    """
    said = [number for number, line in enumerate(lines) if line.strip()]
    if not root.wrapper or root.kind is not CauseKind.LINE or len(said) > FEW:
        return -1
    beside: list[int] = []
    if phrases.OF_AN_END.search(root.first_line) is not None:
        beside = [number for number in reversed(said) if number < root.line]
    elif phrases.ANNOUNCED.search(root.first_line) is not None:
        beside = [number for number in said if number > root.line]
    return next((n for n in beside if lines[n].count(" ") >= MIN_WORDS), -1)


def _telling_line(lines: tuple[str, ...], read: Sequence[int]) -> int:
    """Choose a line where nothing looks like an error: a sentence, rather no quiet one of a log."""
    said = [number for number in read if lines[number].strip()]
    sentences = [number for number in said if lines[number].count(" ") >= MIN_WORDS]
    loud = (number for number in sentences if not is_quiet(lines[number]))
    return next(loud, next(iter(sentences or said), -1))
