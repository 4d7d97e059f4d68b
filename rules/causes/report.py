"""From texts to a report: the causes of every text, and one root for the whole failure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobmon.diagnosis import Cause, CauseKind, ErrorReport, Frame, TaskFailure
from rules.causes.draft import Draft
from rules.causes.root import SURE, choose_line, deepest, strength
from rules.causes.scan import Scanner
from rules.causes.text import clean_lines, examined
from rules.causes.wrappers import mark_wrappers, outermost_first

MAX_CAUSES = 100
"""Causes kept of one text: the outermost half and the innermost half."""
MIN_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Reading:
    """One text as it was read, and how sure its root is."""

    report: ErrorReport
    strength: int


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
    reports = [reading.report for reading in readings]
    others = [
        cause for report in reversed(reports) if report is not best for cause in report.causes
    ]
    return ErrorReport(
        causes=_bounded([*others, *best.causes]),
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
    best, certainty = _best(chains)
    ordered = [draft for chain in chains if chain is not best for draft in chain] + best
    root = deepest(best)
    for draft in ordered:
        choose_line(draft)
    causes = [draft.cause(lines, field=field) for draft in ordered]
    root_cause = causes[len(causes) - len(best) + best.index(root)] if root else None
    report = ErrorReport(
        causes=_bounded(causes),
        root=root_cause,
        user_frame=_user_frame(best, chains, source),
        headline=root_cause.text if root_cause else _headline(lines, read),
        lines_read=len(read),
    )
    return _Reading(report, certainty)


def _best(chains: list[list[Draft]]) -> tuple[list[Draft], int]:
    """Choose the chain with the strongest root; of equals the first, for others follow from it."""
    best: list[Draft] = []
    highest = -1
    for chain in chains:
        root = deepest(chain)
        value = strength(root) if root is not None else 0
        if value > highest:
            best, highest = chain, value
    return best, highest


def _bounded(causes: list[Cause]) -> tuple[Cause, ...]:
    if len(causes) <= MAX_CAUSES:
        return tuple(causes)
    half = MAX_CAUSES // 2
    return tuple(causes[:half] + causes[-half:])


def _user_frame(best: list[Draft], chains: list[list[Draft]], source: str) -> Frame | None:
    for chain in (best, *chains):
        for draft in reversed(chain):
            # A JVM prints the deepest frame first, Python prints it last.
            java = draft.kind is CauseKind.JAVA
            for frame in draft.frames if java else reversed(draft.frames):
                if frame.user_code or (source and source in frame.file):
                    return replace(frame, user_code=True)
    return None


def _headline(lines: tuple[str, ...], read: Sequence[int]) -> str:
    """Choose a line where nothing looks like an error: a sentence rather than a word."""
    said = [lines[number] for number in read if lines[number].strip()]
    sentence = next((line for line in said if line.count(" ") >= MIN_WORDS), None)
    return sentence or (said[0] if said else "")
