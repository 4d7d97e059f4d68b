"""`jobmon slack check` says what is missing, and what to do."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from click.testing import CliRunner

from jobmon.action import ActionKind, Permission
from jobmon.cli import main
from jobmon.demo.slack import PretendSlack
from jobmon.settings import Policy, Route, Secret, Settings, SlackSettings
from jobmon.slack_app.check import Finding, check
from jobmon.slack_app.scopes import SCOPES

CHANNEL = "C0123456789"
ANA = Permission(actions=(ActionKind.RERUN,), users=("U0ANA00001",))


@pytest.fixture
def slack() -> Iterator[PretendSlack]:
    with PretendSlack() as pretend:
        pretend.team.scopes = ",".join(SCOPES)
        yield pretend


def settings_for(slack: PretendSlack, **fields: object) -> Settings:
    own = SlackSettings(
        bot_token=Secret(slack.token),
        signing_secrets=(Secret(slack.signing_secret),),
        api_url=slack.url,
        channel=CHANNEL,
    )
    return replace(Settings(slack=own, permissions=(ANA,)), **fields)  # type: ignore[arg-type]


def wrong(settings: Settings) -> list[Finding]:
    return [finding for finding in check(settings) if not finding.is_fine]


def test_a_good_set_up_is_fine(slack: PretendSlack) -> None:
    found = list(check(settings_for(slack)))

    assert all(finding.is_fine for finding in found)
    assert any("#data-alerts" in finding.what for finding in found)


@pytest.mark.parametrize("scope", ["commands", "chat:write", "files:write", "channels:history"])
def test_a_missing_scope_is_named_with_its_use(slack: PretendSlack, scope: str) -> None:
    slack.team.scopes = ",".join(item for item in SCOPES if item != scope)

    (finding,) = wrong(settings_for(slack))
    assert scope in finding.what
    assert SCOPES[scope] in finding.what
    assert "reinstall" in finding.remedy


def test_scopes_are_only_missed_where_settings_need_them(slack: PretendSlack) -> None:
    slack.team.scopes = "commands,chat:write,files:write,channels:history,channels:read"
    assert not wrong(settings_for(slack))

    groups = Permission(actions=(ActionKind.RERUN,), groups=("S0ONCALL01",))
    needing = settings_for(slack, permissions=(groups,), policy=Policy(check_job_permissions=True))
    missing = " ".join(finding.what for finding in wrong(needing))
    assert all(scope in missing for scope in ("usergroups:read", "users:read.email"))


def test_a_channel_without_the_bot_is_named_with_what_to_type(slack: PretendSlack) -> None:
    slack.add_channel("C0OTHER0001", "other", member=False)
    slack.add_channel("C0OLD000001", "old", archived=True)
    slack.add_channel("C0SECRET001", "secret", member=False, private=True)
    to = ("slack:C0OTHER0001", "slack:C0OLD000001", "slack:C0SECRET001")
    other, old, secret = wrong(settings_for(slack, routes=(Route(destinations=to),)))

    assert "/invite @jobmon" in other.remedy
    assert "archived" in old.what
    assert "/invite @jobmon" in secret.remedy


def test_a_wrong_token_is_said_without_being_shown(slack: PretendSlack) -> None:
    settings = settings_for(slack)
    own = replace(settings.slack, bot_token=Secret("xoxb-wrong"))
    (finding,) = wrong(replace(settings, slack=own))

    assert "invalid_auth" in finding.remedy
    assert "xoxb-wrong" not in f"{finding}"


def test_what_is_not_set_is_named() -> None:
    found = " ".join(finding.what for finding in wrong(Settings()))

    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "no message", "nobody may"):
        assert name in found


def test_an_app_token_that_opens_no_connection_is_named(slack: PretendSlack) -> None:
    settings = settings_for(slack)
    own = replace(settings.slack, app_token=Secret("xapp-wrong"))
    (finding,) = wrong(replace(settings, slack=own))

    assert "connections:write" in finding.remedy


def test_the_command_fails_with_every_fault_listed(slack: PretendSlack) -> None:
    slack.team.scopes = "chat:write"
    environment = {
        "SLACK_BOT_TOKEN": slack.token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.url,
        "JOBMON_SLACK_CHANNEL": CHANNEL,
    }
    result = CliRunner().invoke(main, ["slack", "check"], env=environment)

    assert result.exit_code == 1
    assert "commands" in result.output
