"""A mail server's answers, sorted by what the caller can do about them.

4yz may pass later, 5yz will not (https://datatracker.ietf.org/doc/html/rfc5321#section-4.2.1). A
server's own words stay out of our errors: some echo what they were sent.
"""

import re
from collections.abc import Mapping

from jobmon.errors import (
    ContentError,
    CredentialError,
    DestinationError,
    JobmonError,
    TransientError,
)

Reply = tuple[int, bytes]

NEEDS_LOGIN = frozenset({530, 534, 535, 538})
TOO_LARGE = 552
FIRST_PERMANENT = 500

_ENHANCED = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")


def is_transient(code: int) -> bool:
    """Whether a later attempt may go better; a code that makes no sense may too."""
    return code < FIRST_PERMANENT


def said(reply: Reply) -> str:
    """`550 5.7.1`: the codes alone."""
    found = _ENHANCED.search(reply[1] if isinstance(reply[1], bytes) else b"")
    return f"{reply[0]} {found.group().decode()}" if found else str(reply[0])


def login_refused(reply: Reply) -> JobmonError:
    """The answer to AUTH."""
    if is_transient(reply[0]):
        return TransientError(f"the mail server can't check our login now ({said(reply)})")
    return CredentialError(
        f"the mail server refuses our login ({said(reply)}); check user and password in SMTP_URL"
    )


def sender_refused(reply: Reply) -> JobmonError:
    """The answer to MAIL FROM."""
    if is_transient(reply[0]):
        return TransientError(f"the mail server takes no mail now ({said(reply)})")
    if reply[0] in NEEDS_LOGIN:
        return CredentialError(
            f"the mail server wants a login ({said(reply)}); put user and password into SMTP_URL"
        )
    if reply[0] == TOO_LARGE:
        return ContentError(f"the mail is too large for the mail server ({said(reply)})")
    return DestinationError(
        f"the mail server refuses our sender ({said(reply)}); check JOBMON_EMAIL_FROM"
    )


def recipients_refused(refused: Mapping[str, Reply]) -> JobmonError:
    """The answers to RCPT TO, when nobody was taken."""
    listed = ", ".join(f"{address} ({said(reply)})" for address, reply in refused.items())
    if any(is_transient(reply[0]) for reply in refused.values()):
        return TransientError(f"the mail server does not take mail now for {listed}")
    return DestinationError(f"the mail server refuses {listed}; correct the route's addresses")


def content_refused(reply: Reply) -> JobmonError:
    """The answer to DATA."""
    if is_transient(reply[0]):
        return TransientError(f"the mail server could not take the mail now ({said(reply)})")
    return ContentError(f"the mail server refuses the mail's content ({said(reply)})")
