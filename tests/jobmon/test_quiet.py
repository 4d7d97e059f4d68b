"""Quiet hours hold a message back until they are over."""

from datetime import UTC, datetime, timedelta

import pytest

from jobmon.quiet import held_for
from jobmon.settings import QuietHours

NIGHT = QuietHours(start="22:00", end="06:00")
LUNCH = QuietHours(start="12:00", end="13:30", jobs=("daily_*",))
WEEKEND = QuietHours(start="00:00", end="00:00", days=("sat", "sun"))
VIENNA = QuietHours(start="22:00", end="06:00", timezone="Europe/Vienna")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "now", "hours"),
    [
        (NIGHT, "2026-11-25T21:59", 0),
        (NIGHT, "2026-11-25T22:00", 8),
        (NIGHT, "2026-11-25T23:00", 7),
        (NIGHT, "2026-11-26T05:00", 1),
        (NIGHT, "2026-11-26T06:00", 0),
        (LUNCH, "2026-11-25T12:30", 1),
        (LUNCH, "2026-11-25T13:30", 0),
        (WEEKEND, "2026-11-28T12:00", 12),
        (WEEKEND, "2026-11-27T12:00", 0),
        (VIENNA, "2026-11-25T21:30", 7.5),
        (VIENNA, "2026-11-25T20:30", 0),
        (VIENNA, "2026-10-24T22:00", 7),  # the clocks go back in this night
    ],
    ids=lambda value: value.start if isinstance(value, QuietHours) else str(value),
)
def test_a_window_that_is_open_holds_until_its_end(
    window: QuietHours, now: str, hours: float
) -> None:
    assert held_for([window], job_name="daily_sales", now=at(now)) == timedelta(hours=hours)


def test_only_the_named_jobs_are_held_back() -> None:
    assert not held_for([LUNCH], job_name="hourly", now=at("2026-11-25T12:30"))


def test_the_last_of_several_windows_counts() -> None:
    assert held_for([NIGHT, WEEKEND], job_name="x", now=at("2026-11-28T23:00")) == timedelta(
        hours=7
    )


def test_without_windows_nothing_is_held() -> None:
    assert not held_for([], job_name="x", now=at("2026-11-25T12:30"))
