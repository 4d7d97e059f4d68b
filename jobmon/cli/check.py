"""`jobmon check`: every fault of settings, rules and routes, before they matter."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import click

from jobmon.action import Permission
from jobmon.address import THIS_MACHINE
from jobmon.cli.shell import EXIT_FAILED
from jobmon.errors import JobmonError, SettingsError
from jobmon.settings import Conditions, Settings


@click.command()
@click.option(
    "--connect", is_flag=True, help="Also ask Redis, Databricks, Slack and the mail server."
)
def check(*, connect: bool) -> None:
    """Check settings, rules and routes; exit 1 with every fault listed."""
    import os  # noqa: PLC0415 (start-up time)

    from jobmon.settings_reader import mistyped_variables, read_settings  # noqa: PLC0415

    faults: list[str] = []
    try:
        settings = read_settings(os.environ)
    except SettingsError as exc:
        faults.extend(exc.faults)
        settings = None
    else:
        _say("settings", "read")
    faults.extend(fault for fault in _faults_of_rules(os.environ) if fault not in faults)
    for warning in mistyped_variables(os.environ):
        click.secho(f"! {warning}", fg="yellow")
    if settings is not None:
        _warn(settings)
        if connect:
            faults.extend(_faults_of_connections(settings))
    for fault in faults:
        click.secho(f"✗ {fault}", fg="red", err=True)
    if faults:
        sys.exit(EXIT_FAILED)
    click.secho("✓ everything checked is fine", fg="green")


def _say(what: str, how: str) -> None:
    click.secho(f"✓ {what}: {how}", fg="green")


def _faults_of_rules(environ: Mapping[str, str]) -> Iterator[str]:
    """Rules are looked at whatever else is wrong."""
    from jobmon.settings_reader import rules_settings  # noqa: PLC0415 (start-up time)
    from rules.ruleset import load, prefixes_of  # noqa: PLC0415

    try:
        wanted = rules_settings(environ)
        codes = [rule.code for rule in load(wanted.paths).rules]
        ruleset = load(wanted.paths, wanted.disabled)
    except SettingsError as exc:
        yield from exc.faults
        return
    _say("rules", f"{len(ruleset.rules)} loaded")
    for prefix in prefixes_of(wanted.disabled):
        if not any(code.startswith(prefix) for code in codes):
            yield (
                f"JOBMON_RULES_DISABLE: no rule's code begins with {prefix[:40]!r}: "
                "`jobmon rules list` shows them all"
            )


def _warn(settings: Settings) -> None:
    """Things that are no faults, but surely not wanted for long."""
    from workers.route import default_destinations  # noqa: PLC0415 (start-up time)

    for warning in _warnings(settings):
        click.secho(f"! {warning}", fg="yellow")
    _say("without a route, failures go to", ", ".join(default_destinations(settings)))
    for number, route in enumerate(settings.routes):
        _say(f"routes[{number}] goes to", ", ".join(route.destinations))
    for number, window in enumerate(settings.policy.maintenance):
        _say(f"maintenance[{number}] holds back", f"{_time(window.start)} to {_time(window.end)}")
    for number, mute in enumerate(settings.mutes):
        end = f"until {_time(mute.until)}" if mute.until else "until the cause changes"
        _say(f"mutes[{number}] mutes", end)


def _warnings(settings: Settings) -> Iterator[str]:
    if not settings.webhook.username:
        yield (
            "JOBMON_WEBHOOK_USERNAME and JOBMON_WEBHOOK_PASSWORD are not set: `jobmon up` makes "
            "and shows them; a web process started without it lets nobody post"
        )
    if (
        settings.slack.channel
        and not settings.slack.signing_secrets
        and not settings.slack.app_token
    ):
        yield "SLACK_SIGNING_SECRET is not set: messages have no buttons, /jobmon is refused"
    if settings.slack.bot_token and not _tells_slack(settings):
        yield (
            "SLACK_BOT_TOKEN is set, but no failure goes to Slack: set JOBMON_SLACK_CHANNEL, or a "
            'route to "slack:C0123456789"'
        )
    for place, tag in _bare_tags(settings):
        yield (
            f"{place}.tags: {tag!r} means any job with a tag of this name; for one whose tag has "
            f'this value write "name={tag}", such as "team={tag}"'
        )
    if settings.redis.url and _is_open(settings.redis.url.reveal()):
        yield "REDIS_URL goes to another machine without TLS: use rediss://, or a private network"
    if settings.slack.channel and not settings.email.recipients:
        yield "no mail is configured: nothing can tell you when Slack takes no messages"
    if settings.slack.channel and not settings.policy.heartbeat_url:
        yield "JOBMON_HEARTBEAT_URL is not set: nobody notices when jobmon itself is down"
    for item in settings.workspaces:
        if not (item.profile or (item.host and (item.token or item.client_id))):
            yield (
                f"workspace {item.name}: no host with a token or client id, and no profile: what "
                "the Databricks SDK finds by itself decides, `jobmon check --connect` tries it"
            )
    yield from (f"{what} is over: remove it from jobmon.toml" for what in _over(settings))
    if not settings.redis.url:
        yield "REDIS_URL is not set: `jobmon up` uses its embedded server, on this machine only"


def _tells_slack(settings: Settings) -> bool:
    places = [place for route in settings.routes for place in route.destinations]
    return bool(settings.slack.channel) or any(place.startswith("slack:") for place in places)


def _bare_tags(settings: Settings) -> Iterator[tuple[str, str]]:
    """Tags without a value, where they stand: mostly a value whose name was forgotten."""
    tables: dict[str, Sequence[Conditions | Permission]] = {
        "routes": settings.routes,
        "severities": settings.severities,
        "mutes": settings.mutes,
        "permissions": settings.permissions,
        "quiet_hours": settings.policy.quiet_hours,
        "maintenance": settings.policy.maintenance,
    }
    for name, rows in tables.items():
        for number, row in enumerate(rows):
            for tag in row.tags:
                if "=" not in tag and "*" not in tag:
                    yield f"{name}[{number}]", tag


def _over(settings: Settings) -> Iterator[str]:
    now = datetime.now(UTC)
    for number, window in enumerate(settings.policy.maintenance):
        if window.end <= now:
            yield f"maintenance[{number}]"
    for number, mute in enumerate(settings.mutes):
        if mute.until is not None and mute.until <= now:
            yield f"mutes[{number}]"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _is_open(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "redis" and parts.hostname not in THIS_MACHINE


def _faults_of_connections(settings: Settings) -> Iterator[str]:
    from jobmon.cli import connection  # noqa: PLC0415 (start-up time)

    tries: dict[str, Callable[[Settings], str]] = {
        "Redis": connection.ask_redis,
        "Databricks": connection.ask_databricks,
        "Slack": connection.ask_slack,
        "mail": connection.ask_mail,
    }
    for name, ask in tries.items():
        try:
            answer = ask(settings)
        except SettingsError as exc:
            yield from (f"{name}: {fault}" for fault in exc.faults)
        except JobmonError as exc:
            yield f"{name}: {exc}"
        else:
            if answer:
                _say(name, answer)
