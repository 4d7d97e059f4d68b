"""A cause that is found after a run was told: an edit at once, and once it is worth a mail."""

import pytest

from jobmon.incident import IncidentState, NotifyReason
from jobmon.incident_event import RunObserved
from jobmon.run import Outcome
from tests.support.incidents import ANA, FAILURE, after, the
from tests.support.runs import a_diagnosis, a_run, at

MORE, LATE = NotifyReason.MORE_FAILED, NotifyReason.LATE_CAUSE


def look(
    *causes: str,
    pending: int = 0,
    number: int = 1,
    repair: int | None = None,
    outcome: Outcome | None = Outcome.FAILED,
) -> RunObserved:
    run = a_run(number, started=at(30 * number), repair=repair, outcome=outcome)
    return RunObserved(run=run, diagnosis=a_diagnosis(*causes, pending=pending))


SOME = look("oom", pending=2)
MOST = look("oom", "disk", pending=1)
ALL = look("oom", "disk")


@pytest.mark.parametrize(
    ("looks", "reasons"),
    [
        ([SOME, ALL], [LATE]),
        ([SOME, MOST, ALL], [MORE, LATE]),
        ([SOME, MOST, ALL, ALL], [MORE, LATE, NotifyReason.NOTHING_NEW]),
        ([SOME, MOST, MOST, ALL], [MORE, NotifyReason.NOTHING_NEW, LATE]),
        ([SOME, MOST, SOME, ALL], [MORE, MORE, LATE]),
        ([look(pending=1), look("oom")], [LATE]),
        ([look("oom", outcome=None), look("oom", "disk", outcome=None), ALL], [MORE, LATE]),
        ([SOME, look("oom")], [MORE]),
        ([look("oom"), ALL], [NotifyReason.NEW_CAUSE]),
        ([SOME, MOST, look("oom", "disk", repair=5)], [MORE, NotifyReason.STILL_FAILING]),
    ],
    ids=[
        "found when all is read",
        "found before all is read",
        "told once",
        "read again before all is",
        "lost from sight meanwhile",
        "none was known",
        "found while the run goes on",
        "none was found",
        "found after all had been read",
        "told of with the repair that failed",
    ],
)
def test_a_cause_that_is_found_late_is_told_when_all_is_read(
    looks: list[RunObserved], reasons: list[NotifyReason]
) -> None:
    assert [after(*looks[:count]).reason for count in range(2, len(looks) + 1)] == reasons


def test_a_late_cause_of_a_later_run_is_told_too() -> None:
    begun = look("oom", pending=1, number=2)

    assert after(FAILURE, begun, look("oom", "disk", number=2)).reason is LATE


def test_another_run_in_between_takes_nothing_from_it() -> None:
    assert after(SOME, MOST, look("oom", number=2), ALL).reason is LATE


def test_who_took_it_on_knows_that_it_is_being_read() -> None:
    change = after(SOME, ANA, ALL)

    assert (change.reason, the(change).state) == (LATE, IncidentState.ACKNOWLEDGED)
