"""Quiet hours: how long to hold a message back. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from jobmon.settings import QuietHours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def held_for(windows: Iterable[QuietHours], *, job_name: str, now: datetime) -> timedelta:
    """Say how long until the last quiet window that is open now, for this job, is over."""
    return max(
        (
            _until_end(window, now)
            for window in windows
            if any(fnmatchcase(job_name, pattern) for pattern in window.jobs)
        ),
        default=timedelta(0),
    )


def _until_end(window: QuietHours, now: datetime) -> timedelta:
    """The time to the window's end, zero when it is not open.

    A window that ends before it begins lasts into the next day; its day is that of its beginning.
    """
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
