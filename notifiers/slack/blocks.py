"""An incident's root message as Block Kit: the cause first, then what to do, then the facts."""

import json
from dataclasses import dataclass

from jobmon.digest import Digest
from notifiers.slack.buttons import actions_of
from notifiers.slack.elements import (
    Block,
    bold,
    context,
    header,
    mention,
    mrkdwn,
    plain_section,
    plain_text,
    preformatted,
    prose,
    rich_list,
    rich_section,
    rich_text,
    words,
)
from notifiers.slack.limits import BLOCKS_BUDGET, MAX_TEXT
from notifiers.slack.mrkdwn import link, local_time, person, safe
from notifiers.standing import OVER, Standing, StandingLine, standing_of
from notifiers.story import CauseStory, Room, Story, compact, story_of, summary_of
from notifiers.text import counted

# From generous to bare: the first that fits is taken, so a message is never refused for its size.
ROOMS = (
    Room(causes=6, excerpt_lines=8, line=300, sentence=500, background=6),
    Room(causes=6, excerpt_lines=6, line=160, sentence=300, background=5),
    Room(causes=4, excerpt_lines=4, line=120, sentence=250, background=4),
    Room(causes=2, excerpt_lines=3, line=100, sentence=160, background=2),
    Room(causes=1, excerpt_lines=1, line=60, sentence=80, background=0),
)
MAX_MENTIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackMessage:
    """Blocks, and the text that notifications and screen readers show instead of them."""

    text: str
    blocks: tuple[Block, ...]


def root_message(digest: Digest) -> SlackMessage:
    """Render an incident's one message as it should be seen now."""
    for room in ROOMS:
        story = story_of(digest, room=room)
        blocks = _blocks(digest, story)
        if size_of(blocks) <= BLOCKS_BUDGET:
            break
    return SlackMessage(text=safe(summary_of(story), MAX_TEXT // 5), blocks=blocks)


def without_rich_text(digest: Digest) -> SlackMessage:
    """The plainest blocks, for when Slack refuses the full ones."""
    story = story_of(digest, room=ROOMS[-1])
    blocks = [header(f"{story.sign} {story.headline}"), plain_section(summary_of(story))]
    return SlackMessage(text=safe(summary_of(story), MAX_TEXT // 5), blocks=tuple(blocks))


def size_of(blocks: tuple[Block, ...]) -> int:
    """How Slack's undocumented total limit is kept: characters of JSON."""
    return len(json.dumps(blocks))


def mentions_of(digest: Digest) -> list[Block]:
    """The people from settings whom a message calls; nobody where there is nothing to do."""
    if standing_of(digest) in OVER | {Standing.MUTED}:
        return []
    found = [mention(target) for target in digest.mentions[:MAX_MENTIONS]]
    people = [element for element in found if element is not None]
    spaced: list[Block] = []
    for element in people:
        spaced += [words(" "), element]
    return spaced[1:]


def _blocks(digest: Digest, story: Story) -> tuple[Block, ...]:
    blocks = [header(f"{story.sign} {story.headline}")]
    if story.line:
        blocks.append(context(mrkdwn(_standing(story.line))))
    blocks += [_body(digest, story)]
    if len(story.causes) > 1 and story.standing not in OVER:
        blocks.append(_other_causes(story))
    if facts := _facts(story):
        blocks.append(context(mrkdwn(facts)))
    if story.background:
        blocks.append(context(plain_text(" · ".join(story.background))))
    actions = actions_of(digest, story)
    return tuple([*blocks, actions] if actions else blocks)


def _standing(line: StandingLine) -> str:
    parts = (
        f"*{line.before}*",
        f"by {person(line.actor)}" if line.actor else "",
        f"until {local_time(line.until)}" if line.until else "",
        line.after,
    )
    return " ".join(part for part in parts if part)


def _body(digest: Digest, story: Story) -> Block:
    """Always rich text: an edit may not replace rich text by other blocks."""
    people = mentions_of(digest)
    elements = _main_cause(story.causes[0], story) if story.causes else [_without_cause(story)]
    if people:
        elements.append(rich_section(words("For "), *people))
    return rich_text(elements)


def _main_cause(cause: CauseStory, story: Story) -> list[Block]:
    if story.standing in OVER:
        return [rich_section(bold(f"{cause.count}: "), *prose(cause.sentence))]
    detail = " · ".join(part for part in (cause.kind, cause.names, *cause.notes) if part)
    lines = list(cause.excerpt)
    if cause.excerpt_cut:
        lines.append(f"… {counted(cause.excerpt_cut, 'more line')} in the thread")
    sentence = rich_section(
        bold(f"{cause.count}: "),
        *prose(cause.sentence),
        *(words(f"\n{line}") for line in (cause.place, detail) if line),
    )
    return [
        sentence,
        *([preformatted("\n".join(lines))] if lines else []),
        *_advice(cause, story),
    ]


def _advice(cause: CauseStory, story: Story) -> list[Block]:
    parts = [bold("Next: "), *prose(cause.remedy)] if cause.remedy else []
    if story.standing is not Standing.REPAIRING:
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
