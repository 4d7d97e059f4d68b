"""Settings in `jobmon.toml`: what it holds, and every fault of it named at once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobmon.action import ActionKind
from jobmon.settings_reader import read_settings
from jobmon.severity import Severity
from tests.jobmon.settings_faults import faults_of


def config(tmp_path: Path, text: str) -> str:
    path = tmp_path / "jobmon.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


FILE = """
[[workspaces]]
name = "prod"
workspace_id = 42
host = "https://prod.example.com"
token_env = "PROD_TOKEN"

[[routes]]
to = ["slack:C0123456789"]
jobs = ["nightly_*"]
mentions = ["U0123456789"]

[[permissions]]
actions = ["rerun", "cancel"]
users = ["U0123456789"]

[[severities]]
level = "info"
jobs = ["sandbox_*"]

[[mutes]]
causes = ["cause-3f2a91c04be877d1"]

[[maintenance]]
start = 2026-12-05T22:00:00
end = 2026-12-06T03:00:00+00:00
timezone = "Europe/Vienna"
workspaces = ["prod"]

[policy]
broadcast = "always"
sweep_minutes = 10
"""


def test_the_file_holds_workspaces_routes_permissions_and_policy(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "JOBMON_CONFIG": config(tmp_path, FILE),
            "PROD_TOKEN": "dapi1",
            "SLACK_BOT_TOKEN": "xoxb-1",
        }
    )

    assert settings.workspaces[0].token.reveal() == "dapi1"
    assert settings.routes[0].jobs == ("nightly_*",)
    assert settings.permissions[0].actions == (ActionKind.RERUN, ActionKind.CANCEL)
    assert settings.policy.broadcast == "always"
    assert settings.policy.sweep_every.total_seconds() == 600
    assert settings.severities[0].level is Severity.INFO
    assert settings.mutes[0].causes == ("3f2a91c04be877d1",)
    (window,) = settings.policy.maintenance
    assert window.start == datetime(2026, 12, 5, 21, 0, tzinfo=UTC)
    assert window.end == datetime(2026, 12, 6, 3, 0, tzinfo=UTC)


def test_a_secret_that_the_file_names_must_be_there(tmp_path: Path) -> None:
    assert "PROD_TOKEN" in faults_of(JOBMON_CONFIG=config(tmp_path, FILE))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[routes]]\nto = []", "routes[0].to: the list is empty: write ["),
        ('[[routes]]\nto = ["#alerts"]', "routes[0].to"),
        (
            '[[routes]]\nto = ["console:"]\njob = "x"',
            "routes[0].job: there is no such key; did you mean jobs?",
        ),
        ("[routes]\nto = 1", "write [[routes]], with two brackets"),
        ('[policy]\nbroadcast = "loud"', "policy.broadcast"),
        ("[route]", "route: there is no such table; did you mean routes?"),
        ('[[workspaces]]\nname = "a"\n[[workspaces]]\nname = "a"', "used twice"),
        (
            '[[workspaces]]\nname = "a"\nworkspace_id = 1\n[[workspaces]]\nname = "b"',
            "workspaces[1].workspace_id",
        ),
        (
            "\n".join(f'[[workspaces]]\nname = "{name}"\nworkspace_id = 1' for name in "ab"),
            "workspace_id 1 is used twice",
        ),
        (
            (
                '[[workspaces]]\nname = "a"\nworkspace_id = 1\nhost = "https://a.example"\n'
                '[[workspaces]]\nname = "b"\nworkspace_id = 2'
            ),
            "workspaces[1].host: of several workspaces each needs a host or a profile",
        ),
        ('[[workspaces]]\nname = "a"\nhost = "adb"', "workspaces[0].host: 'adb' is no"),
        ('[[permissions]]\nactions = ["run"]', "permissions[0].users: this table names nobody"),
        (
            '[[permissions]]\nactions = []\nusers = ["U1"]',
            "permissions[0].actions: the list is empty",
        ),
        (
            '[[routes]]\nto = ["console:"]\ntags = "growth"',
            "routes[0].tags: 'growth' is not a list: write [\"growth\"]",
        ),
        ('[[routes]]\nto = "#alerts"', "'#alerts' is not a list: write [\"slack:C0123456789\"]"),
        ("[[workspaces]]\nname = 3", "workspaces[0].name: 3 is not a name"),
        ('[policy]\nsweep_minutes = "5"', "policy.sweep_minutes: '5' is not a whole number from 1"),
        ('[[permissions]]\nactions = ["fly"]', "permissions[0].actions: 'fly' is not one of"),
        (
            '[[permissions]]\nactions = ["help"]',
            "permissions[0].actions: 'help' is not one of the words",
        ),
        ('[[permissions]]\nactions = ["run"]\nusers = ["ana"]', "permissions[0].users: 'ana'"),
        ('[[permissions]]\nactions = ["run"]\ngroups = ["data"]', "permissions[0].groups"),
        ('[[permissions]]\nactions = ["run"]\nchannels = ["#a"]', "permissions[0].channels"),
        ('[[routes]]\nto = ["console:"]\nmentions = ["@ana"]', "routes[0].mentions"),
        ("not toml", "not a TOML file"),
        (
            '[[routes]]\nto = ["console:"]\nseverities = ["high"]',
            "routes[0].severities: 'high' is not one of the words: write \"critical\"",
        ),
        ('[[routes]]\nto = ["console:"]\ncategories = ["oom"]', "routes[0].categories"),
        ('[[severities]]\njobs = ["x"]', "severities[0].level: it is missing"),
        ('[[mutes]]\njobs = ["x"]', "mutes[0].until"),
        ('[[mutes]]\ncauses = ["oom"]', "mutes[0].causes: 'oom'"),
        ("[[mutes]]\nuntil = 2026-12-05", "mutes[0].until"),
        (
            "[[maintenance]]\nstart = 2026-12-05T22:00:00\nend = 2026-12-05T21:00:00",
            "maintenance[0].end",
        ),
        (
            '[[maintenance]]\nstart = 2026-12-05T22:00:00\nend = 2027-01-01T00:00:00\ntimezone="X"',
            "maintenance[0].timezone: 'X' is no time zone: use a name such as",
        ),
        ("[[maintenance]]\nstart = 2026-12-05T22:00:00", "maintenance[0]"),
        ('[[quiet_hours]]\nstart = "25:00"\nend = "06:00"', "quiet_hours[0].start"),
        (
            '[[quiet_hours]]\nstart = "22:00"\nend = "06:00"\ntimezone = "Europe/Viena"',
            "quiet_hours[0].timezone: 'Europe/Viena' is no time zone: did you mean Europe/Vienna?",
        ),
        (
            '[[quiet_hours]]\nstart = "22:00"\nend = "06:00"\ndays = ["monday"]',
            "quiet_hours[0].days: 'monday'",
        ),
    ],
    ids=ascii,
)
def test_a_fault_of_the_file_names_the_key(tmp_path: Path, text: str, named: str) -> None:
    faults = faults_of(JOBMON_CONFIG=config(tmp_path, text))

    assert named in faults
    assert "jobmon.toml" in faults


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[routes]]\nto = ["slack:C0123456789"]', "routes[0].to: slack:C0123456789 needs SLACK_"),
        (
            '[[routes]]\nto = ["email:a@example.com"]',
            "routes[0].to: email:a@example.com needs SMTP",
        ),
        (
            '[[routes]]\nto = ["console:"]\nworkspaces = ["prd"]\n[[workspaces]]\nname = "prod"',
            "routes[0].workspaces: no workspace is 'prd'; there is: prod",
        ),
    ],
    ids=["slack", "email", "workspace"],
)
def test_what_settings_need_of_one_another_is_said(tmp_path: Path, text: str, named: str) -> None:
    assert named in faults_of(JOBMON_CONFIG=config(tmp_path, text))


def test_all_faults_of_the_file_are_told_with_those_of_the_variables(tmp_path: Path) -> None:
    text = """
