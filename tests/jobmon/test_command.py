"""What people type after /jobmon."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobmon.action import OF_A_RUN, ActionKind
from jobmon.command import (
    DOES,
    MAX_TEXT,
    OPTIONS,
    USAGE,
    Command,
    NotUnderstood,
    help_text,
    parse_command,
)

PAGE = "https://adb-1.azuredatabricks.net/jobs/1/runs/5?o=7"


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
        ("run “Nightly ETL”", Command(kind=ActionKind.RUN, target="Nightly ETL")),
        ("rerun 1 —all", Command(kind=ActionKind.RERUN, target="1", everything=True)),
        ("rerun 1 –-all", Command(kind=ActionKind.RERUN, target="1", everything=True)),
        ("rerun 1 ––all", Command(kind=ActionKind.RERUN, target="1", everything=True)),
        ("rerun 1 –tasks=a,b", Command(kind=ActionKind.RERUN, target="1", tasks=("a", "b"))),
        ("rerun 1 --tasks=a,b", Command(kind=ActionKind.RERUN, target="1", tasks=("a", "b"))),
        (
            "rerun 1 --tasks a --tasks b",
            Command(kind=ActionKind.RERUN, target="1", tasks=("a", "b")),
        ),
        ("rerun “– new”", Command(kind=ActionKind.RERUN, target="– new")),
        (
            "run x —params “day=last monday” --params=a=b=c",
            Command(
                kind=ActionKind.RUN,
                target="x",
                parameters=(("day", "last monday"), ("a", "b=c")),
            ),
        ),
        (
            'mute "Nightly ETL" for 90d',
            Command(kind=ActionKind.MUTE, target="Nightly ETL", duration_minutes=90 * 24 * 60),
        ),
        ("mutes", Command(kind=ActionKind.MUTES)),
        ("ack inc-1", Command(kind=ActionKind.ACKNOWLEDGE, target="inc-1")),
        ("incidents", Command(kind=ActionKind.INCIDENTS)),
    ],
    ids=str,
)
def test_a_command_is_understood(text: str, command: Command) -> None:
    assert parse_command(text) == command


@pytest.mark.parametrize("kind", sorted(OF_A_RUN))
@pytest.mark.parametrize("page", [PAGE, f"<{PAGE}>", f"<{PAGE}|{PAGE}>"])
def test_a_run_is_named_by_its_page_as_slack_sends_it(kind: ActionKind, page: str) -> None:
    assert parse_command(f"{kind} {page}") == Command(kind=kind, target="5", workspace_id=7)


@pytest.mark.parametrize("kind", [ActionKind.RUN, ActionKind.RUNS])
def test_a_runs_page_is_no_job(kind: ActionKind) -> None:
    assert parse_command(f"{kind} {PAGE}") == Command(kind=kind, target=PAGE)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rerunn 123", "`rerun`"),
        ("acknowledge", "`ack`"),
        ("di", "`diagnose`"),
        ("xyzzy", "`help`"),
        ("run", "run JOB"),
        ("diagnose", "diagnose RUN"),
        ("rerun 1 2", "rerun [RUN"),
        ("rerun --tasks", "--tasks"),
        ("rerun --params day", "--params"),
        ("rerun --force", "no such option"),
        ("diagnose my run", "diagnose RUN"),
        ("rerun 1 --all=x", "no such option"),
        ("rerun 1 —force", "no such option"),
        ("run Nightly ETL", 'A name with spaces goes in quotes: `run "Nightly ETL"`'),
        ("run Nightly 2", 'A name with spaces goes in quotes: `run "Nightly ETL"`'),
        ("ack Weekly big load", 'A name with spaces goes in quotes: `ack "Nightly ETL"`'),
        ("mute Nightly ETL", 'goes in quotes: `mute "Nightly ETL" for 4h`'),
        ("mute Nightly ETL for 4h", 'goes in quotes: `mute "Nightly ETL" for 4h`'),
        ("mute Wait for data until changed", 'goes in quotes: `mute "Nightly ETL" for 4h`'),
        ("mute 4h", "behind `for`: `mute for 4h`"),
        ("mute 2 days", "behind `for`: `mute for 4h`"),
        ("mute nightly 4h", "behind `for`: `mute for 4h`"),
        ("mute 1w", "behind `for`: `mute for 4h`"),
        ("mute for ever", "minutes, hours or days, 90 days at most"),
        ("mute for", "minutes, hours or days, 90 days at most"),
        ("mute for 0h", "minutes, hours or days, 90 days at most"),
        ("mute for 120d", "minutes, hours or days, 90 days at most"),
        ("mute nightly for 1w", "minutes, hours or days, 90 days at most"),
        ("mute nightly for 2 hrs", "minutes, hours or days, 90 days at most"),
        ("mute until tomorrow", "or until the cause changes"),
        ("mute for 4h please now", "minutes, hours or days, 90 days at most"),
        ('run x --params "day=monday', "Nothing was done: a quotation mark has no partner"),
        ("run x --params day=monday'", "Nothing was done: a quotation mark has no partner"),
        ("run x --params day=“monday", "Nothing was done: a quotation mark has no partner"),
        ("rerun 1 --cause", "`--cause` goes with mute. Type it like this: `rerun [RUN"),
        ("run hourly --tasks load", "`--tasks` goes with rerun. Type it like this: `run JOB"),
        ("run hourly --all", "`--all` goes with rerun. Type it like this: `run JOB"),
        ("cancel 12 --tasks load", "Type it like this: `cancel RUN`"),
        ("ack x --params a=b", "`--params` goes with rerun and run. Type it like this: `ack [job"),
        ("mute x —all", "Type it like this: `mute [job"),
        ("mute --params for 4h", "Type it like this: `mute [job"),
        ("status --all", "Type it like this: `status [JOB"),
        ("incidents --all", "Type it like this: `incidents`"),
    ],
    ids=str,
)
def test_what_is_not_understood_is_answered_with_what_to_type(text: str, says: str) -> None:
    answer = parse_command(text)

    assert isinstance(answer, NotUnderstood)
    assert says in answer.answer


def test_a_command_takes_the_options_that_its_usage_shows() -> None:
    shown = {kind: tuple(re.findall(r"--[a-z]+", usage)) for kind, usage in USAGE.items()}

    assert {kind: options for kind, options in shown.items() if options} == OPTIONS


def test_help_names_every_command_and_how_to_write_a_name() -> None:
    lines = help_text().splitlines()
    assert all(f"`{usage}`: {DOES[kind]}" in lines for kind, usage in USAGE.items())
    assert 'A name with spaces goes in quotes: `run "Nightly ETL"`' in help_text()


def test_a_command_that_is_too_long_is_answered_and_not_cut() -> None:
    begin = "run nightly --params ids="
    longest = begin + "1" * (MAX_TEXT - len(begin))

    understood, answer = parse_command(longest), parse_command(longest + "1")

    assert isinstance(understood, Command)
    assert understood.parameters == (("ids", "1" * (MAX_TEXT - len(begin))),)
    assert isinstance(answer, NotUnderstood)
    assert "Nothing was done" in answer.answer
    assert "at most 2000 characters, and this one has 2001" in answer.answer


@given(st.text())
def test_no_text_crashes_and_none_is_echoed(text: str) -> None:
    answer = parse_command(f"zzz{text}")

    assert isinstance(answer, NotUnderstood)
    assert "zzz" not in answer.answer
