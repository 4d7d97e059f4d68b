"""What leaves the adapter is redacted and bounded; what was cut is said."""

from jobmon.redact import redact
from jobmon.redact_cut import MARGIN, redacted_head, redacted_tail

MAX_ERROR = 64 * 1024
MAX_TRACE = 256 * 1024
MAX_LOGS = 1024 * 1024
MAX_MESSAGE = 8 * 1024
MAX_NAME = 512


def clean(text: str, limit: int) -> str:
    """The text without its secrets, its head and tail if it is longer than `limit`."""
    if len(text) <= limit + 2 * MARGIN:
        return bounded(redact(text), limit)
    half = limit // 2
    head, tail = redacted_head(text, half), redacted_tail(text, half)
    return f"{head}\n[{len(text) - 2 * half} characters cut]\n{tail}"


def bounded(text: str, limit: int) -> str:
    """The text, or its head and tail with a line that says how much was cut between them."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n[{len(text) - 2 * half} characters cut]\n{text[-half:]}"
