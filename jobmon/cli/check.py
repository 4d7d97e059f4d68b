"""`jobmon check`: every fault of settings, rules and routes, before they matter."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from jobmon.cli.exit_codes import EXIT_FAILED
from jobmon.cli.warnings import warnings_of
from jobmon.data_folder import require_writable
from jobmon.errors import JobmonError, SettingsError
from jobmon.settings import Settings

FILE = "jobmon.toml"


@click.command()
@click.option(
    "--connect", is_flag=True, help="Also ask Redis, Databricks, Slack and the mail server."
)
def check(*, connect: bool) -> None:
    """Check settings, rules and routes; exit 1 with every fault listed."""
    import os  # noqa: PLC0415 (start-up time)

    from jobmon.settings_reader import (  # noqa: PLC0415
        data_folder_of,
        mistyped_variables,
        read_settings,
    )

    faults: list[str] = []
    try:
        settings = read_settings(os.environ)
    except SettingsError as exc:
        faults.extend(exc.faults)
        settings = None
    else:
        _say("settings", _read_from(os.environ))
    faults.extend(fault for fault in _faults_of_rules(os.environ) if fault not in faults)
    faults.extend(_faults_of_data_folder(data_folder_of(os.environ)))
    for warning in (*mistyped_variables(os.environ), *_unread_file(os.environ)):
        click.secho(f"! {warning}", fg="yellow")
    if settings is not None:
        _warn(settings)
        asked = _faults_of_connections if connect else _faults_of_redis
        faults.extend(asked(settings))
    for fault in faults:
        click.secho(f"✗ {fault}", fg="red", err=True)
    if faults:
        sys.exit(EXIT_FAILED)
    click.secho("✓ everything checked is fine", fg="green")


def _read_from(environ: Mapping[str, str]) -> str:
    file = environ.get("JOBMON_CONFIG", "")
    return f"read, with those of {file}" if file else "read"


def _unread_file(environ: Mapping[str, str]) -> Iterator[str]:
    """A file of the name that everybody gives it, which nothing reads."""
    if not environ.get("JOBMON_CONFIG") and Path(FILE).is_file():
        yield f"{FILE} is here but not read: set JOBMON_CONFIG={FILE}"


def _say(what: str, how: str) -> None:
    click.secho(f"✓ {what}: {how}", fg="green")


def _faults_of_data_folder(folder: Path) -> Iterator[str]:
    """The folder is looked at whatever else is wrong, and is not left behind."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        require_writable(folder)
    except SettingsError as exc:
        yield from exc.faults
    with suppress(OSError):  # somebody uses it by now
        for path in made:
            path.rmdir()


def _faults_of_redis(settings: Settings) -> Iterator[str]:
    """What the client cannot read of its address; nothing is asked."""
    from jobmon.cli.connection import redis_of  # noqa: PLC0415 (start-up time)

    try:
        redis_of(settings)
    except SettingsError as exc:
        yield from exc.faults


def _faults_of_rules(environ: Mapping[str, str]) -> Iterator[str]:
    """Rules are looked at whatever else is wrong."""
    from jobmon.settings_reader import rules_settings  # noqa: PLC0415 (start-up time)
    from rules.fallback import MEANINGS  # noqa: PLC0415
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
        if not any(code.startswith(prefix) for code in (*codes, *MEANINGS)):
            yield (
                f"JOBMON_RULES_DISABLE: no rule's code begins with {prefix[:40]!r}: "
                "`jobmon rules list` shows them all"
            )


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
