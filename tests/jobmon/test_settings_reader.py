"""Settings come from the environment and `jobmon.toml`; every fault is reported at once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobmon.action import ActionKind
from jobmon.errors import SettingsError
from jobmon.settings_reader import read_settings, redis_settings
from jobmon.severity import Severity


def faults_of(**environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(environ)
    return "\n".join(caught.value.faults)


def config(tmp_path: Path, text: str) -> str:
    path = tmp_path / "jobmon.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_an_empty_environment_is_enough() -> None:
    settings = read_settings({})

    assert not settings.redis.url
    assert settings.data_dir == Path(".jobmon")
    assert settings.slack.api_url == "https://slack.com/api/"
    assert [workspace.name for workspace in settings.workspaces] == ["default"]


def test_each_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("dapi123\n", encoding="utf-8")

    settings = read_settings({"DATABRICKS_TOKEN_FILE": str(secret)})

    assert settings.workspaces[0].token.reveal() == "dapi123"


def test_a_secret_never_shows_itself() -> None:
    settings = read_settings(
        {"JOBMON_WEBHOOK_USERNAME": "databricks", "JOBMON_WEBHOOK_PASSWORD": "hunter22"}
    )

    assert "hunter22" not in repr(settings)


def test_all_faults_are_reported_together() -> None:
    faults = faults_of(
        PORT="many",
        REDIS_URL="http://localhost",
        SLACK_BOT_TOKEN="nonsense",
        JOBMON_LOG_FORMAT="xml",
        DATABRICKS_TOKEN_FILE="/does/not/exist",
    )

    for name in ("PORT", "REDIS_URL", "SLACK_BOT_TOKEN", "JOBMON_LOG_FORMAT", "DATABRICKS_TOKEN"):
        assert name in faults


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"JOBMON_WEBHOOK_USERNAME": "databricks"}, "JOBMON_WEBHOOK_PASSWORD"),
        ({"JOBMON_SLACK_CHANNEL": "C0123456789"}, "SLACK_BOT_TOKEN"),
        ({"SMTP_URL": "mail.example.com"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://mail.example.com"}, "JOBMON_EMAIL_FROM"),
        ({"JOBMON_EMAIL_TO": "data@example.com"}, "SMTP_URL"),
        (
            {
                "SMTP_URL": "smtp://mail.example.com",
                "JOBMON_EMAIL_FROM": "jobmon@example.com",
                "JOBMON_EMAIL_TO": "nobody",
            },
            "JOBMON_EMAIL_TO",
        ),
        ({"SMTP_URL": "smtp://mail.example.com:port"}, "SMTP_URL"),
        ({"JOBMON_SLACK_CHANNEL": "#alerts", "SLACK_BOT_TOKEN": "xoxb-1"}, "C0123456789"),
        ({"SLACK_API_URL": "http://evil.example.com/api/"}, "SLACK_API_URL"),
        ({"DATABRICKS_HOST": "http://evil.example.com"}, "DATABRICKS_HOST: 'http://evil"),
        ({"DATABRICKS_HOST": "adb"}, "DATABRICKS_HOST: 'adb' is no workspace's address"),
        ({"DATABRICKS_HOST": "https://adb-1.2.net/?o=3"}, "DATABRICKS_HOST"),
        ({"REDIS_URL": "redis://h:abc"}, "REDIS_URL"),
        ({"REDIS_URL": "redis://[::1"}, "REDIS_URL"),
        ({"JOBMON_REDIS_BIN": "/does/not/exist"}, "JOBMON_REDIS_BIN: '/does/not/exist' is no"),
        ({"PORT": "70000"}, "PORT"),
        ({"JOBMON_RULES_PATH": "/does/not/exist"}, "JOBMON_RULES_PATH"),
        ({"JOBMON_CONFIG": "/does/not/exist.toml"}, "JOBMON_CONFIG"),
        ({"DATABRICKS_TOKEN": "a", "DATABRICKS_TOKEN_FILE": "/dev/null"}, "both set"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_a_fault_names_its_variable(environ: dict[str, str], named: str) -> None:
    assert named in faults_of(**environ)


def test_mail_may_use_implicit_tls_or_starttls() -> None:
    common = {"JOBMON_EMAIL_FROM": "jobmon@example.com", "JOBMON_EMAIL_TO": "a@x.org, b@x.org"}

    starttls = read_settings({**common, "SMTP_URL": "smtp://u:p%40ss@mail.example.com"}).email
    implicit = read_settings({**common, "SMTP_URL": "smtps://mail.example.com"}).email

    assert (starttls.smtp.port, starttls.smtp.starttls) == (587, True)
    assert starttls.smtp.password.reveal() == "p@ss"
    assert (implicit.smtp.port, implicit.smtp.implicit_tls) == (465, True)
    assert starttls.recipients == ("a@x.org", "b@x.org")


def test_two_signing_secrets_are_taken_during_a_rotation() -> None:
    settings = read_settings({"SLACK_SIGNING_SECRET": "new,old"})

    assert [secret.reveal() for secret in settings.slack.signing_secrets] == ["new", "old"]


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


def test_the_embedded_servers_program_is_a_setting() -> None:
    environ = {"JOBMON_REDIS_BIN": "/bin/false", "PORT": "many"}

    assert redis_settings(environ).program == "/bin/false"


def test_what_editors_put_before_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    path = config(tmp_path, '\ufeff[[routes]]\nto = ["console:"]')

    assert read_settings({"JOBMON_CONFIG": path}).routes
