"""The plain text of a mail, made by hand: 78 columns, addresses on lines of their own."""

import textwrap
from collections.abc import Iterator

from notifiers.standing import OVER
from notifiers.story import CauseStory, Story
from notifiers.text import counted

COLUMNS = 78
INDENT = "    "


def plain_of(story: Story, *, sent_because: str) -> str:
    """The whole story for a reader without HTML; the state is the first line."""
    paragraphs = [_wrapped(f"{story.sign} {story.headline}")]
    if story.line:
        paragraphs.append(_wrapped(f"{story.line}."))
    if story.instead:
        paragraphs.append("\n".join(map(_wrapped, story.instead)))
    resolved = story.standing in OVER
    for number, cause in enumerate(story.causes):
        paragraphs += [_head(cause)] if resolved else _cause(cause, main=number == 0)
        if resolved:
            break
    if story.more_causes and not resolved:
        paragraphs.append(f"And {counted(story.more_causes, 'more cause')}.")
    paragraphs.append("\n".join(_facts(story)))
    if story.run_url:
        paragraphs.append(f"{story.run}:\n{story.run_url}")
    paragraphs.append(f"-- \n{_wrapped(sent_because)}")
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def _head(cause: CauseStory) -> str:
    return _wrapped(f"{cause.count}: {cause.sentence}")


def _cause(cause: CauseStory, *, main: bool) -> list[str]:
    detail = " · ".join(part for part in (cause.kind, *cause.notes) if part)
    head = [_head(cause)]
    head += [_wrapped(line) for line in (cause.place, detail) if line]
    if cause.names:
        head.append(_wrapped(f"Tasks: {cause.names}"))
    paragraphs = ["\n".join(head)]
    if main or not cause.recognised:
        paragraphs.append(_quoted(cause))
    advice = f"Next: {cause.remedy} {cause.rerun}" if cause.remedy else cause.rerun
    paragraphs.append(_wrapped(advice))
    return paragraphs


def _quoted(cause: CauseStory) -> str:
    lines = [piece for line in cause.excerpt for piece in _pieces(line)]
    if cause.excerpt_cut:
        lines.append(f"{INDENT}… {counted(cause.excerpt_cut, 'more line')}")
    return "\n".join(lines)


def _pieces(line: str) -> list[str]:
    return textwrap.wrap(
        line.expandtabs(4),
        COLUMNS,
        initial_indent=INDENT,
        subsequent_indent=INDENT + "  ",
        drop_whitespace=False,
        replace_whitespace=False,
    )


def _facts(story: Story) -> Iterator[str]:
    facts = (*story.counts, story.duration, *story.tries)
    if line := " · ".join(fact for fact in facts if fact):
        yield _wrapped(line)
    for fact in story.background:
        yield _wrapped(fact)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, COLUMNS, break_on_hyphens=False)
