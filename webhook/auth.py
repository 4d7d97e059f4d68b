"""Basic authentication of Databricks' webhooks, on the raw header, in constant time."""

import binascii
import hmac
from base64 import b64decode

from jobmon.settings import WebhookSettings

CHALLENGE = 'Basic realm="jobmon", charset="UTF-8"'
MAX_HEADER = 4096


def is_authentic(header: str | None, settings: WebhookSettings) -> bool:
    """Whether an Authorization header holds the configured user name and password.

    Both are always compared, so that the time taken tells nothing. Nobody is authentic while no
    credentials are configured.
    """
    given = _credentials(header)
    expected = f"{settings.username}:{settings.password.reveal()}".encode()
    matches = hmac.compare_digest(given or b"", expected)
    return matches and given is not None and bool(settings.username and settings.password)


def _credentials(header: str | None) -> bytes | None:
    if not header or len(header) > MAX_HEADER:
        return None
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
