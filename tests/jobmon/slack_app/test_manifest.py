"""The app comes from one paste."""

from copy import deepcopy
from typing import Any

import pytest
from click.testing import CliRunner

from jobmon.cli import main
from jobmon.command import USAGE
from jobmon.errors import SettingsError
from jobmon.settings import Settings
from jobmon.slack_app.manifest import manifest
from jobmon.slack_app.scopes import SCOPES, needed
from tests.support.manifest_schema import faults
from tests.support.web import web_client

URL = "https://jobmon.example.com"


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_it_is_what_slacks_schema_allows(*, socket_mode: bool) -> None:
    assert not list(faults(manifest(URL, socket_mode=socket_mode)))


def test_the_schema_refuses_what_is_wrong() -> None:
    wrong: Any = deepcopy(manifest(URL))
    wrong["display_information"]["name"] = "j" * 36
    wrong["features"]["slash_commands"][0]["shortcut"] = True
    wrong["settings"]["interactivity"]["request_url"] = "ftp://x"
    del wrong["features"]["bot_user"]["display_name"]

    assert len(list(faults(wrong))) == 4


def test_slack_is_told_the_routes_that_there_are(settings: Settings) -> None:
    made: Any = manifest(f"{URL}/")
    with web_client(settings) as web:
        routes = {rule.rule for rule in web.application.url_map.iter_rules()}
    told = {
        made["features"]["slash_commands"][0]["url"],
        made["settings"]["interactivity"]["request_url"],
    }

    assert {url.removeprefix(URL) for url in told} <= routes


def test_with_socket_mode_there_is_no_address_and_none_is_needed() -> None:
    made: Any = manifest("", socket_mode=True)

    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in str(made)


def test_the_hint_names_every_command() -> None:
    made: Any = manifest(URL)
    hint = made["features"]["slash_commands"][0]["usage_hint"]

    assert all(kind.value in hint for kind in USAGE)


@pytest.mark.parametrize(
    "url", ["", "http://jobmon.example.com", "jobmon.example.com", "https://a b"]
)
def test_an_address_that_slack_cannot_call_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="--url"):
        manifest(url)


def test_every_scope_that_can_be_needed_is_asked_for() -> None:
    assert set(needed(Settings())) <= set(SCOPES)


def test_the_command_prints_it() -> None:
    result = CliRunner().invoke(main, ["slack", "manifest", "--url", URL])

    assert result.exit_code == 0
    assert '"/jobmon"' in result.output
