"""Redact an end of a long text, without the part of a secret that its cut may have left.

A secret that is cut in half looks like none. So more is read than is kept, and what stands next
to the cut is dropped after redaction, however short that has made the rest.
"""

import string

from jobmon.redact import redact
from jobmon.secret_shapes import without_end_of_private_key

# Longer than a secret and the name before it; one that is longer still is a single word.
MARGIN = 4 * 1024

WORD = string.ascii_letters + string.digits + "+/=_-.~%"


def redacted_head(text: str, limit: int) -> str:
    """At most `limit` characters of the text's beginning, without its secrets."""
    if len(text) <= limit + MARGIN:
        return redact(text)[:limit]
    return _before_cut(redact(text[: limit + MARGIN]))[:limit]


def redacted_tail(text: str, limit: int) -> str:
    """At most `limit` characters of the text's end, without its secrets."""
    if len(text) <= limit + MARGIN:
        return redact(text)[-limit:]
    return after_cut(text[-(limit + MARGIN) :])[-limit:]


def after_cut(text: str) -> str:
    """A redacted text whose beginning is missing, without what may be the end of a secret."""
    shown = without_end_of_private_key(redact(text))
    edge, rest = shown[:MARGIN], shown[MARGIN:]
    return rest if edge.strip(WORD) else rest.lstrip(WORD)


def _before_cut(shown: str) -> str:
    edge, rest = shown[-MARGIN:], shown[:-MARGIN]
    return rest if edge.strip(WORD) else rest.rstrip(WORD)
