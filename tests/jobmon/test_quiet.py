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
TWO_TWICE = QuietHours(start="02:00", end="02:30", timezone="Europe/Vienna")
FRIDAY_EVENING = QuietHours(start="18:00", end="00:00", days=("fri",))
ALL_DAY = QuietHours(start="00:00", end="00:00")

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
        (WEEKEND, "2026-11-28T12:00", 36),
        (WEEKEND, "2026-11-29T12:00", 12),
        (WEEKEND, "2026-11-27T12:00", 0),
        (VIENNA, "2026-11-25T21:30", 7.5),
        (VIENNA, "2026-11-25T20:30", 0),
        (VIENNA, "2026-10-24T22:00", 7),  # the clocks go back in this night
        (TWO_TWICE, "2026-10-25T00:20", 1 / 6),  # and 02:30 comes twice
        (TWO_TWICE, "2026-10-25T01:20", 0),
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
    noon = QuietHours(start="11:00", end="13:00")

    assert held_for([LUNCH, noon], DAILY, now=at("2026-11-25T12:30")) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("windows", "now", "until"),
    [
        pytest.param([WEEKEND], "2026-11-28T10:00", "2026-11-30T00:00", id="day after day"),
        pytest.param(
            [WEEKEND, FRIDAY_EVENING], "2026-11-27T19:00", "2026-11-30T00:00", id="end to end"
        ),
        pytest.param([NIGHT, WEEKEND], "2026-11-28T23:00", "2026-11-30T06:00", id="overlapping"),
    ],
)
def test_a_window_that_ends_in_another_one_goes_on_with_that(
    windows: list[QuietHours], now: str, until: str
) -> None:
    assert at(now) + held_for(windows, OTHER, now=at(now)) == at(until)


def test_a_window_for_others_does_not_go_on() -> None:
    afternoon = QuietHours(start="06:00", end="18:00", jobs=("daily_*",))

    assert held_for([NIGHT, afternoon], OTHER, now=at("2026-11-25T23:00")) == timedelta(hours=7)
    assert held_for([NIGHT, afternoon], DAILY, now=at("2026-11-25T23:00")) == timedelta(hours=19)


def test_quiet_hours_without_a_gap_hold_for_a_week_at_most() -> None:
    day_and_night = [NIGHT, QuietHours(start="06:00", end="22:00")]

    for windows in ([ALL_DAY], day_and_night, [ALL_DAY, *day_and_night]):
        assert held_for(windows, OTHER, now=at("2026-11-25T12:30")) == timedelta(days=7)


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


def test_maintenance_and_quiet_hours_that_overlap_hold_until_both_are_over() -> None:
    assert held_for([NIGHT, a_window()], OTHER, now=at("2026-12-05T23:00")) == timedelta(hours=7)
    assert held_for([NIGHT, a_window()], OTHER, now=at("2026-12-05T20:30")) == timedelta(hours=9.5)


def test_what_maintenance_held_back_waits_for_the_quiet_hours_it_ends_in() -> None:
    two_weeks = Maintenance(start=at("2026-11-15T00:00"), end=at("2026-11-28T04:00"))

    held = held_for([WEEKEND, two_weeks], OTHER, now=at("2026-11-15T12:00"))

    assert at("2026-11-15T12:00") + held == at("2026-11-30T00:00")
