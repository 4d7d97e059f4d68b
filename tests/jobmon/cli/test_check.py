"""`jobmon check` says everything that is wrong."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmon.cli.check import check


def test_a_data_directory_that_cannot_be_written_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").touch()
    monkeypatch.setenv("JOBMON_DATA_DIR", str(tmp_path / "data"))
    result = CliRunner().invoke(check)

    assert result.exit_code == 1
    assert f"✗ JOBMON_DATA_DIR: {tmp_path}/data cannot be written: it is a file" in result.output


def test_the_data_directory_is_looked_at_although_settings_are_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").touch()
    monkeypatch.setenv("JOBMON_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PORT", "many")
    said = CliRunner().invoke(check).output

    assert "✗ PORT" in said
    assert "✗ JOBMON_DATA_DIR" in said


def test_what_is_switched_off_is_looked_at_although_a_rule_is_broken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rule = tmp_path / "X101-broken" / "rule.toml"
    rule.parent.mkdir()
    rule.write_text("bad", encoding="utf-8")
    monkeypatch.setenv("JOBMON_RULES_PATH", str(tmp_path))
    monkeypatch.setenv("JOBMON_RULES_DISABLE", "NOSUCH X101")
    said = CliRunner().invoke(check).output

    assert f"✗ {rule}: is not TOML" in said
    assert "✗ JOBMON_RULES_DISABLE: no rule's code begins with 'NOSUCH'" in said
    assert "'X101'" not in said


def test_looking_leaves_no_data_directory_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JOBMON_DATA_DIR", str(tmp_path / "a" / "b" / "data"))

    assert CliRunner().invoke(check).exit_code == 0
    assert not (tmp_path / "a").exists()


def test_a_rule_that_cannot_be_switched_off_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMON_RULES_DISABLE", "PY101 NOSUCH")
    result = CliRunner().invoke(check)

    assert result.exit_code == 1
    assert "JOBMON_RULES_DISABLE: no rule's code begins with 'NOSUCH'" in result.output
    assert "'PY101'" not in result.output


def warnings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: str = "", **environ: str
) -> str:
    (tmp_path / "jobmon.toml").write_text(config, encoding="utf-8")
    monkeypatch.setenv("JOBMON_CONFIG", str(tmp_path / "jobmon.toml"))
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(check)

    assert result.exit_code == 0, result.output
    return "\n".join(line for line in result.output.splitlines() if line.startswith("! "))


def test_a_token_without_anywhere_to_tell_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = "SLACK_BOT_TOKEN is set, but no failure goes to Slack"
    route = '[[routes]]\nto = ["slack:C0123456789"]'

    assert said in warnings(monkeypatch, tmp_path, SLACK_BOT_TOKEN="xoxb-1")
    assert said not in warnings(monkeypatch, tmp_path, route)


def test_a_mail_server_without_anybody_to_write_to_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = "SMTP_URL is set, but no failure goes to mail"
    mail = {"SMTP_URL": "smtp://mail.example.com:587", "JOBMON_EMAIL_FROM": "a@example.com"}

    assert said in warnings(monkeypatch, tmp_path, **mail)
    route = '[[routes]]\nto = ["email:b@example.com"]'
    assert said not in warnings(monkeypatch, tmp_path, route)
    assert said not in warnings(monkeypatch, tmp_path, JOBMON_EMAIL_TO="b@example.com")


def test_buttons_that_nobody_may_press_are_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = "nobody may rerun, cancel, acknowledge or mute"
    slack = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "s",
        "JOBMON_SLACK_CHANNEL": "C0123456789",
    }

    assert said in warnings(monkeypatch, tmp_path, **slack)
    somebody = '[[permissions]]\nactions = ["rerun"]\nusers = ["U0123456789"]'
    assert said not in warnings(monkeypatch, tmp_path, somebody)


def test_a_mute_that_nobody_may_end_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = "who may mute may not unmute"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("JOBMON_SLACK_CHANNEL", "C0123456789")
    mutes = '[[permissions]]\nactions = ["mute"]\nusers = ["U0123456789"]'

    assert said in warnings(monkeypatch, tmp_path, mutes)
    both = f'{mutes}\n[[permissions]]\nactions = ["unmute"]\nusers = ["U0123456789"]'
    assert said not in warnings(monkeypatch, tmp_path, both)


@pytest.mark.parametrize(
    ("route", "said"),
    [
        pytest.param("slack:C0123456789", "SLACK_SIGNING_SECRET is not set", id="buttons"),
        pytest.param("slack:C0123456789", "no mail is configured", id="another medium"),
        pytest.param("slack:C0123456789", "JOBMON_HEARTBEAT_URL is not set", id="Slack's watch"),
        pytest.param("email:a@example.com", "JOBMON_HEARTBEAT_URL is not set", id="mail's watch"),
    ],
)
def test_what_goes_out_by_routes_alone_is_looked_at_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, route: str, said: str
) -> None:
    mail = {"SMTP_URL": "smtp://mail.example.com:587", "JOBMON_EMAIL_FROM": "a@example.com"}
    chosen = {"SLACK_BOT_TOKEN": "xoxb-1"} if route.startswith("slack:") else mail

    assert said in warnings(monkeypatch, tmp_path, f'[[routes]]\nto = ["{route}"]', **chosen)


def test_a_file_of_settings_that_nothing_reads_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "jobmon.toml").touch()

    unread = CliRunner().invoke(check).output
    monkeypatch.setenv("JOBMON_CONFIG", "jobmon.toml")
    read = CliRunner().invoke(check).output

    assert "jobmon.toml is here but not read: set JOBMON_CONFIG=jobmon.toml" in unread
    assert "not read" not in read
    assert "settings: read, with those of jobmon.toml" in read


def test_judgements_without_a_rule_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMON_RULES_DISABLE", "GEN102")

    assert CliRunner().invoke(check).exit_code == 0


def test_a_tag_that_may_lack_its_name_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = '[[routes]]\nto = ["console:"]\ntags = ["growth", "team=growth", "own*"]'

    said = warnings(monkeypatch, tmp_path, text)

    assert said.count(".tags: ") == 1
    assert "routes[0].tags: 'growth' means any job with a tag of this name" in said


def test_rules_are_looked_at_although_settings_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("JOBMON_RULES_DISABLE", "NOSUCH")
    said = CliRunner().invoke(check).output

    assert "✗ PORT" in said
    assert "✗ JOBMON_RULES_DISABLE" in said


def test_a_fault_of_the_rules_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMON_RULES_PATH", "/does/not/exist")

    assert CliRunner().invoke(check).output.count("JOBMON_RULES_PATH") == 1


def test_a_variable_whose_name_is_nearly_ours_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBMON_SLACK_CHANEL", "C0123456789")
    monkeypatch.setenv("JOBMON_SERVICE_HOST", "10.0.0.1")  # Kubernetes sets such ones
    result = CliRunner().invoke(check)

    assert "! JOBMON_SLACK_CHANEL: there is no such variable; did you mean" in result.output
    assert "JOBMON_SERVICE_HOST" not in result.output
    assert result.exit_code == 0


def test_a_workspace_without_credentials_is_said_to_be_the_sdks_choice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "! workspace default: no host with a token" in CliRunner().invoke(check).output

    monkeypatch.setenv("DATABRICKS_HOST", "https://dbc.example.com")
    monkeypatch.setenv("DATABRICKS_TOKEN", "dapi1")
    assert "! workspace default" not in CliRunner().invoke(check).output
