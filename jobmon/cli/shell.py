"""What all commands share: settings or a clear refusal, and errors without a trace."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, NoReturn, ParamSpec, TypeVar

import click

from jobmon.cli.exit_codes import EXIT_FAILED, EXIT_UNREADABLE
from jobmon.cli.rules_at_start import load_rules
from jobmon.errors import JobmonError, SettingsError, TransientError
from jobmon.settings import Settings
from jobmon.settings_reader import read_settings

if TYPE_CHECKING:
    from rules.ruleset import RuleSet

P = ParamSpec("P")
T = TypeVar("T")

of_workspace = click.option(
    "--workspace",
    default="",
    help="Which workspace, by its name in jobmon.toml; needed where there are several.",
)


def settings_from_environment() -> Settings:
    """Read the settings, or end with every fault listed."""
    try:
        return read_settings(os.environ)
    except SettingsError as exc:
        refuse(exc)


def loaded_rules() -> "RuleSet":
    """Load the rules that the settings ask for; other faults of the settings are none of ours."""
    try:
        return load_rules(os.environ)
    except SettingsError as exc:
        refuse(exc)


def refuse(error: JobmonError) -> NoReturn:
    """End with an error in words, without a trace."""
    if isinstance(error, SettingsError):
        for fault in error.faults:
            click.secho(f"✗ {fault}", fg="red", err=True)
        sys.exit(EXIT_FAILED)
    from notifiers.text import plain  # noqa: PLC0415 (start-up time)

    click.secho(f"✗ {plain(str(error))}", fg="red", err=True)
    sys.exit(EXIT_UNREADABLE)


def in_words(command: Callable[P, T]) -> Callable[P, T]:
    """Turn jobmon's errors into a line on stderr and an exit code."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except JobmonError as exc:
            refuse(exc)
        except Exception as exc:
            if not _is_of_redis(exc):
                raise
            refuse(TransientError(_of_redis_in_words(exc)))

    return wrapped


def _of_redis_in_words(error: Exception) -> str:
    import redis.exceptions  # noqa: PLC0415 (start-up time)

    match error:
        case redis.exceptions.AuthenticationError() | redis.exceptions.NoPermissionError():
            return "Redis refuses our user or password, or lacks a right: check REDIS_URL"
        case redis.exceptions.ConnectionError() | redis.exceptions.TimeoutError():
            return (
                "Redis does not answer: check REDIS_URL, or start `jobmon up` with the same "
                "JOBMON_DATA_DIR"
            )
        case _:
            return f"Redis refuses: {error}; `jobmon check --connect` says what it has to be set to"


def _is_of_redis(error: Exception) -> bool:
    """Whether it is an error of the Redis client, which is not imported for asking this."""
    module = sys.modules.get("redis.exceptions")
    return module is not None and isinstance(error, module.RedisError)
