"""Errors that only a medium knows."""

from jobmon.errors import DestinationError


class MessageGone(DestinationError):
    """The message to edit or to reply to is gone: forget it, and post anew once."""
