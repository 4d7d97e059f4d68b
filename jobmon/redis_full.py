"""A Redis that is full: it answers, and takes nothing until there is room again."""

from redis.exceptions import OutOfMemoryError, ResponseError


class ServerCannotSave(ResponseError):
    """Its disk takes nothing, so it takes nothing either: `MISCONF`."""


REDIS_FULL = (OutOfMemoryError, ServerCannotSave)
"""What it raises by then for whatever would be written."""
