"""Settings come from the environment; every fault is reported at once."""

from pathlib import Path

import pytest

from jobmon.settings_reader import read_settings, redis_settings
from tests.jobmon.settings_faults import faults_of


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


def test_a_byte_order_mark_of_a_secrets_file_is_no_part_of_the_secret(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_bytes(b"\xef\xbb\xbfdapi123\r\n")

    settings = read_settings({"DATABRICKS_TOKEN_FILE": str(secret)})

    assert settings.workspaces[0].token.reveal() == "dapi123"


@pytest.mark.parametrize(
    ("held", "named"),
    [
        ("dapi123\ndapi456", "a line break"),
        ("dapi123\r\ndapi456", "a line break"),
        ("dapi\t123", "a tab"),
        ("dapi\x00123", "the control character U+0000"),
        ("dapi\x1b[A123", "the control character U+001B"),
        ("dapi\u200b123", "the invisible character U+200B"),
        ("dapi123\ufeff", "the invisible character U+FEFF"),
    ],
    ids=repr,
)
def test_a_control_character_in_a_secrets_file_is_named_and_the_secret_is_not(
    held: str, named: str, tmp_path: Path
) -> None:
    secret = tmp_path / "token"
    secret.write_bytes(held.encode())

    faults = faults_of(DATABRICKS_TOKEN_FILE=str(secret))

    assert f"DATABRICKS_TOKEN_FILE: {secret} holds {named}" in faults
    assert "123" not in faults
    assert "456" not in faults


def test_a_control_character_in_a_variable_is_named() -> None:
    faults = faults_of(JOBMON_WEBHOOK_USERNAME="databricks", JOBMON_WEBHOOK_PASSWORD="hunter\n22")

    assert "JOBMON_WEBHOOK_PASSWORD: it holds a line break" in faults
    assert "hunter" not in faults


def test_a_control_character_in_one_of_several_values_is_named() -> None:
    faults = faults_of(SLACK_SIGNING_SECRET="new\x07er,old")

    assert "SLACK_SIGNING_SECRET: it holds the control character U+0007" in faults
    assert "new" not in faults


def test_what_holds_several_values_may_hold_them_in_lines(tmp_path: Path) -> None:
    secrets, disabled = tmp_path / "secrets", tmp_path / "rules"
    secrets.write_text("new\nold\n", encoding="utf-8")
    disabled.write_text("PY101\n\tPY102\n", encoding="utf-8")

    settings = read_settings(
        {"SLACK_SIGNING_SECRET_FILE": str(secrets), "JOBMON_RULES_DISABLE_FILE": str(disabled)}
    )

    assert [secret.reveal() for secret in settings.slack.signing_secrets] == ["new", "old"]
    assert settings.rules.disabled == ("PY101", "PY102")


def test_a_secret_never_shows_itself() -> None:
    settings = read_settings(
        {"JOBMON_WEBHOOK_USERNAME": "databricks", "JOBMON_WEBHOOK_PASSWORD": "hunter22"}
    )

    assert "hunter22" not in repr(settings)


@pytest.mark.parametrize("content", ["", "\n", "\ufeff"])
@pytest.mark.parametrize("name", ["REDIS_URL", "SLACK_SIGNING_SECRET", "DATABRICKS_TOKEN"])
def test_a_file_that_holds_nothing_is_not_the_same_as_none(
    name: str, content: str, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text(content, encoding="utf-8")

    assert f"{name}_FILE: {file} is empty" in faults_of(**{f"{name}_FILE": str(file)})


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
            {"SMTP_URL": "smtp://mail.example.com", "JOBMON_EMAIL_FROM": "jobmon <jobmon>"},
            "write jobmon@example.com, or jobmon <jobmon@example.com>",
        ),
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
        ({"PORT": "0"}, "PORT: expected a whole number from 1"),
        ({"JOBMON_RULES_PATH": "/does/not/exist"}, "JOBMON_RULES_PATH"),
        ({"JOBMON_CONFIG": "/does/not/exist.toml"}, "JOBMON_CONFIG"),
        ({"DATABRICKS_TOKEN": "a", "DATABRICKS_TOKEN_FILE": "/dev/null"}, "both set"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_a_fault_names_its_variable(environ: dict[str, str], named: str) -> None:
    assert named in faults_of(**environ)


@pytest.mark.parametrize(
    ("unreadable", "beside"),
    [
        ("SLACK_BOT_TOKEN", {"JOBMON_SLACK_CHANNEL": "C0123456789"}),
        ("SMTP_URL", {"JOBMON_EMAIL_FROM": "jobmon@example.com", "JOBMON_EMAIL_TO": "a@x.org"}),
        ("JOBMON_WEBHOOK_PASSWORD", {"JOBMON_WEBHOOK_USERNAME": "databricks"}),
        ("JOBMON_WEBHOOK_USERNAME", {"JOBMON_WEBHOOK_PASSWORD": "secret"}),
    ],
)
def test_what_cannot_be_read_is_not_said_to_be_missing_too(
    unreadable: str, beside: dict[str, str]
) -> None:
    faults = faults_of(**beside, **{f"{unreadable}_FILE": "/does/not/exist"})

    assert faults == f"{unreadable}_FILE: cannot read /does/not/exist: No such file or directory"


def test_mail_may_use_implicit_tls_or_starttls() -> None:
    common = {"JOBMON_EMAIL_FROM": "jobmon@example.com", "JOBMON_EMAIL_TO": "a@x.org, b@x.org"}

    starttls = read_settings({**common, "SMTP_URL": "smtp://u:p%40ss@mail.example.com"}).email
    implicit = read_settings({**common, "SMTP_URL": "smtps://mail.example.com"}).email

    assert (starttls.smtp.port, starttls.smtp.starttls) == (587, True)
    assert starttls.smtp.password.reveal() == "p@ss"
    assert (implicit.smtp.port, implicit.smtp.implicit_tls) == (465, True)
    assert starttls.recipients == ("a@x.org", "b@x.org")


def test_mails_may_come_from_an_address_with_a_name() -> None:
    environ = {"SMTP_URL": "smtp://m.acme.io", "JOBMON_EMAIL_FROM": "jobmon <jobmon@acme.io>"}

    sender = read_settings(environ).email.sender

    assert (sender.name, sender.address) == ("jobmon", "jobmon@acme.io")


def test_two_signing_secrets_are_taken_during_a_rotation() -> None:
    settings = read_settings({"SLACK_SIGNING_SECRET": "new,old"})

    assert [secret.reveal() for secret in settings.slack.signing_secrets] == ["new", "old"]


def test_the_embedded_servers_program_is_a_setting() -> None:
    environ = {"JOBMON_REDIS_BIN": "/bin/false", "PORT": "many"}

    assert redis_settings(environ).program == "/bin/false"
