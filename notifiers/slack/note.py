"""A line of an incident's thread."""

import json

from jobmon.digest import Delivery, Note
from notifiers.slack.blocks import SlackMessage, mentions_of
from notifiers.slack.elements import Block, mention, preformatted, rich_section, rich_text, words
from notifiers.slack.limits import BLOCKS_BUDGET, MAX_TEXT
from notifiers.slack.mrkdwn import person, safe
from notifiers.text import plain, shorten

MAX_NOTE_TEXT = 1300
MAX_INLINE_ATTACHMENT = 1200
"""Longer attachments become files."""
ROOM_FOR_STRUCTURE = 700


def note_message(delivery: Delivery, note: Note) -> SlackMessage:
    """The note's text, with a short attachment in a box below it."""
    paragraph: list[Block] = [*_who(note), words(_text(note))]
    if delivery.broadcast:
        people = mentions_of(delivery.digest)
        paragraph += [words("\nFor "), *people] if people else []
    elements: list[Block] = [rich_section(*paragraph)]
    if note.attachment and not needs_file(note):
        elements.append(preformatted(plain(note.attachment).strip("\n")))
    who = f"{person(note.by)} " if note.by else ""
    text = f"{who}{safe(note.text, MAX_TEXT // 5)}"
    return SlackMessage(text=text, blocks=(rich_text(elements),))


def needs_file(note: Note) -> bool:
    """Whether the attachment is too long to be read in the thread itself."""
    size = len(json.dumps(_text(note))) + len(json.dumps(plain(note.attachment)))
    too_large = size > BLOCKS_BUDGET - ROOM_FOR_STRUCTURE
    return len(note.attachment) > MAX_INLINE_ATTACHMENT or too_large


def _who(note: Note) -> list[Block]:
    """A person as Slack shows people; anybody without an id of Slack's by their plain name."""
    if not note.by:
        return []
    return [mention(note.by) or words(plain(note.by)), words(" ")]


def _text(note: Note) -> str:
    return shorten(plain(note.text).strip(), MAX_NOTE_TEXT)
