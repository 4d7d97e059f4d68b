"""One tree of errors: the type tells the caller what to do, the message tells a person.

A message names what happened, to what, and what to do next. It never holds a secret, a
client configuration or a vendor's raw error text that might.
"""

from datetime import timedelta


class JobmonError(Exception):
    """Anything jobmon raises on purpose."""


class TransientError(JobmonError):
    """A later attempt may succeed; `retry_after` is what the other side asked for."""

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotYet(TransientError):
    """Nothing is wrong but that its turn has not come: something else may go before it."""


class DoubtfulError(JobmonError):
    """The other side may or may not have done it, or not all of it: look before doing it again.

    `retry_after` is what it asked for, if it did.
    """

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentError(JobmonError):
    """No later attempt can succeed without somebody changing something."""


class InvalidPayload(PermanentError):
    """What came in cannot be read; `field` names the part that is wrong."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(PermanentError):
    """The caller is known but may not do this."""


class NotFound(PermanentError):
    """The thing asked for does not exist, or is not visible with these credentials."""


class CredentialError(PermanentError):
    """Our own credential for a vendor is missing, expired or lacks a scope."""


class NotSetUp(CredentialError):
    """Nobody has said yet how to sign in, and nothing was found by itself."""


class DestinationError(PermanentError):
    """This destination cannot take messages (archived, not invited, refused address)."""


class MessageGone(DestinationError):
    """The message to edit or to reply to is not there any more."""


class ContentError(PermanentError):
    """The vendor refuses this content; a plainer form may be taken."""


class SettingsError(PermanentError):
    """Settings are wrong; `faults` lists every fault found."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults
