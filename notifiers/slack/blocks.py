"""An incident's root message as Block Kit: the cause first, then what to do, then the facts."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from jobmon.digest import Digest
from notifiers.slack.buttons import actions_of
from notifiers.slack.elements import (
    Block,
    bold,
    context,
    header,
    mention,
    mrkdwn,
    plain_text,
    preformatted,
    prose,
    rich_list,
    rich_section,
    rich_text,
    words,
)
from notifiers.slack.limits import BLOCKS_BUDGET, MAX_TEXT
from notifiers.slack.mrkdwn import is_mentionable, link, local_time, safe, standing_line
from notifiers.standing import OVER, Standing, StandingLine, standing_of
from notifiers.story import (
    CauseStory,
    Room,
    Story,
    cause_stories_of,
    compact,
    story_of,
    summary_of,
)
from notifiers.text import counted

# From generous to bare: the first that fits is taken, so a message is never refused for its size.
ROOMS = (
    Room(causes=6, excerpt_lines=8, line=300, sentence=500, background=6),
    Room(causes=6, excerpt_lines=6, line=160, sentence=300, background=5),
    Room(causes=4, excerpt_lines=4, line=120, sentence=250, background=4),
    Room(causes=2, excerpt_lines=3, line=100, sentence=160, background=2),
    Room(causes=1, excerpt_lines=1, line=60, sentence=80, background=0),
)
ROOMS_IN_FULL = (
    Room(causes=8, excerpt_lines=4, line=200, sentence=500, background=6),
    Room(causes=6, excerpt_lines=3, line=160, sentence=300, background=6),
    *ROOMS[2:],
)
MAX_MENTIONS = 5

Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackMessage:
    """Blocks, and the text that notifications and screen readers show instead of them."""

    text: str
    blocks: Blocks


def root_message(digest: Digest) -> SlackMessage:
    """Render an incident's one message as it should be seen now."""
    return _fitting(digest, ROOMS, _blocks)


def in_full(digest: Digest) -> SlackMessage:
    """Tell the same to one person who asked: each cause in full, nothing to click."""
    return _fitting(digest, ROOMS_IN_FULL, _blocks_in_full)


def size_of(blocks: Blocks) -> int:
    """What counts towards `BLOCKS_BUDGET`: bytes of JSON, without escapes."""
    return len(json.dumps(blocks, ensure_ascii=False).encode(errors="replace"))


def called_by(digest: Digest) -> tuple[str, ...]:
    """The ids from settings whom a message calls; nobody where there is nothing to do."""
    if standing_of(digest) in OVER | {Standing.MUTED}:
        return ()
    return tuple(filter(is_mentionable, digest.mentions[:MAX_MENTIONS]))


def calls_of(digest: Digest) -> list[Block]:
    """`For @ana @oncall`, where the message calls anybody."""
    elements: list[Block] = []
    for target in called_by(digest):
        elements += [words(" " if elements else "For "), mention(target)]
    return [rich_section(*elements)] if elements else []


def _fitting(
    digest: Digest, rooms: Sequence[Room], draw: Callable[[Digest, Room], tuple[Story, Blocks]]
) -> SlackMessage:
    for room in rooms:
        story, blocks = draw(digest, room)
        if size_of(blocks) <= BLOCKS_BUDGET:
            break
    return SlackMessage(text=safe(summary_of(story), MAX_TEXT // 5), blocks=blocks)


def _blocks(digest: Digest, room: Room) -> tuple[Story, Blocks]:
    story = story_of(digest, room=room)
    blocks = [*_top(story), _body(digest, story)]
    if len(story.causes) > 1 and story.standing not in OVER:
        blocks.append(_other_causes(story))
    blocks += _bottom(story)
    actions = actions_of(digest, story)
    return story, tuple([*blocks, actions] if actions else blocks)


def _blocks_in_full(digest: Digest, room: Room) -> tuple[Story, Blocks]:
    story, of_jobs = story_of(digest, room=room), bool(digest.incident.members)
    groups = digest.diagnosis.groups[: room.causes]
    bodies = [
        rich_text([*_paragraph(cause, cut="not shown"), *_advice(cause, story)])
        for cause in cause_stories_of(groups, room=room, of_jobs=of_jobs)
    ]
    if story.more_causes:
        more = f"and {counted(story.more_causes, 'more cause')}"
        bodies.append(rich_text([rich_section(words(more))]))
    bodies = bodies or [rich_text([_without_cause(story)])]
    return story, (*_top(story), *bodies, *_bottom(story))


def _top(story: Story) -> Iterator[Block]:
    yield header(f"{story.sign} {story.headline}")
    if story.line:
        yield context(mrkdwn(_standing(story.line)))


def _bottom(story: Story) -> Iterator[Block]:
    if facts := _facts(story):
        yield context(mrkdwn(facts))
    if story.background:
        yield context(plain_text(" · ".join(story.background)))


def _standing(line: StandingLine) -> str:
    return standing_line(replace(line, before=f"*{line.before}*"))


def _body(digest: Digest, story: Story) -> Block:
    """Always rich text: an edit may not replace rich text by other blocks."""
    elements = _main_cause(story.causes[0], story) if story.causes else [_without_cause(story)]
    return rich_text([*elements, *calls_of(digest)])


def _main_cause(cause: CauseStory, story: Story) -> list[Block]:
    if story.standing in OVER:
        return [rich_section(bold(f"{cause.count}: "), *prose(cause.sentence))]
    return [*_paragraph(cause, cut="in the thread"), *_advice(cause, story)]


def _paragraph(cause: CauseStory, *, cut: str) -> list[Block]:
    """A cause, where it is and the lines that show it; `cut` says where the others are."""
    detail = " · ".join(part for part in (cause.kind, cause.names, *cause.notes) if part)
    lines = list(cause.excerpt)
    if cause.excerpt_cut:
        lines.append(f"… {counted(cause.excerpt_cut, 'more line')} {cut}")
    sentence = rich_section(
        bold(f"{cause.count}: "),
        *prose(cause.sentence),
        *(words(f"\n{line}") for line in (cause.place, detail) if line),
    )
    return [sentence, *([preformatted("\n".join(lines))] if lines else [])]


def _advice(cause: CauseStory, story: Story) -> list[Block]:
    parts = [bold("Next: "), *prose(cause.remedy)] if cause.remedy else []
    if story.standing not in OVER | {Standing.REPAIRING}:
        parts += [words("\n")] if parts else []
        parts.append(bold(cause.rerun))
    return [rich_section(*parts)] if parts else []


def _without_cause(story: Story) -> Block:
    return rich_section(*prose("\n".join(story.instead) or "The cause is not known yet."))


def _other_causes(story: Story) -> Block:
    items = [
        rich_section(bold(f"{cause.count}: "), *prose(f"{compact(cause)} {cause.rerun}"))
        for cause in story.causes[1:]
    ]
    elements = [rich_section(bold("Other causes")), rich_list(items)]
    if story.more_causes:
        more = counted(story.more_causes, "more cause")
        elements.append(rich_section(words(f"and {more} in the thread")))
    return rich_text(elements)


def _facts(story: Story) -> str:
    facts = (
        link(story.run_url, story.run) if story.run_url and story.run else story.run,
        *story.counts,
        f"started {local_time(story.started_at)}" if story.started_at else "",
        story.duration,
        *story.tries,
    )
    return " · ".join(fact for fact in facts if fact)
