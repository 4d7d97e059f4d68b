"""What the use cases need of a medium, and of a shared rate limit."""

from datetime import datetime, timedelta
from typing import Protocol

from jobmon.digest import Delivery, Receipt


class Notifier(Protocol):
    """Delivers to one kind of destination: one attempt, no retry of its own.

    Raises TransientError (with what the other side asked to wait), DoubtfulError when the message
    may have been sent, CredentialError, DestinationError or ContentError. Never puts a secret
    into an error.
    """

    def send(self, delivery: Delivery, *, root: Receipt | None) -> Receipt:
        """Post, edit or reply: `root` is the receipt of the incident's message there, if any.

        The receipt names who was refused for now, where others were taken.
        """

    def find(self, delivery: Delivery, *, root: Receipt | None, since: datetime) -> Receipt | None:
        """Look a doubtful delivery up by its id, and add what is missing of it.

        None when it was not sent.
        """


class RateLimiter(Protocol):
    """Shares a vendor's rate limit among all processes."""

    def reserve(
        self, bucket: str, *, rate: float, burst: int, at_most: timedelta | None = None
    ) -> timedelta:
        """Take the next free slot of a bucket of `rate` a second; how long to wait for it.

        A slot further away than `at_most` is not taken: ask again after the time given back.
        """

    def pause(self, bucket: str, duration: timedelta) -> None:
        """Hold the whole bucket: the vendor said so."""
