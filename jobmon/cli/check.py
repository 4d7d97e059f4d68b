"""`jobmon check`: every fault of settings, rules and routes, before they matter."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from jobmon.cli.exit_codes import EXIT_FAILED
from jobmon.cli.rules_at_start import load_rules, look_at_disabled
from jobmon.cli.warnings import warnings_of
from jobmon.errors import JobmonError, SettingsError
from jobmon.settings import Settings

FILE = "jobmon.toml"


@click.command()
@click.option(
    "--connect", is_flag=True, help="Also ask Redis, Databricks, Slack and the mail server."
)
def check(*, connect: bool) -> None:
    """Check settings, rules and routes; exit 1 with every fault listed."""
    from jobmon.settings_reader import mistyped_variables  # noqa: PLC0415
    from jobmon.start import faults_of, look_at_data_folder, look_at_redis_if_set  # noqa: PLC0415

    read: list[Settings] = []
    others = (_rules, look_at_disabled, look_at_data_folder, look_at_redis_if_set)
    faults = list(faults_of(os.environ, (lambda given: read.append(_settings(given)), *others)))
    for warning in (*mistyped_variables(os.environ), *_unread_file(os.environ)):
        click.secho(f"! {warning}", fg="yellow")
    for settings in read:
        _warn(settings)
        faults += _faults_of_connections(settings, known=faults) if connect else ()
    for fault in faults:
        click.secho(f"✗ {fault}", fg="red", err=True)
    if faults:
        sys.exit(EXIT_FAILED)
    click.secho("✓ everything checked is fine", fg="green")


def _unread_file(environ: Mapping[str, str]) -> Iterator[str]:
    """A file of the name that everybody gives it, which nothing reads."""
    if not environ.get("JOBMON_CONFIG") and Path(FILE).is_file():
        yield f"{FILE} is here but not read: set JOBMON_CONFIG={FILE}"


def _say(what: str, how: str) -> None:
    click.secho(f"✓ {what}: {how}", fg="green")


def _settings(environ: Mapping[str, str]) -> Settings:
    from jobmon.settings_reader import read_settings  # noqa: PLC0415 (start-up time)

    settings = read_settings(environ)
    file = environ.get("JOBMON_CONFIG", "")
    _say("settings", f"read, with those of {file}" if file else "read")
    return settings


def _rules(environ: Mapping[str, str]) -> None:
    _say("rules", f"{len(load_rules(environ).rules)} loaded")


def _warn(settings: Settings) -> None:
    """Things that are no faults, but surely not wanted for long."""
    from workers.route import default_destinations  # noqa: PLC0415 (start-up time)

    for warning in warnings_of(settings, now=datetime.now(UTC)):
        click.secho(f"! {warning}", fg="yellow")
    _say("without a route, failures go to", ", ".join(default_destinations(settings)))
    for number, route in enumerate(settings.routes):
        _say(f"routes[{number}] goes to", ", ".join(route.destinations))
    for number, window in enumerate(settings.policy.maintenance):
        _say(f"maintenance[{number}] holds back", f"{_time(window.start)} to {_time(window.end)}")
    for number, mute in enumerate(settings.mutes):
        end = f"until {_time(mute.until)}" if mute.until else "until the cause changes"
        _say(f"mutes[{number}] mutes", end)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _faults_of_connections(settings: Settings, *, known: list[str]) -> Iterator[str]:
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
            yield from (f"{name}: {fault}" for fault in exc.faults if fault not in known)
        except JobmonError as exc:
            yield f"{name}: {exc}"
        else:
            if answer:
                _say(name, answer)
