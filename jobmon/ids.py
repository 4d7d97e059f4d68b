"""Databricks' ids as people and webhooks write them: 64-bit numbers, never cut."""

MAX_ID = 2**63 - 1
_MAX_DIGITS = len(str(MAX_ID))


def id_in(text: str) -> int | None:
    """The id that a text names by its digits; None for any other text, and for longer numbers."""
    if not (text.isascii() and text.isdecimal()) or len(text) > _MAX_DIGITS:
        return None
    number = int(text)
    return number if 0 < number <= MAX_ID else None
