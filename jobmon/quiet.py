"""Quiet hours and maintenance windows: how long to hold a message back. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jobmon.conditions import Facts, matches
from jobmon.settings import Maintenance, QuietHours

LONGEST_QUIET = timedelta(days=7)
"""Windows that repeat every week and leave no gap in one never leave any."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def held_for(
    windows: Iterable[QuietHours | Maintenance], facts: Facts, *, now: datetime
) -> timedelta:
    """Say how long until no window for this failure is open any more.

    Where one ends in another, the other counts too. Quiet hours that leave no gap hold for a week
    at most, maintenance to its end.
    """
    about = [window for window in windows if matches(window, facts)]
    held = quiet = timedelta(0)
    while quiet < LONGEST_QUIET:
        ends = [(_until_end(one, now + held), isinstance(one, QuietHours)) for one in about]
        longest, is_quiet = max(ends, default=(timedelta(0), False))
        if not longest:
            break
        step = min(longest, LONGEST_QUIET - quiet) if is_quiet else longest
        held, quiet = held + step, quiet + step * is_quiet
    return held


def _until_end(window: QuietHours | Maintenance, now: datetime) -> timedelta:
    """The time to the window's end, never negative; zero when it is not open."""
    if isinstance(window, QuietHours):
        return _until_end_of_quiet(window, now)
    return window.end - now if window.start <= now < window.end else timedelta(0)


def _until_end_of_quiet(window: QuietHours, now: datetime) -> timedelta:
    """A window that ends before it begins lasts into the next day; its day is its beginning's."""
    zone = ZoneInfo(window.timezone)
    today = now.astimezone(zone).date()
    begin, end = time.fromisoformat(window.start), time.fromisoformat(window.end)
    for day in (today, today - timedelta(days=1)):
        if window.days and DAYS[day.weekday()] not in window.days:
            continue
        # Compared in UTC: where the clocks go back, a local time comes twice.
        starts = datetime.combine(day, begin, zone).astimezone(UTC)
        ends = datetime.combine(day + timedelta(days=end <= begin), end, zone).astimezone(UTC)
        if starts <= now < ends:
            return ends - now
    return timedelta(0)
