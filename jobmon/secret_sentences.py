"""Secrets that a sentence tells: `the password is hunter2`.

Most of what stands there is said of a secret (`is required`, `is base64-encoded`) and stays.
"""

import re

import re2

from jobmon.ordinary_values import has_letter_and_digit, is_a_name
from jobmon.secret_shapes import REDACTED
from jobmon.secret_values import QUOTED, parts

_NAME = (
    r"(?:passw(?:or)?[dt]|kennwort|passphrase|client[ _-]secret"
    r"|(?:access|api|auth|bearer|refresh|secret)[ _-]?(?:token|key))"
)
SAID = re2.compile(
    rf"(?i)(\b{_NAME}[\"'`]?\s+(?:is|was|ist|lautet)\s*:?\s+)"
    rf"({QUOTED}|[^\s\"'`,;]*[^\s\"'`,;.:!?)])"
)
ENCODED = re2.compile(r"(?i)^(?:base|utf-?|md|sha-?|aes-?|rs|hs|oauth)\d+(?:[-_][a-z]+)?$")
MIN_SAID = 6


def without_sentences(text: str) -> str:
    """The text with passwords and keys replaced that are told in words."""
    return str(SAID.sub(_said, text))


def _said(found: re.Match[str]) -> str:
    before, value = found.groups()
    opening, secret, closing = parts(value)
    is_secret = len(secret) >= MIN_SAID and has_letter_and_digit(secret)
    if not is_secret or is_a_name(secret) or ENCODED.match(secret):
        return str(found.group(0))
    return f"{before}{opening}{REDACTED}{closing}"
