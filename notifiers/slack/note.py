"""A line of an incident's thread."""

from jobmon.digest import Delivery, Note
from notifiers.slack.blocks import SlackMessage, calls_of
from notifiers.slack.elements import Block, preformatted, rich_section, rich_text, section, words
from notifiers.slack.limits import MAX_TEXT
from notifiers.slack.mrkdwn import escape, to_plain
from notifiers.text import plain, shorten, units

MAX_NOTE_TEXT = 1300
MAX_INLINE_ATTACHMENT = 1200
"""Longer attachments become files; text and attachment keep Slack's limit in any script."""


def note_message(delivery: Delivery, note: Note) -> SlackMessage:
    """The note's text, with a short attachment in a box below it."""
    blocks: list[Block] = []
    if note.markup and units(note.text) <= MAX_NOTE_TEXT:
        blocks.append(section(note.text))
        text, elements = note.text, []
    else:
        text = escape(shorten(_text(note), MAX_TEXT // 5))
        elements = [rich_section(words(_text(note)))]
    elements += calls_of(delivery.digest)
    if note.attachment and not needs_file(note):
        elements.append(preformatted(plain(note.attachment).strip("\n")))
    if elements:
        blocks.append(rich_text(elements))
    return SlackMessage(text=text, blocks=tuple(blocks))


def needs_file(note: Note) -> bool:
    """Whether the attachment is too long to be read in the thread itself."""
    return units(note.attachment) > MAX_INLINE_ATTACHMENT


def plain_text_of(note: Note) -> str:
    """The note for readers and media without markup."""
    return plain(to_plain(note.text) if note.markup else note.text).strip()


def _text(note: Note) -> str:
    return shorten(plain_text_of(note), MAX_NOTE_TEXT)
