"""The app's manifest: pasted once into "Create an app → From a manifest".

https://docs.slack.dev/reference/app-manifest
"""

from jobmon.command import USAGE
from jobmon.errors import SettingsError
from jobmon.slack_app.scopes import SCOPES

MAX_USAGE_HINT = 1000
MAX_URL = 3000

Manifest = dict[str, object]


def manifest(url: str, *, socket_mode: bool = False) -> Manifest:
    """The manifest for an app that Slack reaches at `url`, or that connects by itself.

    Raises SettingsError when the address is none that Slack could call.
    """
    base = "" if socket_mode else _address(url)
    return {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": "jobmon",
            "description": "One message per failed Databricks job: what broke, why, what next",
            "background_color": "#1b3139",
        },
        "features": {
            # Where people read what comes too late for an answer: nothing is read from there.
            "app_home": {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True},
            "bot_user": {"display_name": "jobmon", "always_online": True},
            "slash_commands": [_command(base)],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "interactivity": {"is_enabled": True} | _url(base, "request_url", "interactions"),
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def _command(base: str) -> Manifest:
    hint = " | ".join(kind.value for kind in USAGE)
    return {
        "command": "/jobmon",
        "description": "See, rerun, acknowledge or mute failed Databricks jobs",
        "usage_hint": hint[:MAX_USAGE_HINT],
        # Ids instead of names would reach us, and job names may hold an @.
        "should_escape": False,
    } | _url(base, "url", "commands")


def _url(base: str, name: str, route: str) -> Manifest:
    return {name: f"{base}/slack/{route}"} if base else {}


def _address(url: str) -> str:
    base = url.rstrip("/")
    if not base.startswith("https://") or len(base) > MAX_URL // 2 or any(map(str.isspace, base)):
        message = (
            "--url: give the https:// address at which Slack reaches jobmon, or --socket-mode, "
            "which needs none"
        )
        raise SettingsError((message,))
    return base
