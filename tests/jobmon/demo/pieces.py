"""Pieces of messages."""

from typing import Any

CHANNEL = "C0123456789"

BUTTON = {
    "type": "button",
    "text": {"type": "plain_text", "text": "Go"},
    "action_id": "go",
    "value": "v",
}

MENU = {
    "type": "static_select",
    "placeholder": {"type": "plain_text", "text": "Mute"},
    "action_id": "mute",
    "options": [{"text": {"type": "plain_text", "text": "1 hour"}, "value": "60"}],
}


def section(text: str, **more: Any) -> dict[str, Any]:
    """A section with this text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}
