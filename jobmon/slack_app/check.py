"""Whether the Slack app is set up as these settings need it; each fault with its remedy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from jobmon.errors import JobmonError
from jobmon.settings import Settings
from jobmon.slack_app.scopes import SCOPES, needed
from notifiers.slack.web import translated, web_client

REINSTALL = "add it under OAuth & Permissions, then reinstall the app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; `remedy` says what to do when it is not fine."""

    what: str
    remedy: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether nothing has to be done."""
        return not self.remedy


def check(settings: Settings) -> Iterator[Finding]:
    """Look at the settings, the token, its scopes and every channel that messages go to."""
    yield from _settings(settings)
    if not settings.slack.bot_token:
        return
    web = web_client(settings.slack.api_url, settings.slack.bot_token.reveal())
    try:
        answer = translated("", web.auth_test)
    except JobmonError as exc:
        yield Finding(what="SLACK_BOT_TOKEN", remedy=str(exc))
        return
    yield Finding(what=f"the token is that of {answer.get('user')} in {answer.get('team')}")
    granted = _scopes_of(answer)
    yield from _scopes(settings, granted)
    for channel in _channels(settings):
        yield _channel(web, channel, granted)
    if settings.slack.app_token:
        yield _socket_mode(settings)


def _settings(settings: Settings) -> Iterator[Finding]:
    slack = settings.slack
    if not slack.bot_token:
        remedy = "set it to the Bot User OAuth Token (xoxb-…) of the installed app"
        yield Finding(what="SLACK_BOT_TOKEN is not set", remedy=remedy)
    if not slack.signing_secrets and not slack.app_token:
        yield Finding(
            what="neither SLACK_SIGNING_SECRET nor SLACK_APP_TOKEN is set",
            remedy="set the Signing Secret of Basic Information, or an app-level token (xapp-…) "
            "for Socket Mode: without one there are no buttons and no /jobmon",
        )
    if not any(_channels(settings)):
        yield Finding(
            what="no message goes to Slack", remedy="set JOBMON_SLACK_CHANNEL to a channel's id"
        )
    if not settings.permissions:
        yield Finding(
            what="nobody may rerun, cancel, acknowledge or mute",
            remedy="name who may in [[permissions]] of jobmon.toml",
        )


def _scopes(settings: Settings, granted: frozenset[str]) -> Iterator[Finding]:
    if not granted:
        yield Finding(what="Slack did not say which scopes the token has; not looked at")
        return
    missing = [scope for scope in needed(settings) if scope not in granted]
    for scope in missing:
        yield Finding(what=f"the scope {scope} is missing: {SCOPES[scope]}", remedy=REINSTALL)
    if not missing:
        yield Finding(what=f"{len(granted)} scopes are granted, all that these settings need")


def _channel(web: WebClient, channel: str, granted: frozenset[str]) -> Finding:
    try:
        answer = translated(channel, lambda: web.conversations_info(channel=channel))
    except JobmonError as exc:
        return Finding(what=f"channel {channel}", remedy=str(exc))
    found = answer.get("channel")
    known: Mapping[str, object] = found if isinstance(found, dict) else {}
    name = f"#{known.get('name')} ({channel})"
    if known.get("is_archived"):
        return Finding(what=f"{name} is archived", remedy="unarchive it or choose another")
    if not known.get("is_member") and not known.get("is_im"):
        return Finding(what=f"the bot is not in {name}", remedy="write /invite @jobmon in it")
    if known.get("is_private") and granted and "groups:history" not in granted:
        return Finding(
            what=f"the scope groups:history is missing, and {name} is private", remedy=REINSTALL
        )
    return Finding(what=f"the bot is in {name}")


def _socket_mode(settings: Settings) -> Finding:
    token = settings.slack.app_token.reveal()
    web = web_client(settings.slack.api_url, token)
    try:
        translated("", lambda: web.apps_connections_open(app_token=token))
    except JobmonError:
        return Finding(
            what="SLACK_APP_TOKEN opens no connection",
            remedy="make an app-level token with connections:write under Basic Information, and "
            "switch Socket Mode on",
        )
    return Finding(what="Socket Mode can connect")


def _channels(settings: Settings) -> tuple[str, ...]:
    routed = (name for route in settings.routes for name in route.destinations)
    named = [name.removeprefix("slack:") for name in routed if name.startswith("slack:")]
    own = [settings.slack.channel] if settings.slack.channel else []
    return tuple(dict.fromkeys((*own, *named)))


def _scopes_of(answer: SlackResponse) -> frozenset[str]:
    headers = {str(name).lower(): value for name, value in dict(answer.headers or {}).items()}
    listed = str(headers.get("x-oauth-scopes") or "")
    return frozenset(scope.strip() for scope in listed.split(",") if scope.strip())
