"""Read settings from the environment and `jobmon.toml`, and report every fault at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from shutil import which
from typing import TypeVar
from urllib.parse import urlsplit

from jobmon.address import MAX_SHOWN, is_safe_to_call
from jobmon.config_file import ConfigFile, read_config_file
from jobmon.errors import SettingsError
from jobmon.messenger_settings import email_settings, slack_settings
from jobmon.settings import (
    RedisSettings,
    RulesSettings,
    Secret,
    Settings,
    WebhookSettings,
)
from jobmon.settings_faults import faults_of_settings
from jobmon.variables import Variables
from jobmon.workspace_settings import workspace_settings

MAX_PORT = 65_535
OURS = ("JOBMON_", "SLACK_", "SMTP_")
ALIKE = 0.85
T = TypeVar("T")
_REDIS_SCHEMES = frozenset({"redis", "rediss", "unix"})


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Parse all settings.

    Raises SettingsError with every fault found, each naming the variable or the key of the
    file and what to do about it.
    """
    reader = Variables(environ)
    settings = _read(reader)
    faults = (*reader.faults, *faults_of_settings(settings, reader.is_given))
    if faults:
        raise SettingsError(faults)
    return settings


def _read(reader: Variables) -> Settings:
    config = _config(reader)
    return Settings(
        workspaces=workspace_settings(reader, config),
        webhook=_webhook(reader),
        slack=slack_settings(reader),
        email=email_settings(reader),
        redis=_redis(reader),
        rules=_rules(reader),
        routes=config.routes_as_settings(),
        permissions=config.permissions_as_settings(),
        severities=config.severities_as_settings(),
        mutes=config.mutes_as_settings(),
        policy=replace(config.policy_as_settings(), heartbeat_url=_heartbeat(reader)),
        data_dir=_data_dir(reader),
        port=_port(reader),
        workers=reader.integer("JOBMON_WORKERS", 2, low=1, high=64),
        log_format=_log_format(reader),
    )


def mistyped_variables(environ: Mapping[str, str]) -> Iterator[str]:
    """Variables that nobody reads but whose names are nearly ours."""
    nothing_set = Variables({})
    _read(nothing_set)
    for name in sorted(environ.keys() - nothing_set.asked):
        near = get_close_matches(name, nothing_set.asked, n=1, cutoff=ALIKE)
        if near and name.startswith(OURS):
            yield f"{name}: there is no such variable; did you mean {near[0]}?"


def rules_settings(environ: Mapping[str, str]) -> RulesSettings:
    """Parse what concerns the rules alone, for who writes rules and runs nothing.

    Raises SettingsError as `read_settings` does.
    """
    return _alone(_rules, environ)


def redis_settings(environ: Mapping[str, str]) -> RedisSettings:
    """Parse what concerns Redis alone. Raises SettingsError as `read_settings` does."""
    return _alone(_redis, environ)


def data_folder_of(environ: Mapping[str, str]) -> Path:
    """Where the data folder is. Raises SettingsError as `read_settings` does."""
    return _alone(_data_dir, environ)


def port_of(environ: Mapping[str, str]) -> int:
    """The port alone. Raises SettingsError as `read_settings` does."""
    return _alone(_port, environ)


def _alone(read: Callable[[Variables], T], environ: Mapping[str, str]) -> T:
    """One part of the settings: faults of the others are none of it."""
    reader = Variables(environ)
    part = read(reader)
    if reader.faults:
        raise SettingsError(tuple(reader.faults))
    return part


def _config(reader: Variables) -> ConfigFile:
    path = reader.text("JOBMON_CONFIG")
    if not path:
        return ConfigFile()
    config, faults = read_config_file(Path(path))
    reader.faults.extend(faults)
    return config


def _webhook(reader: Variables) -> WebhookSettings:
    username = reader.text("JOBMON_WEBHOOK_USERNAME")
    password = reader.secret("JOBMON_WEBHOOK_PASSWORD")
    missing = "JOBMON_WEBHOOK_PASSWORD" if username else "JOBMON_WEBHOOK_USERNAME"
    if bool(username) != bool(password) and not reader.is_given(missing):
        reader.fault(f"{missing}: set it too; the webhook's user name and password go together")
    if ":" in username:
        reader.fault("JOBMON_WEBHOOK_USERNAME: Basic authentication allows no colon in it")
    return WebhookSettings(username=username, password=password)


def _redis(reader: Variables) -> RedisSettings:
    url = reader.text("REDIS_URL")
    if url and not _is_of_redis(url):
        reader.fault("REDIS_URL: expected redis://host:6379/0, rediss://… or unix:///path")
    program = reader.text("JOBMON_REDIS_BIN")
    if program and not which(program):
        reader.fault(
            f"JOBMON_REDIS_BIN: {program[:MAX_SHOWN]!r} is no program that can be run: give the "
            "path of valkey-server or redis-server"
        )
    return RedisSettings(url=Secret(url), program=program)


def _is_of_redis(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in _REDIS_SCHEMES and port != 0


def _heartbeat(reader: Variables) -> Secret:
    url = reader.secret("JOBMON_HEARTBEAT_URL")
    if url and not is_safe_to_call(url.reveal()):
        reader.fault("JOBMON_HEARTBEAT_URL: expected an https:// address")
    return url


def _rules(reader: Variables) -> RulesSettings:
    paths = tuple(Path(part) for part in reader.text("JOBMON_RULES_PATH").split(":") if part)
    for path in paths:
        if not path.is_dir():
            reader.fault(f"JOBMON_RULES_PATH: {path} is not a folder")
    disabled = reader.words("JOBMON_RULES_DISABLE")
    return RulesSettings(paths=paths, disabled=disabled)


def _data_dir(reader: Variables) -> Path:
    return Path(reader.text("JOBMON_DATA_DIR", "./.jobmon"))


def _port(reader: Variables) -> int:
    return reader.integer("PORT", 8000, low=1, high=MAX_PORT)


def _log_format(reader: Variables) -> str:
    value = reader.text("JOBMON_LOG_FORMAT", "text")
    if value not in {"text", "json"}:
        reader.fault(f"JOBMON_LOG_FORMAT: expected text or json, got {value[:40]!r}")
        return "text"
    return value
