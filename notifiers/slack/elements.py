"""Block Kit's pieces: one function each, plain dictionaries out.

https://docs.slack.dev/reference/block-kit
"""

from collections.abc import Iterable

from notifiers.slack.limits import (
    MAX_BUTTON_TEXT,
    MAX_CONFIRM_BUTTON,
    MAX_CONFIRM_TEXT,
    MAX_CONFIRM_TITLE,
    MAX_HEADER,
    MAX_SECTION_TEXT,
)
from notifiers.slack.mrkdwn import GROUP_ID
from notifiers.text import runs_of, shorten

Block = dict[str, object]
"""A block, an element or a composition object, as Slack's JSON has it."""


def plain_text(text: str) -> Block:
    """Text that Slack shows as it stands: no markup, no `:emoji:`."""
    return {"type": "plain_text", "text": text or " ", "emoji": False}


def mrkdwn(text: str) -> Block:
    """Text with markup: ours only, or escaped."""
    return {"type": "mrkdwn", "text": text or " ", "verbatim": True}


def header(text: str) -> Block:
    """The large line at the top."""
    return {"type": "header", "text": plain_text(shorten(text, MAX_HEADER))}


def section(text: str) -> Block:
    """A paragraph with markup: ours only, or escaped."""
    return {"type": "section", "text": mrkdwn(text)}


def plain_section(text: str) -> Block:
    """A paragraph without any markup."""
    return {"type": "section", "text": plain_text(shorten(text, MAX_SECTION_TEXT))}


def context(*elements: Block) -> Block:
    """The small grey line."""
    return {"type": "context", "elements": list(elements)}


def rich_text(elements: Iterable[Block]) -> Block:
    """Structured text: nothing inside is parsed, so strangers' text is harmless in it."""
    return {"type": "rich_text", "elements": list(elements)}


def rich_section(*elements: Block) -> Block:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def rich_list(items: Iterable[Block]) -> Block:
    """A bullet list of paragraphs."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def preformatted(text: str) -> Block:
    """A box of fixed-width lines."""
    return {"type": "rich_text_preformatted", "elements": [words(text)]}


def words(text: str) -> Block:
    """A run of rich text."""
    return {"type": "text", "text": text or " "}


def prose(text: str) -> list[Block]:
    """Runs of rich text, with what stands in backticks as code."""
    return [code(run) if is_code else words(run) for run, is_code in runs_of(text)]


def code(text: str) -> Block:
    """A fixed-width run of rich text."""
    return {"type": "text", "text": text, "style": {"code": True}}


def bold(text: str) -> Block:
    """A bold run of rich text."""
    return {"type": "text", "text": text or " ", "style": {"bold": True}}


def mention(target: str) -> Block:
    """A mention of a user or group, of an id that is mentionable."""
    if GROUP_ID.fullmatch(target):
        return {"type": "usergroup", "usergroup_id": target}
    return {"type": "user", "user_id": target}


def button(label: str, *, action_id: str, value: str) -> Block:
    """A button that comes back to us."""
    return {
        "type": "button",
        "text": plain_text(shorten(label, MAX_BUTTON_TEXT)),
        "action_id": action_id,
        "value": value,
    }


def confirm(*, title: str, text: str, yes: str, no: str) -> Block:
    """The question asked before a button counts."""
    return {
        "title": plain_text(shorten(title, MAX_CONFIRM_TITLE)),
        "text": plain_text(shorten(text, MAX_CONFIRM_TEXT)),
        "confirm": plain_text(shorten(yes, MAX_CONFIRM_BUTTON)),
        "deny": plain_text(shorten(no, MAX_CONFIRM_BUTTON)),
    }


def menu(placeholder: str, *, action_id: str, options: Iterable[tuple[str, str]]) -> Block:
    """A drop-down; options are `(label, value)`."""
    return {
        "type": "static_select",
        "placeholder": plain_text(placeholder),
        "action_id": action_id,
        "options": [{"text": plain_text(label), "value": value} for label, value in options],
    }
