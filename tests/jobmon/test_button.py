"""What a button carries is what its click brings back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.action import ActionKind
from jobmon.button import ON_BUTTONS, OPEN_RUN, ButtonValue, action_id_of, kind_of

values = st.builds(
    ButtonValue,
    incident_id=st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    version=st.integers(0, 999_999_999),
    minutes=st.none(),
    until_changed=st.booleans(),
) | st.builds(
    ButtonValue,
    incident_id=st.just("inc-0123456789abcdef"),
    version=st.integers(0, 999_999_999),
    minutes=st.integers(0, 999_999),
)


@given(values)
def test_a_value_comes_back_as_it_was(value: ButtonValue) -> None:
    assert ButtonValue.read(str(value)) == value


@pytest.mark.parametrize(
    "text",
    ["", "inc-1", "a/b|1", "inc-1|x", "inc-1|1|", "inc-1|1|soon", "inc-1|1|60|60", "inc-1|1\n"],
)
def test_what_is_none_of_ours_is_nothing(text: str) -> None:
    assert ButtonValue.read(text) is None


def test_each_button_is_known_by_its_own_name() -> None:
    assert {kind_of(action_id_of(kind)) for kind in ON_BUTTONS} == set(ON_BUTTONS)


@pytest.mark.parametrize("name", [OPEN_RUN, "jobmon.cancel", "rerun", ""])
def test_a_link_and_what_is_no_button_ask_for_nothing(name: str) -> None:
    assert kind_of(name) is None


def test_the_names_stay_for_messages_that_are_out_already() -> None:
    assert action_id_of(ActionKind.RERUN) == "jobmon.rerun"
    assert str(ButtonValue(incident_id="inc-1", version=3, minutes=60)) == "inc-1|3|60"
