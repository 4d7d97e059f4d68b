"""From texts to a report: the causes of every text, and one root for the whole failure."""

from collections.abc import Sequence
from dataclasses import replace

from jobmon.diagnosis import Cause, ErrorReport, Frame, TaskFailure
from rules.causes.draft import Draft
from rules.causes.root import choose_line, deepest, strength
from rules.causes.scan import Scanner
from rules.causes.text import clean_lines, examined
from rules.causes.wrappers import mark_wrappers, outermost_first

MAX_CAUSES = 100
"""Causes kept of one text: the outermost half and the innermost half."""
MAX_HEADLINE = 2_000


def parse(failure: TaskFailure) -> ErrorReport:
    """Read all texts of a failure and choose one root among them."""
    reports = [
        (parse_text(text, field=field, source=failure.source))
        for field, text in (
            ("trace", failure.trace),
            ("error", failure.error),
            ("logs", failure.logs),
            ("message", failure.message),
        )
        if text.strip()
    ]
    if not reports:
        return ErrorReport()
    best = next((r for r in reports if r.root is not None and not r.root.wrapper), None)
    best = best or next((r for r in reports if r.root is not None), None) or reports[0]
    others = [cause for r in reversed(reports) if r is not best for cause in r.causes]
    frame = best.user_frame or next((r.user_frame for r in reports if r.user_frame), None)
    return ErrorReport(
        causes=_bounded([*others, *best.causes]),
        root=best.root,
        user_frame=frame,
        headline=best.headline,
        lines_read=sum(r.lines_read for r in reports),
    )


def parse_text(text: str, *, field: str, source: str = "") -> ErrorReport:
    """Read one text: any text gives a report, in time linear in its length."""
    lines = clean_lines(text)
    scanner = Scanner()
    read = examined(lines)
    for number in read:
        scanner.read(number, lines[number])
    chains = [outermost_first(chain) for chain in scanner.finish()]
    for chain in chains:
        mark_wrappers(chain)
    best = _best(chains)
    ordered = [draft for chain in chains if chain is not best for draft in chain] + best
    root = deepest(best)
    for draft in ordered:
        choose_line(draft)
    causes = [draft.cause(lines, field=field) for draft in ordered]
    root_cause = causes[len(causes) - len(best) + best.index(root)] if root else None
    return ErrorReport(
        causes=_bounded(causes),
        root=root_cause,
        user_frame=_user_frame(best, chains, source),
        headline=root_cause.text if root_cause else _headline(lines, read),
        lines_read=len(read),
    )


def _best(chains: list[list[Draft]]) -> list[Draft]:
    best: list[Draft] = []
    highest = -1
    for chain in chains:
        root = deepest(chain)
        value = strength(root) if root is not None else 0
        if value > highest:
            best, highest = chain, value
    return best


def _bounded(causes: list[Cause]) -> tuple[Cause, ...]:
    if len(causes) <= MAX_CAUSES:
        return tuple(causes)
    half = MAX_CAUSES // 2
    return tuple(causes[:half] + causes[-half:])


def _user_frame(best: list[Draft], chains: list[list[Draft]], source: str) -> Frame | None:
    for chain in (best, *chains):
        for draft in reversed(chain):
            for frame in reversed(draft.frames):
                if frame.user_code or (source and source in frame.file):
                    return replace(frame, user_code=True)
    return None


def _headline(lines: tuple[str, ...], read: Sequence[int]) -> str:
    return next((lines[n] for n in read if lines[n].strip()), "")
