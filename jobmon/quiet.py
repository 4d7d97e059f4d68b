"""Quiet hours and maintenance windows: how long to hold a message back. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jobmon.conditions import Facts, matches
from jobmon.settings import Maintenance, QuietHours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def held_for(
    windows: Iterable[QuietHours | Maintenance], facts: Facts, *, now: datetime
) -> timedelta:
    """Say how long until the last window that is open now, for this failure, is over."""
    about = (window for window in windows if matches(window, facts))
    return max((_until_end(window, now) for window in about), default=timedelta(0))


def _until_end(window: QuietHours | Maintenance, now: datetime) -> timedelta:
    """The time to the window's end, zero when it is not open."""
    if isinstance(window, QuietHours):
        return _until_end_of_quiet(window, now)
    return window.end - now if window.start <= now < window.end else timedelta(0)


def _until_end_of_quiet(window: QuietHours, now: datetime) -> timedelta:
    """A window that ends before it begins lasts into the next day; its day is its beginning's."""
    zone = ZoneInfo(window.timezone)
    local = now.astimezone(zone)
    begin, end = time.fromisoformat(window.start), time.fromisoformat(window.end)
    for days_ago in (0, 1):
        day = local.date() - timedelta(days=days_ago)
        if window.days and DAYS[day.weekday()] not in window.days:
            continue
        starts = datetime.combine(day, begin, zone)
        ends = datetime.combine(day + timedelta(days=end <= begin), end, zone)
        if starts <= local < ends:
            return ends.astimezone(UTC) - now
    return timedelta(0)
