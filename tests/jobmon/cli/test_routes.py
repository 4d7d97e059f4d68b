"""`jobmon routes test`: where a failure would go now; `jobmon check`: what is out of date."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from jobmon.cli.check import check
from jobmon.cli.routes import routes

NOW = datetime.now(UTC)
FILE = """
[[routes]]
to = ["slack:C0PAGER0001"]
severities = ["critical"]
owners = ["growth"]
mentions = ["U0ONCALL01"]

[[severities]]
level = "info"
jobs = ["sandbox_*"]

[[maintenance]]
start = {begin}
end = {end}
jobs = ["held_*"]

[[mutes]]
jobs = ["legacy_*"]
until = {end}

[[mutes]]
causes = ["cause-3f2a91c04be877d1"]
until = {begin}

[[mutes]]
jobs = ["noisy_*"]
causes = ["cause-3f2a91c04be877d1"]
until = {end}
"""


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "jobmon.toml"
    begin, end = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    text = FILE.format(begin=begin.isoformat(), end=end.isoformat())
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("JOBMON_CONFIG", str(path))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")


def said(*arguments: str) -> str:
    return CliRunner().invoke(routes, ["test", *arguments]).output


@pytest.mark.usefixtures("configured")
def test_severity_and_owner_decide_and_are_shown() -> None:
    pager = "slack:C0PAGER0001 mentioning U0ONCALL01  (critical, by routes[0])"

    assert pager in said("orders", "--environment", "prod", "--tag", "team=growth")
    assert pager in said("orders", "--severity", "critical", "--owner", "growth")
    assert "console:  (warning, by the defaults)" in said("orders", "--tag", "team=growth")
    assert "(critical, by the defaults)" in said("orders", "--environment", "prod")
    assert "(info, by the defaults)" in said("sandbox_x", "--environment", "prod")


@pytest.mark.usefixtures("configured")
def test_what_is_held_back_or_muted_now_is_said() -> None:
    end = f"{NOW + timedelta(hours=1):%Y-%m-%d %H:%M} UTC"

    assert f"held back until {end}" in said("held_orders")
    assert f"muted until {end}" in said("legacy_orders")
    assert f"muted until {end} if the cause is cause-3f2a91c04be877d1" in said("noisy_orders")
    assert len(said("orders").splitlines()) == 1


@pytest.mark.usefixtures("configured")
def test_a_category_that_does_not_exist_is_refused() -> None:
    result = CliRunner().invoke(routes, ["test", "orders", "--category", "oom"])

    assert result.exit_code
    assert "out_of_memory" in result.output


@pytest.mark.usefixtures("configured")
def test_check_lists_windows_and_mutes_and_names_those_that_are_over() -> None:
    output = CliRunner().invoke(check).output

    assert "maintenance[0] holds back" in output
    assert "mutes[0] mutes: until" in output
    assert "! mutes[1] is over: remove it from jobmon.toml" in output
    assert "maintenance[0] is over" not in output
