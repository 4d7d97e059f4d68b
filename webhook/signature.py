"""Slack's request signature, checked on the raw body before anything is parsed.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from jobmon.settings import Secret

WINDOW = timedelta(minutes=5)
VERSION = "v0"
MAX_TIMESTAMP_DIGITS = 12


def is_signed(
    read_body: Callable[[], bytes],
    *,
    timestamp: str | None,
    signature: str | None,
    secrets: Iterable[Secret],
    now: datetime,
) -> bool:
    """Whether one of the signing secrets signed this body within the last five minutes.

    The body is read only when its headers may be Slack's.
    Total: any header, however malformed, is an answer and never an error.
    """
    if not timestamp or not signature or not _is_fresh(timestamp, now=now):
        return False
    base = b":".join((VERSION.encode(), timestamp.encode(), read_body()))
    given = signature.encode(errors="replace")
    matches = [hmac.compare_digest(given, _expected(secret, base)) for secret in secrets]
    return any(matches)


def _expected(secret: Secret, base: bytes) -> bytes:
    digest = hmac.new(secret.reveal().encode(), base, hashlib.sha256).hexdigest()
    return f"{VERSION}={digest}".encode()


def _is_fresh(timestamp: str, *, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > MAX_TIMESTAMP_DIGITS:
        return False
    return abs(now.timestamp() - int(timestamp)) <= WINDOW.total_seconds()
