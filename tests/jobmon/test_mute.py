"""Mutes of causes: an incident is silent only while each of its causes is muted."""

from datetime import datetime

import pytest

from jobmon.incident_event import Muted, RunObserved, Unmuted
from jobmon.mute import Mute, mute_of, under
from jobmon.transition import transition
from tests.support.incidents import FAILURE, NEXT_FAILURE, OTHER_CAUSE, after, the
from tests.support.runs import a_diagnosis, a_run, at

ANA = "U0ANA00001"


def of(*causes: str, until: datetime | None = None) -> Mute:
    return Mute(by=ANA, causes=frozenset(causes), until=until)


@pytest.mark.parametrize(
    ("causes", "mutes", "is_muted"),
    [
        ({"oom"}, [of("oom")], True),
        ({"oom"}, [of("disk")], False),
        ({"oom", "disk"}, [of("oom")], False),
        ({"oom", "disk"}, [of("oom"), of("disk")], True),
        ({"oom", "disk"}, [of("oom", "disk")], True),
        ({"oom"}, [of("oom", until=at(9))], False),
        ({"oom"}, [of("oom", until=at(10))], False),
        ({"oom"}, [of("oom", until=at(11))], True),
        ({"oom"}, [of(until=at(11))], True),
        (set(), [of(until=at(11))], True),
        (set(), [of("oom")], False),
        ({"oom"}, [], False),
    ],
)
def test_each_cause_has_to_be_muted(causes: set[str], mutes: list[Mute], *, is_muted: bool) -> None:
    assert (mute_of(frozenset(causes), mutes, now=at(10)) is not None) is is_muted


def test_of_several_mutes_the_first_to_end_counts() -> None:
    mutes = [of("oom"), of("disk", until=at(60)), of("net", until=at(30))]

    found = mute_of(frozenset({"oom", "disk", "net"}), mutes, now=at(10))

    assert found is not None
    assert found.until == at(30)


def test_a_mute_of_a_cause_ends_at_its_time_and_with_another_cause() -> None:
    muted = under(the(after(FAILURE)), of("oom", until=at(60)))

    assert muted.is_muted(at(59))
    assert not muted.is_muted(at(60))
    same = transition(muted, NEXT_FAILURE, now=at(40))
    assert the(same).is_muted(at(41))
    other = transition(muted, OTHER_CAUSE, now=at(40))
    assert not the(other).is_muted(at(41))


def test_a_cause_that_shows_while_the_run_is_still_read_ends_it_too() -> None:
    partly = RunObserved(run=a_run(1), diagnosis=a_diagnosis("oom", pending=1))
    wholly = RunObserved(run=a_run(1), diagnosis=a_diagnosis("oom", "disk"))
    muted = under(the(after(partly)), of("oom"))

    assert not the(transition(muted, wholly, now=at(1))).is_muted(at(2))


def test_a_mute_for_a_time_alone_outlasts_a_new_cause() -> None:
    muted = after(FAILURE, Muted(by=ANA, until=at(120)))

    assert the(transition(muted.incident, OTHER_CAUSE, now=at(40))).is_muted(at(41))


def test_who_unmutes_an_incident_wants_to_hear_of_it_until_it_is_muted_again() -> None:
    unmuted = after(FAILURE, Muted(by=ANA), Unmuted(by=ANA))
    assert the(unmuted).audible

    assert not the(transition(unmuted.incident, Muted(by=ANA), now=at(9))).audible
