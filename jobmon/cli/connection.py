"""Ask each of the outside parts whether it is there and lets us in."""

from pathlib import Path

import redis.exceptions

from jobmon.cli.promises import broken_promises
from jobmon.cli.rights import RIGHTS, missing_rights
from jobmon.embedded import EmbeddedServer, find_program
from jobmon.errors import (
    CredentialError,
    JobmonError,
    PermanentError,
    SettingsError,
    TransientError,
)
from jobmon.settings import Settings
from jobmon.store.client import Client, Profile, connect


def redis_of(settings: Settings) -> Client:
    """The configured Redis, or the embedded server of a running `jobmon up`."""
    url = settings.redis.url.reveal() or EmbeddedServer(settings.data_dir).url
    return connect(url, Profile.WEB)


def ask_redis(settings: Settings) -> str:
    """Whether Redis is there, lets us in, and keeps what it is told.

    Without an address it is the server of a running `jobmon up`, or that one could be started.

    Raises SettingsError with everything about it that breaks a promise of ours.
    """
    if not settings.redis.url and not EmbeddedServer(settings.data_dir).answers:
        program = settings.redis.program or find_program()
        return f"none runs in {settings.data_dir}; `jobmon up` will start {Path(program).name}"
    client = redis_of(settings)
    try:
        _require_rights(client)
        info = client.info()
        config = _config(client)
    except (redis.exceptions.AuthenticationError, redis.exceptions.NoPermissionError) as exc:
        said = "it refuses our user or password: check those in REDIS_URL, and the user's rights"
        raise CredentialError(said) from exc
    except redis.exceptions.ResponseError as exc:
        raise PermanentError(
            "it refuses what REDIS_URL asks for: check the database's number"
        ) from exc
    except redis.exceptions.RedisError as exc:
        raise TransientError(f"no answer ({type(exc).__name__}): check REDIS_URL") from exc
    faults = tuple(broken_promises(info, config))
    if faults:
        raise SettingsError(faults)
    synced = config.get("appendfsync", "not shown")
    return (
        f"version {info.get('redis_version', '?')}, append-only file on (appendfsync {synced}), "
        "nothing is evicted"
    )


def _require_rights(client: Client) -> None:
    missing = ", ".join(missing_rights(client))
    if missing:
        raise SettingsError((f"its user may not {missing}: give it the rights {RIGHTS}",))


def _config(client: Client) -> dict[str, object]:
    """Settings that INFO does not tell; none where the server does not show them."""
    try:
        return {str(name): value for name, value in client.config_get("appendfsync").items()}
    except redis.exceptions.ResponseError:
        return {}


def ask_databricks(settings: Settings) -> str:
    """Whether every workspace lets us in.

    Raises SettingsError with what is wrong with each that does not.
    """
    from jobmon.databricks.client import Patience  # noqa: PLC0415
    from jobmon.databricks.workspaces import SdkWorkspaces  # noqa: PLC0415 (a second)
    from jobmon.local_limiter import LocalLimiter  # noqa: PLC0415

    faults, found = [], []
    several = len(settings.workspaces) > 1
    for item in settings.workspaces:
        asked = SdkWorkspaces((item,), limiter=LocalLimiter(), patience=Patience.PERSON)
        try:
            workspace = asked.get(None)
            workspace.runs_of(None, limit=1)
        except JobmonError as exc:
            faults.append(f"workspace {item.name}: {exc}" if several else str(exc))
        else:
            found.append(f"workspace {workspace.workspace_id}")
    if faults:
        raise SettingsError(tuple(faults))
    return ", ".join(found)


def ask_slack(settings: Settings) -> str:
    """Whether the bot token works."""
    if not settings.slack.bot_token:
        return ""
    from notifiers.slack.people import SlackDirectory  # noqa: PLC0415 (start-up time)

    return SlackDirectory(settings.slack).who_am_i()


def ask_mail(settings: Settings) -> str:
    """Whether the mail server lets us in."""
    if not settings.email.smtp.host:
        return ""
    from notifiers.email.smtp import SmtpSender  # noqa: PLC0415 (start-up time)

    SmtpSender(settings.email.smtp, hello="localhost").greet()
    return f"{settings.email.smtp.host} lets us in"
