"""What is read from a command or a click, over HTTP or Socket Mode alike."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.action import Action, ActionKind
from jobmon.command import MAX_TEXT
from webhook.asked import Asked, Said, asked_by_click, asked_by_command

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FORM = {
    "text": "mute nightly for 4h",
    "user_id": "U0ANA00001",
    "channel_id": "C1",
    "trigger_id": "t1",
    "response_url": "https://hooks.slack.com/commands/1",
}


def clicked(action_id: str, value: str, **fields: Any) -> Action:
    body = {
        "user": {"id": "U0ANA00001"},
        "channel": {"id": "C1"},
        "trigger_id": "t1",
        "actions": [{"action_id": action_id, "value": value}],
    }
    asked = asked_by_click(body | fields, now=NOW)
    assert isinstance(asked, Asked)
    return asked.action


def typed(**fields: object) -> Action:
    asked = asked_by_command(FORM | fields, now=NOW)
    assert isinstance(asked, Asked)
    return asked.action


def test_a_command_carries_who_where_and_what() -> None:
    action = typed()

    assert (action.kind, action.target, action.duration_minutes) == (
        ActionKind.MUTE, "nightly", 240,
    )  # fmt: skip
    assert (action.actor.user_id, action.actor.channel_id) == ("U0ANA00001", "C1")
    assert action.response_url == FORM["response_url"]


@pytest.mark.parametrize(
    ("value", "minutes", "changed"),
    [("inc-1|3|60", 60, False), ("inc-1|3|1440", 1440, False), ("inc-1|3|changed", None, True)],
)
def test_a_mutes_term_is_in_the_choice(value: str, minutes: int | None, *, changed: bool) -> None:
    action = clicked("jobmon.mute", value)

    assert (action.duration_minutes, action.until_changed) == (minutes, changed)
    assert (action.incident_id, action.incident_version) == ("inc-1", 3)


def test_a_click_on_rerun_has_been_confirmed_by_its_dialog() -> None:
    assert clicked("jobmon.rerun", "inc-1|3").confirmed
    assert not typed(text="rerun").confirmed


def test_the_same_request_has_the_same_id_and_another_has_another() -> None:
    assert typed().action_id == typed().action_id
    assert typed().action_id != typed(trigger_id="t2").action_id
    assert typed().action_id != typed(user_id="U0BO000002").action_id
    first, second = (clicked("jobmon.ack", "inc-1|3", trigger_id=name) for name in "ab")
    assert first.action_id != second.action_id


def test_a_click_without_a_trigger_is_told_from_the_next_by_its_time() -> None:
    actions = [
        clicked(
            "jobmon.ack",
            "",
            trigger_id=None,
            actions=[{"action_id": "jobmon.ack", "value": "inc-1|3", "action_ts": at}],
        )
        for at in ("1.1", "1.1", "2.2")
    ]

    first, again, second = (action.action_id for action in actions)
    assert first == again != second


def test_clicks_on_one_incident_wait_in_one_line() -> None:
    body = {"user": {"id": "U1"}, "actions": [{"action_id": "jobmon.ack", "value": "inc-1|3"}]}
    asked = asked_by_click(body, now=NOW)

    assert isinstance(asked, Asked)
    assert asked.message.key == "inc-1"


def test_nobody_can_ask_for_nothing() -> None:
    assert isinstance(asked_by_command(FORM | {"user_id": ""}, now=NOW), Said)
    assert isinstance(asked_by_command(FORM | {"user_id": "U1>"}, now=NOW), Said)


@pytest.mark.parametrize("url", ["javascript:1", "https://x y", 7, None, "https://" + "x" * 9999])
def test_what_is_no_address_is_not_kept(url: object) -> None:
    assert not typed(response_url=url).response_url


@pytest.mark.parametrize(
    ("sent", "target"),
    [
        pytest.param("R&amp;D", "R&D", id="as Slack escapes"),
        pytest.param("R&D", "R&D", id="as it is"),
        pytest.param("a&lt;b&gt;c", "a<b>c", id="angle brackets"),
        pytest.param("R&amp;amp;D", "R&amp;D", id="once only"),
        pytest.param("&amp;lt;", "&lt;", id="an entity that was typed"),
        pytest.param("caf&eacute;&quot;&#38;", "caf&eacute;&quot;&#38;", id="no others"),
        pytest.param("<@U0ANA00001|ana>", "<@U0ANA00001|ana>", id="a person"),
        pytest.param(
            "<https://x.example/?a=1&amp;b=2|x>", "<https://x.example/?a=1&b=2|x>", id="a link"
        ),
    ],
)
def test_a_command_is_read_as_it_was_typed(sent: str, target: str) -> None:
    assert typed(text=f"run {sent}").target == target


def test_a_command_is_as_long_as_it_was_typed() -> None:
    name = "&" * (MAX_TEXT - len("run "))

    assert typed(text=f"run {name.replace('&', '&amp;')}").target == name


@given(text=st.text(st.characters()), url=st.text(st.characters()))
def test_whatever_was_typed_can_be_stored(text: str, url: str) -> None:
    asked = asked_by_command(FORM | {"text": f"rerun {text}", "response_url": url}, now=NOW)

    if isinstance(asked, Asked):
        assert msgspec.json.decode(asked.message.body, type=Action) == asked.action


def test_half_a_character_can_be_stored() -> None:
    assert typed(text="rerun \ud800").target == "?"
