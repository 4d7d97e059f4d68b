"""The same without rich text, for when Slack refuses the full blocks: what matters is in it yet."""

from jobmon.digest import Delivery, Digest, Note
from notifiers.slack.blocks import SlackMessage, called_by
from notifiers.slack.elements import Block, context, header, mrkdwn, plain_section
from notifiers.slack.limits import MAX_TEXT
from notifiers.slack.mrkdwn import link, mention_of, safe
from notifiers.slack.note import note_message, plain_text_of
from notifiers.standing import OVER
from notifiers.story import Room, Story, story_of, summary_of
from notifiers.text import shorten

ROOM = Room(causes=1, excerpt_lines=1, line=100, sentence=160, background=0)
MAX_SAID = MAX_TEXT // 5
"""Escaped, a character may become five."""


def root_plainly(digest: Digest) -> SlackMessage:
    """What broke, what to do next, the way to the run, and the people whom the message calls."""
    story = story_of(digest, room=ROOM)
    said = " ".join(part for part in (summary_of(story), _next(story)) if part)
    run = link(story.run_url, story.run) if story.run_url else ""
    return _message(
        safe(said, MAX_SAID),
        header(f"{story.sign} {story.headline}"),
        plain_section(said),
        foot=" · ".join(part for part in (run, _calls(digest)) if part),
    )


def note_plainly(delivery: Delivery, note: Note) -> SlackMessage:
    """The note's text, and the people whom it calls."""
    said = shorten(plain_text_of(note), MAX_SAID)
    text = note_message(delivery, note).text
    return _message(text, plain_section(said), foot=_calls(delivery.digest))


def _message(text: str, *blocks: Block, foot: str) -> SlackMessage:
    below = (context(mrkdwn(foot)),) if foot else ()
    return SlackMessage(text=f"{text} {foot}".rstrip(), blocks=(*blocks, *below))


def _next(story: Story) -> str:
    remedy = story.causes[0].remedy if story.causes and story.standing not in OVER else ""
    return f"Next: {remedy}" if remedy else ""


def _calls(digest: Digest) -> str:
    people = " ".join(map(mention_of, called_by(digest)))
    return f"For {people}" if people else ""
