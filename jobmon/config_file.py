"""`jobmon.toml`: workspaces, routes, permissions and policies, checked key by key."""

import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import available_timezones

import msgspec

from jobmon.action import ActionKind, Permission
from jobmon.errors import SettingsError
from jobmon.settings import Policy, QuietHours, Route

T = TypeVar("T")

_DESTINATION = re.compile(r"(slack:[CDGU][A-Z0-9]+|email:[^\s]+@[^\s]+|console:)")
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class WorkspaceTable(msgspec.Struct, forbid_unknown_fields=True):
    """`[[workspaces]]`: secrets stay in the environment and are named here."""

    name: Name
    workspace_id: int | None = None
    host: str = ""
    token_env: str = ""
    client_id: str = ""
    client_secret_env: str = ""
    profile: str = ""
    environment: str = ""


class RouteTable(msgspec.Struct, forbid_unknown_fields=True):
    """`[[routes]]`: failures that match go to these destinations."""

    to: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    workspaces: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    mentions: tuple[Annotated[str, msgspec.Meta(pattern="^[USW][A-Z0-9]+$")], ...] = ()
    also: bool = False


class PermissionTable(msgspec.Struct, forbid_unknown_fields=True):
    """`[[permissions]]`: who may do what to which jobs."""

    actions: tuple[ActionKind, ...]
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ("*",)
    tags: tuple[str, ...] = ()
    second_person: bool = False


class QuietHoursTable(msgspec.Struct, forbid_unknown_fields=True):
    """`[[quiet_hours]]`: when to hold back until the window ends."""

    start: Annotated[str, msgspec.Meta(pattern=_CLOCK)]
    end: Annotated[str, msgspec.Meta(pattern=_CLOCK)]
    timezone: str = "UTC"
    days: tuple[Annotated[str, msgspec.Meta(pattern="^(mon|tue|wed|thu|fri|sat|sun)$")], ...] = ()
    jobs: tuple[str, ...] = ("*",)


class PolicyTable(msgspec.Struct, forbid_unknown_fields=True):
    """`[policy]`: when and how loudly to tell."""

    broadcast: Annotated[str, msgspec.Meta(pattern="^(thread_only|on_change|always)$")] = (
        "on_change"
    )
    tell_cancelled: bool = False
    tell_skipped: bool = False
    broadcast_resolved: bool = False
    regression_hours: Annotated[int, msgspec.Meta(ge=0, le=24 * 90)] = 24
    platform_incident_jobs: Annotated[int, msgspec.Meta(ge=2)] = 3
    platform_incident_minutes: Annotated[int, msgspec.Meta(ge=1)] = 15
    sweep_minutes: Annotated[int, msgspec.Meta(ge=1)] = 5
    check_job_permissions: bool = False


class ConfigFile(msgspec.Struct):
    """The whole file."""

    workspaces: tuple[WorkspaceTable, ...] = ()
    routes: tuple[RouteTable, ...] = ()
    permissions: tuple[PermissionTable, ...] = ()
    quiet_hours: tuple[QuietHoursTable, ...] = ()
    policy: PolicyTable = msgspec.field(default_factory=PolicyTable)

    def routes_as_settings(self) -> tuple[Route, ...]:
        """Routes in the file's order."""
        return tuple(
            Route(
                destinations=table.to,
                workspaces=table.workspaces,
                jobs=table.jobs,
                tags=table.tags,
                categories=table.categories,
                owners=table.owners,
                mentions=table.mentions,
                also=table.also,
            )
            for table in self.routes
        )

    def permissions_as_settings(self) -> tuple[Permission, ...]:
        """Permissions in the file's order."""
        return tuple(
            Permission(
                actions=table.actions,
                users=table.users,
                groups=table.groups,
                channels=table.channels,
                jobs=table.jobs,
                tags=table.tags,
                second_person=table.second_person,
            )
            for table in self.permissions
        )

    def policy_as_settings(self) -> Policy:
        """The policy, with quiet hours."""
        table = self.policy
        return Policy(
            broadcast=table.broadcast,
            tell_cancelled=table.tell_cancelled,
            tell_skipped=table.tell_skipped,
            broadcast_resolved=table.broadcast_resolved,
            regression_window=timedelta(hours=table.regression_hours),
            platform_incident_jobs=table.platform_incident_jobs,
            platform_incident_window=timedelta(minutes=table.platform_incident_minutes),
            sweep_every=timedelta(minutes=table.sweep_minutes),
            check_job_permissions=table.check_job_permissions,
            quiet_hours=tuple(
                QuietHours(
                    start=hours.start,
                    end=hours.end,
                    timezone=hours.timezone,
                    days=hours.days,
                    jobs=hours.jobs,
                )
                for hours in self.quiet_hours
            ),
        )


_TABLES: dict[str, type[msgspec.Struct]] = {
    "workspaces": WorkspaceTable,
    "routes": RouteTable,
    "permissions": PermissionTable,
    "quiet_hours": QuietHoursTable,
}


def read_config_file(path: Path) -> ConfigFile:
    """Parse `jobmon.toml`.

    Raises SettingsError with every fault, each naming the file, the key and what is expected.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise SettingsError((f"JOBMON_CONFIG: cannot read {path}: {exc.strerror}",)) from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise SettingsError((f"{path}: not a TOML file: {exc}",)) from exc
    faults: list[str] = []

    def convert(value: object, kind: type[T], key: str) -> T | None:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as exc:
            faults.append(_fault(path, key, str(exc)))
            return None

    known = {*_TABLES, "policy"}
    faults.extend(
        f"{path}: {key}: unknown table. Use one of: {', '.join(sorted(known))}."
        for key in raw
        if key not in known
    )
    tables = {name: _rows(raw.get(name, []), name, kind, convert) for name, kind in _TABLES.items()}
    policy = convert(raw.get("policy", {}), PolicyTable, "policy") or PolicyTable()
    config = ConfigFile(**tables, policy=policy)
    faults.extend(_faults_of_destinations(path, config))
    faults.extend(
        f"{path}: quiet_hours[{number}].timezone: {hours.timezone!r} is no time zone. "
        "Use a name such as Europe/Vienna."
        for number, hours in enumerate(config.quiet_hours)
        if hours.timezone not in available_timezones()
    )
    names = [workspace.name for workspace in config.workspaces]
    faults.extend(
        f"{path}: workspaces: the name {name!r} is used twice; give each its own"
        for name in sorted({name for name in names if names.count(name) > 1})
    )
    if faults:
        raise SettingsError(tuple(faults))
    return config


def _rows(
    value: object,
    name: str,
    kind: type[msgspec.Struct],
    convert: Callable[[object, type[msgspec.Struct], str], msgspec.Struct | None],
) -> Any:  # noqa: ANN401 (each table has its own type)
    if not isinstance(value, list):
        convert(value, kind, f"{name} (write it as [[{name}]])")
        return ()
    rows = (convert(item, kind, f"{name}[{number}]") for number, item in enumerate(value))
    return tuple(row for row in rows if row is not None)


def _faults_of_destinations(path: Path, config: ConfigFile) -> list[str]:
    return [
        f"{path}: routes[{number}].to: {destination[:80]!r} is not a destination. "
        "Use slack:C0123456789, email:someone@example.com or console:."
        for number, route in enumerate(config.routes)
        for destination in route.to
        if not _DESTINATION.fullmatch(destination)
    ]


def _fault(path: Path, key: str, problem: str) -> str:
    what, _, where = problem.partition(" - at `$")
    inner = where.rstrip("`")
    return f"{path}: {key}{inner}: {what[0].lower()}{what[1:]}"