[[workspaces]]
name = "prod"
token_env = "PROD_TOKEN"

[[routes]]
to = ["#alerts", "slack:C0123456789"]
jobs = "nightly_*"
severities = ["high", "low"]
mentions = ["@ana"]
also = "yes"

[[routes]]
to = ["slack:C0123456789"]
workspaces = ["prd"]

[[quiet_hours]]
start = "25:00"
days = ["monday"]
timezone = "Mars"

[policy]
sweep_minute = 5
"""
    faults = faults_of(JOBMON_CONFIG=config(tmp_path, text), PORT="many").splitlines()

    wanted = (
        "PORT", "PROD_TOKEN", "'#alerts'", "needs SLACK_BOT_TOKEN", "routes[0].jobs: 'nightly_*'",
        "'high'", "'low'", "'@ana'", "routes[0].also: 'yes'", "no workspace is 'prd'",
        "quiet_hours[0].start: '25:00'", "quiet_hours[0].end: it is missing", "'monday'", "'Mars'",
        "did you mean sweep_minutes?",
    )  # fmt: skip
    assert not [text for text in wanted if not any(text in fault for fault in faults)]
    assert len(faults) == len(wanted)


def test_no_fault_follows_from_another(tmp_path: Path) -> None:
    text = (
        '[[mutes]]\nuntil = "soon"\n'
        '[[maintenance]]\nstart = 2026-12-05T22:00:00\nend = "later"\n'
        '[[workspaces]]\nname = "a"\nworkspace_id = "1"\nhost = 1\n'
        '[[workspaces]]\nname = "b"\nworkspace_id = 2\nhost = "b.example"\n'
        '[[permissions]]\nactions = ["run"]\nusers = ["ana"]'
    )

    faults = faults_of(JOBMON_CONFIG=config(tmp_path, text)).splitlines()

    assert len(faults) == 5


@pytest.mark.parametrize(
    ("place", "variable"), [("slack:C0123456789", "SLACK_BOT_TOKEN"), ("email:a@x.org", "SMTP_URL")]
)
def test_a_destination_whose_secret_cannot_be_read_is_one_fault(
    place: str, variable: str, tmp_path: Path
) -> None:
    path = config(tmp_path, f'[[routes]]\nto = ["{place}"]')

    faults = faults_of(**{"JOBMON_CONFIG": path, f"{variable}_FILE": "/does/not/exist"})

    assert faults == f"{variable}_FILE: cannot read /does/not/exist: No such file or directory"


def test_a_token_in_place_of_its_variable_is_not_shown(tmp_path: Path) -> None:
    text = '[[workspaces]]\nname = "a"\ntoken_env = "dapi0123"'

    faults = faults_of(JOBMON_CONFIG=config(tmp_path, text))

    assert "workspaces[0].token_env: what it holds is not the name of a variable" in faults
    assert "dapi0123" not in faults


def test_faults_do_not_speak_in_the_parsers_words(tmp_path: Path) -> None:
    text = (
        '[[routes]]\nto = ["x"]\njobs = 1\nalso = 1\n[policy]\nbroadcast = "loud"\n'
        'regression_hours = -1\n[[maintenance]]\nstart = 5\n[[mutes]]\ncauses = [""]'
    )

    faults = faults_of(JOBMON_CONFIG=config(tmp_path, text))

    assert not [word for word in ("`", "regex", "enum", "Expected", "field") if word in faults]


def test_what_editors_put_before_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    path = config(tmp_path, '\ufeff[[routes]]\nto = ["console:"]')

    assert read_settings({"JOBMON_CONFIG": path}).routes
