"""What a button stands for: the run and the causes that its message showed."""

import pytest

from jobmon.action import ActionKind
from jobmon.incident import Incident
from jobmon.incident_event import Acknowledged, IncidentEvent, Muted, RepairStarted, RunObserved
from jobmon.outdated import changed_since
from tests.support.incidents import (
    ANA,
    FAILURE,
    NEXT_FAILURE,
    OTHER_CAUSE,
    REPAIR_FAILED,
    RERUN,
    after,
    the,
)
from tests.support.runs import a_diagnosis, a_success, at

ON_SCREEN = [FAILURE]
LATER_SUCCESS = RunObserved(run=a_success(3, started=at(60)), diagnosis=a_diagnosis())


def clicked(kind: ActionKind, *since: IncidentEvent) -> str:
    """What has changed between the message of the first failure and now."""
    shown, now = incident(*ON_SCREEN), incident(*ON_SCREEN, *since)
    return changed_since(now, shown.version, kind)


def incident(*events: IncidentEvent) -> Incident:
    return the(after(*events))


@pytest.mark.parametrize("kind", ActionKind, ids=str)
def test_a_message_as_it_stands_is_not_outdated(kind: ActionKind) -> None:
    assert not clicked(kind)


@pytest.mark.parametrize(
    "kind", [ActionKind.RERUN, ActionKind.ACKNOWLEDGE, ActionKind.MUTE], ids=str
)
def test_what_other_people_did_since_makes_no_button_outdated(kind: ActionKind) -> None:
    assert not clicked(kind, Acknowledged(by="U0BO000002"))
    assert not clicked(kind, Muted(by="U0BO000002"))
    assert not clicked(kind, RepairStarted(by="U0BO000002", run_id=RERUN.run_id))


def test_another_run_makes_rerun_outdated_but_not_what_is_about_the_cause() -> None:
    assert "has failed since" in clicked(ActionKind.RERUN, NEXT_FAILURE)
    assert not clicked(ActionKind.ACKNOWLEDGE, NEXT_FAILURE)
    assert not clicked(ActionKind.MUTE, NEXT_FAILURE)


def test_a_repair_that_failed_makes_rerun_outdated() -> None:
    assert "has failed since" in clicked(ActionKind.RERUN, RERUN, REPAIR_FAILED)


@pytest.mark.parametrize(
    "kind", [ActionKind.RERUN, ActionKind.ACKNOWLEDGE, ActionKind.MUTE], ids=str
)
def test_another_cause_makes_each_outdated(kind: ActionKind) -> None:
    assert "for another reason" in clicked(kind, OTHER_CAUSE)


def test_what_only_undoes_or_reads_is_never_outdated() -> None:
    for kind in (ActionKind.UNMUTE, ActionKind.DETAILS):
        assert not clicked(kind, OTHER_CAUSE)


def test_a_resolved_incident_says_so_by_itself() -> None:
    assert not clicked(ActionKind.RERUN, OTHER_CAUSE, LATER_SUCCESS)


def test_the_version_is_that_of_the_message_not_of_the_moment() -> None:
    now = incident(FAILURE, ANA, OTHER_CAUSE)
    assert not changed_since(now, now.version, ActionKind.RERUN)
