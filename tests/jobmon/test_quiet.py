"""Quiet hours hold a message back until they are over."""

from datetime import UTC, datetime, timedelta

import pytest

from jobmon.conditions import Facts
from jobmon.quiet import held_for
from jobmon.settings import Maintenance, QuietHours

NIGHT = QuietHours(start="22:00", end="06:00")
LUNCH = QuietHours(start="12:00", end="13:30", jobs=("daily_*",))
WEEKEND = QuietHours(start="00:00", end="00:00", days=("sat", "sun"))
VIENNA = QuietHours(start="22:00", end="06:00", timezone="Europe/Vienna")

DAILY = Facts(jobs=("daily_sales", "7"), workspaces=("prod", "1"))
OTHER = Facts(jobs=("hourly", "8"), workspaces=("dev", "2"))


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
    assert held_for([window], DAILY, now=at(now)) == timedelta(hours=hours)


def test_only_the_named_jobs_are_held_back() -> None:
    assert not held_for([LUNCH], OTHER, now=at("2026-11-25T12:30"))


def test_the_last_of_several_windows_counts() -> None:
    assert held_for([NIGHT, WEEKEND], OTHER, now=at("2026-11-28T23:00")) == timedelta(hours=7)


def test_without_windows_nothing_is_held() -> None:
    assert not held_for([], OTHER, now=at("2026-11-25T12:30"))


def a_window(workspaces: tuple[str, ...] = ()) -> Maintenance:
    return Maintenance(
        start=at("2026-12-05T20:00"), end=at("2026-12-06T04:00"), workspaces=workspaces
    )


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        ("2026-12-05T19:59", 0),
        ("2026-12-05T20:00", 8),
        ("2026-12-06T03:00", 1),
        ("2026-12-06T04:00", 0),
        ("2027-12-05T20:00", 0),
    ],
)
def test_a_maintenance_window_holds_on_its_date_alone(now: str, hours: float) -> None:
    assert held_for([a_window()], OTHER, now=at(now)) == timedelta(hours=hours)


def test_a_maintenance_window_holds_what_its_conditions_match() -> None:
    inside = at("2026-12-05T22:00")

    assert held_for([a_window(workspaces=("prod",))], DAILY, now=inside)
    assert not held_for([a_window(workspaces=("prod",))], OTHER, now=inside)


def test_maintenance_that_outlasts_the_quiet_hours_counts() -> None:
    assert held_for([NIGHT, a_window()], OTHER, now=at("2026-12-05T23:00")) == timedelta(hours=7)
    assert held_for([NIGHT, a_window()], OTHER, now=at("2026-12-05T20:30")) == timedelta(hours=7.5)
