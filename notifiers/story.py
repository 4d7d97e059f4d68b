"""What a message says, decided once for every medium: `Digest` in, clean plain text out.

The texts hold no markup and no control characters, but strangers wrote parts of them: each
medium escapes in its own way.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from jobmon.cause_group import CauseGroup
from jobmon.diagnosis import Category, Rerun
from jobmon.digest import Digest
from notifiers.standing import (
    OVER,
    SIGNS,
    Standing,
    StandingLine,
    headline_of,
    standing_line_of,
    standing_of,
)
from notifiers.text import counted, one_line, plain, shorten, shorten_front
from notifiers.wording import (
    NOT_RECOGNISED,
    RERUN_WORDS,
    background_of,
    count_of,
    counts_of,
    duration_of,
    instead_of_causes,
    kind_of,
    names_of,
    place_of,
    sentence_of,
    tries_of,
)

# Our adapter builds run addresses from the configured host; anything else is not linked.
_LINK = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?/[A-Za-z0-9/?#=&%._~+-]*")
AS_ABOVE = "As above."
_TRACEBACK = "Traceback (most recent call last):"
_LOCAL_LINK = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::\d+)?/[A-Za-z0-9/?#=&%._~+-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much of a story a medium has place for."""

    causes: int
    excerpt_lines: int
    line: int
    sentence: int
    background: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseStory:
    """One cause group in words."""

    count: str
    names: str
    sentence: str
    kind: str
    place: str
    excerpt: tuple[str, ...]
    excerpt_cut: int
    remedy: str
    rerun: str
    notes: tuple[str, ...]
    recognised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One digest in words."""

    standing: Standing
    sign: str
    headline: str
    line: StandingLine | None
    causes: tuple[CauseStory, ...]
    more_causes: int
    instead: tuple[str, ...]
    """What is said where no cause is known."""
    rerun: Rerun
    counts: tuple[str, ...]
    duration: str
    tries: tuple[str, ...]
    background: tuple[str, ...]
    run_url: str
    run: str
    """`Run 123`; nothing for an incident of many jobs or jobmon's own trouble."""
    started_at: datetime | None


def story_of(digest: Digest, *, room: Room) -> Story:
    """Tell a digest within the room there is."""
    standing, groups = standing_of(digest), digest.diagnosis.groups
    jobs = len(digest.incident.members)
    told = cause_stories_of(groups[: room.causes], room=room, of_jobs=jobs > 0)
    return Story(
        standing=standing,
        sign=SIGNS[standing],
        headline=headline_of(digest),
        line=standing_line_of(digest),
        causes=tuple(_as_past(cause, of_jobs=jobs > 0) for cause in told)
        if standing in OVER
        else told,
        more_causes=max(0, len(groups) - room.causes),
        instead=tuple(shorten(line, room.sentence) for line in instead_of_causes(digest)),
        rerun=digest.diagnosis.rerun,
        counts=counts_of(digest),
        duration=duration_of(digest),
        tries=tries_of(digest),
        background=background_of(digest)[: room.background],
        run_url=safe_link(digest.run.url),
        run="" if jobs or digest.is_alarm else f"Run {digest.run.run_id}",
        started_at=None if jobs else digest.run.started_at,
    )


def summary_of(story: Story) -> str:
    """The story in one or two sentences, for a phone's lock screen or a screen reader."""
    parts = [f"{story.sign} {story.headline}"]
    if story.line:
        parts.append(str(story.line))
    if story.causes and story.standing in OVER:
        parts.append(f"{story.causes[0].count}: {story.causes[0].sentence}")
    elif story.causes:
        cause = story.causes[0]
        named = cause.sentence if cause.recognised else f"cause {compact(cause)}"
        others = len(story.causes) - 1 + story.more_causes
        parts.append(f"{cause.count}: {named}")
        parts.append(f"And {counted(others, 'more cause')}" if others else "")
        parts.append(RERUN_WORDS[story.rerun] if cause.recognised else "")
    else:
        parts += [", ".join(story.counts), *story.instead[:1]]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def compact(cause: CauseStory) -> str:
    """A cause in one line; of one that is not known its best line."""
    if cause.recognised:
        return cause.sentence
    best = cause.excerpt[:1]
    return " ".join([_not_recognised(quoted=bool(best)), *best]) + "."


def _not_recognised(*, quoted: bool) -> str:
    """Openly that no rule knows it, leading over to the quote where that comes next."""
    return f"{NOT_RECOGNISED}; the error says:" if quoted else NOT_RECOGNISED


def _as_past(cause: CauseStory, *, of_jobs: bool) -> CauseStory:
    """What is over is told in a sentence alone, without the lines below it."""
    count = "The cause was" if of_jobs else f"{cause.count} had failed"
    return replace(cause, count=count, sentence=compact(cause))


def safe_link(url: str) -> str:
    """The address if nothing in it could be taken for markup, else nothing."""
    return url if _LINK.fullmatch(url) or _LOCAL_LINK.fullmatch(url) else ""


def cause_stories_of(
    groups: Iterable[CauseGroup], *, room: Room, of_jobs: bool = False
) -> tuple[CauseStory, ...]:
    """Tell causes, and a remedy that several in a row share once."""
    told: list[CauseStory] = []
    above = ""
    for group in groups:
        cause = _cause_story_of(group, room=room, of_jobs=of_jobs)
        is_told = bool(cause.remedy) and cause.remedy == above
        told.append(replace(cause, remedy=AS_ABOVE) if is_told else cause)
        above = cause.remedy or above
    return tuple(told)


def _cause_story_of(group: CauseGroup, *, room: Room, of_jobs: bool) -> CauseStory:
    """Tell one cause; of a platform incident no task is named."""
    finding = group.diagnosis.finding
    recognised = group.diagnosis.category is not Category.UNKNOWN
    lines = _excerpt(group, room)
    notes = [one_line(group.note)] if group.note else []
    notes += [f"From {one_line(group.origin)}"] if group.origin else []
    names = "" if of_jobs else shorten(names_of(group), room.line)
    frame = finding.user_frame if finding else None
    place = shorten(place_of(frame), room.line) if frame else ""
    # Every medium puts these between the sentence and the lines that are quoted.
    between = any((place, names, notes))
    openly = _not_recognised(quoted=bool(lines) and not between)
    return CauseStory(
        count="One cause" if of_jobs else count_of(group),
        names=names,
        sentence=shorten(sentence_of(group), room.sentence) if recognised else openly,
        kind=kind_of(group),
        place=place,
        excerpt=lines[: room.excerpt_lines],
        excerpt_cut=max(0, len(lines) - room.excerpt_lines),
        remedy=shorten(one_line(finding.remedy), room.sentence) if finding else "",
        rerun=RERUN_WORDS[group.diagnosis.rerun],
        notes=tuple(shorten(note, room.line) for note in notes),
        recognised=recognised,
    )


def _excerpt(group: CauseGroup, room: Room) -> tuple[str, ...]:
    lines = group.excerpt or (group.diagnosis.headline,)
    shown = (line.rstrip() for text in lines for line in plain(text).split("\n"))
    return tuple(_quoted(line, room.line) for line in shown if line.strip())


def _quoted(line: str, limit: int) -> str:
    """Of a traceback that came as one line people need the end: the error."""
    cut = shorten_front if _TRACEBACK in line else shorten
    return cut(line, limit)
