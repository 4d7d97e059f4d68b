"""The clock of the shell; everything below takes the time as an argument."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present time, aware of its zone."""
    return datetime.now(UTC)
