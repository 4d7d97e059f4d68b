"""Whether a cause is new or chronic, in one line."""

from datetime import timedelta

import pytest

from jobmon.ports.store import Sighting
from tests.support.runs import at
from workers.history import describe

NOW = at()


@pytest.mark.parametrize(
    ("runs", "age", "cured_by", "line"),
    [
        (1, timedelta(minutes=5), (), "2nd time in 5 minutes"),
        (7, timedelta(days=12), (), "8th time in 12 days"),
        (
            7,
            timedelta(days=1),
            (("repair", 6),),
            "8th time in 1 day, always cured by a rerun",
        ),
        (
            2,
            timedelta(hours=3),
            (("next run", 1),),
            "3rd time in 3 hours, cured by the next run",
        ),
        (
            3,
            timedelta(days=2),
            (("new code", 2),),
            "4th time in 2 days, always cured by new code",
        ),
        (
            9,
            timedelta(days=2),
            (("repair", 2), ("next run", 6)),
            "10th time in 2 days, cured by the next run 6 of 8 times, last by a rerun",
        ),
    ],
    ids=["fresh", "chronic", "always", "once", "by new code", "mostly"],
)
def test_a_sighting_in_words(
    runs: int, age: timedelta, cured_by: tuple[tuple[str, int], ...], line: str
) -> None:
    sighting = Sighting(
        fingerprint="oom",
        first_seen=NOW - age,
        last_seen=NOW,
        runs=runs,
        cured_by=cured_by,
        last_cure="repair",
    )

    assert describe(sighting, now=NOW) == line
