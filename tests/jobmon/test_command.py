"""What people type after /jobmon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.action import ActionKind
from jobmon.command import USAGE, Command, NotUnderstood, help_text, parse_command


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Command(kind=ActionKind.HELP)),
        ("help", Command(kind=ActionKind.HELP)),
        ("RERUN", Command(kind=ActionKind.RERUN)),
        ("rerun 123", Command(kind=ActionKind.RERUN, target="123")),
        ("rerun 'my job' --all", Command(kind=ActionKind.RERUN, target="my job", everything=True)),
        ("rerun 1 --tasks a,b", Command(kind=ActionKind.RERUN, target="1", tasks=("a", "b"))),
        (
            "run nightly --params day=monday --params x=a=b",
            Command(
                kind=ActionKind.RUN,
                target="nightly",
                parameters=(("day", "monday"), ("x", "a=b")),
            ),
        ),
        ("mute", Command(kind=ActionKind.MUTE, duration_minutes=1440)),
        ("mute for 4h", Command(kind=ActionKind.MUTE, duration_minutes=240)),
        (
            "mute nightly for 2 days",
            Command(kind=ActionKind.MUTE, target="nightly", duration_minutes=2880),
        ),
        ("mute until changed", Command(kind=ActionKind.MUTE, until_changed=True)),
        (
            "mute nightly --cause for 4h",
            Command(kind=ActionKind.MUTE, target="nightly", duration_minutes=240, by_cause=True),
        ),
        (
            "mute --cause until changed",
            Command(kind=ActionKind.MUTE, until_changed=True, by_cause=True),
        ),
        (
            "unmute cause-3f2a91c04be877d1",
            Command(kind=ActionKind.UNMUTE, target="cause-3f2a91c04be877d1"),
        ),
        ("mutes", Command(kind=ActionKind.MUTES)),
        ("ack inc-1", Command(kind=ActionKind.ACKNOWLEDGE, target="inc-1")),
        ("incidents", Command(kind=ActionKind.INCIDENTS)),
    ],
    ids=str,
)
def test_a_command_is_understood(text: str, command: Command) -> None:
    assert parse_command(text) == command


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rerunn 123", "`rerun`"),
        ("acknowledge", "`ack`"),
        ("xyzzy", "`help`"),
        ("run", "run JOB"),
        ("diagnose", "diagnose RUN"),
        ("rerun 1 2", "rerun [RUN"),
        ("rerun --tasks", "--tasks"),
        ("rerun --params day", "--params"),
        ("rerun --force", "no such option"),
        ("mute for ever", "mute [job"),
        ("mute for 0h", "mute [job"),
        ("mute for 4h please now", "mute [job"),
        ("rerun 1 --cause", "goes with mute"),
    ],
    ids=str,
)
def test_what_is_not_understood_is_answered_with_what_to_type(text: str, says: str) -> None:
    answer = parse_command(text)

    assert isinstance(answer, NotUnderstood)
    assert says in answer.answer


def test_help_names_every_command() -> None:
    assert all(usage in help_text() for usage in USAGE.values())


@given(st.text())
def test_no_text_crashes_and_none_is_echoed(text: str) -> None:
    answer = parse_command(f"zzz{text}")

    assert isinstance(answer, NotUnderstood)
    assert "zzz" not in answer.answer
