"""What is no fault of settings, but surely not wanted for long."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from jobmon.action import ActionKind, Permission
from jobmon.address import is_this_machine
from jobmon.settings import Conditions, Settings


def warnings_of(settings: Settings, *, now: datetime) -> Iterator[str]:
    """Each of them, with what to do."""
    yield from _of_events(settings)
    yield from _of_messages(settings)
    yield from _of_redis(settings)
    yield from _of_tables(settings, now=now)


def _of_events(settings: Settings) -> Iterator[str]:
    if not settings.webhook.username:
        yield (
            "JOBMON_WEBHOOK_USERNAME and JOBMON_WEBHOOK_PASSWORD are not set: `jobmon up` makes "
            "and shows them; a web process started without it lets nobody post"
        )
    for item in settings.workspaces:
        if not (item.profile or (item.host and (item.token or item.client_id))):
            yield (
                f"workspace {item.name}: no host with a token or client id, and no profile: what "
                "the Databricks SDK finds by itself decides, `jobmon check --connect` tries it"
            )


def _of_messages(settings: Settings) -> Iterator[str]:
    slack, email = settings.slack, settings.email
    to_slack = bool(slack.channel) or _tells(settings, "slack:")
    to_mail = bool(email.recipients) or _tells(settings, "email:")
    if slack.bot_token and not to_slack:
        yield (
            "SLACK_BOT_TOKEN is set, but no failure goes to Slack: set JOBMON_SLACK_CHANNEL, or a "
            'route to "slack:C0123456789"'
        )
    if email.smtp.host and not to_mail:
        yield (
            "SMTP_URL is set, but no failure goes to mail: set JOBMON_EMAIL_TO, or a route to "
            '"email:team@example.com"'
        )
    if to_slack:
        yield from _of_slack(settings)
    if to_slack and not to_mail:
        yield "no mail is configured: nothing can tell you when Slack takes no messages"
    if (to_slack or to_mail) and not settings.policy.heartbeat_url:
        yield "JOBMON_HEARTBEAT_URL is not set: nobody notices when jobmon itself is down"


def _of_slack(settings: Settings) -> Iterator[str]:
    if not settings.slack.signing_secrets and not settings.slack.app_token:
        yield "SLACK_SIGNING_SECRET is not set: messages have no buttons, /jobmon is refused"
    elif not settings.permissions:
        yield (
            "nobody may rerun, cancel, acknowledge or mute: name who may in [[permissions]] of the "
            "file that JOBMON_CONFIG names"
        )
    allowed = {action for table in settings.permissions for action in table.actions}
    if ActionKind.MUTE in allowed and ActionKind.UNMUTE not in allowed:
        yield 'who may mute may not unmute: add "unmute" to the actions of a [[permissions]] table'


def _tells(settings: Settings, kind: str) -> bool:
    """Whether a route leads to a destination of this kind."""
    places = [place for route in settings.routes for place in route.destinations]
    return any(place.startswith(kind) for place in places)


def _of_redis(settings: Settings) -> Iterator[str]:
    if not settings.redis.url:
        yield "REDIS_URL is not set: `jobmon up` uses its embedded server, on this machine only"
    elif _is_open(settings.redis.url.reveal()):
        yield "REDIS_URL goes to another machine without TLS: use rediss://, or a private network"


def _is_open(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "redis" and not is_this_machine(parts.hostname)


def _of_tables(settings: Settings, *, now: datetime) -> Iterator[str]:
    for place, tag in _bare_tags(settings):
        yield (
            f"{place}.tags: {tag!r} means any job with a tag of this name; for one whose tag has "
            f'this value write "name={tag}", such as "team={tag}"'
        )
    yield from (f"{what} is over: remove it from jobmon.toml" for what in _over(settings, now=now))


def _bare_tags(settings: Settings) -> Iterator[tuple[str, str]]:
    """Tags without a value, where they stand: mostly a value whose name was forgotten."""
    tables: dict[str, Sequence[Conditions | Permission]] = {
        **settings.conditions,
        "permissions": settings.permissions,
    }
    for name, rows in tables.items():
        for number, row in enumerate(rows):
            for tag in row.tags:
                if "=" not in tag and "*" not in tag:
                    yield f"{name}[{number}]", tag


def _over(settings: Settings, *, now: datetime) -> Iterator[str]:
    for number, window in enumerate(settings.policy.maintenance):
        if window.end <= now:
            yield f"maintenance[{number}]"
    for number, mute in enumerate(settings.mutes):
        if mute.until is not None and mute.until <= now:
            yield f"mutes[{number}]"
