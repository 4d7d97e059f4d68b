"""Who mails come from: an address, with a name for people or without. Pure."""

import re
from dataclasses import dataclass

MAX_NAME = 100
_ADDRESS = r"[^@\s<>,;]+@[^@\s<>,;]+"
_NAMED = re.compile(rf'(?P<name>"[^"\\]*"|[^"\\<>@,;]*?)\s*<(?P<address>{_ADDRESS})>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The address that mails come from, and what mail programs show of it."""

    address: str = ""
    name: str = ""


def is_address(text: str) -> bool:
    """Whether a text is one mail address and nothing besides."""
    return re.fullmatch(_ADDRESS, text) is not None


def sender_in(text: str) -> Sender | None:
    """Read `jobmon@acme.io` or `jobmon <jobmon@acme.io>`; None where it is neither.

    A name that holds one of `<>@,;` stands in quotation marks; a line break is in none.
    """
    if is_address(text):
        return Sender(address=text)
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    name = found["name"].strip('"').strip()
    if not name.isprintable() or len(name) > MAX_NAME:
        return None
    return Sender(address=found["address"], name=name)
