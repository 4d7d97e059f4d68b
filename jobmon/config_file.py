"""`jobmon.toml`: workspaces, routes, permissions and policies, checked key by key."""

import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from jobmon.action import Permission
from jobmon.config_faults import at_zone, faults_of_values
from jobmon.config_tables import (
    MaintenanceTable,
    MuteTable,
    PermissionTable,
    PolicyTable,
    QuietHoursTable,
    RouteTable,
    SeverityTable,
    WorkspaceTable,
)
from jobmon.errors import SettingsError
from jobmon.settings import Maintenance, MuteRule, Policy, QuietHours, Route, SeverityRule

T = TypeVar("T")

_as_fields = msgspec.structs.asdict


class ConfigFile(msgspec.Struct):
    """The whole file."""

    workspaces: tuple[WorkspaceTable, ...] = ()
    routes: tuple[RouteTable, ...] = ()
    severities: tuple[SeverityTable, ...] = ()
    mutes: tuple[MuteTable, ...] = ()
    permissions: tuple[PermissionTable, ...] = ()
    quiet_hours: tuple[QuietHoursTable, ...] = ()
    maintenance: tuple[MaintenanceTable, ...] = ()
    policy: PolicyTable = msgspec.field(default_factory=PolicyTable)

    def routes_as_settings(self) -> tuple[Route, ...]:
        """Routes in the file's order."""
        return tuple(Route(**_as_fields(table)) for table in self.routes)

    def severities_as_settings(self) -> tuple[SeverityRule, ...]:
        """What is how severe, in the file's order."""
        return tuple(SeverityRule(**_as_fields(table)) for table in self.severities)

    def mutes_as_settings(self) -> tuple[MuteRule, ...]:
        """What is not told; a time without a zone is in the table's."""
        return tuple(
            MuteRule(
                **_without(table, "timezone", "until", "causes"),
                until=at_zone(table.until, table.timezone) if table.until else None,
                causes=tuple(cause.removeprefix("cause-") for cause in table.causes),
            )
            for table in self.mutes
        )

    def permissions_as_settings(self) -> tuple[Permission, ...]:
        """Permissions in the file's order."""
        return tuple(Permission(**_as_fields(table)) for table in self.permissions)

    def policy_as_settings(self) -> Policy:
        """The policy, with quiet hours and maintenance windows."""
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
            quiet_hours=tuple(QuietHours(**_as_fields(hours)) for hours in self.quiet_hours),
            maintenance=tuple(
                Maintenance(
                    **_without(window, "timezone", "start", "end"),
                    start=at_zone(window.start, window.timezone),
                    end=at_zone(window.end, window.timezone),
                )
                for window in self.maintenance
            ),
        )


_TABLES: dict[str, type[msgspec.Struct]] = {
    "workspaces": WorkspaceTable,
    "routes": RouteTable,
    "severities": SeverityTable,
    "mutes": MuteTable,
    "permissions": PermissionTable,
    "quiet_hours": QuietHoursTable,
    "maintenance": MaintenanceTable,
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
            faults.append(_fault(key, str(exc)))
            return None

    known = {*_TABLES, "policy"}
    faults.extend(
        f"{key}: unknown table. Use one of: {', '.join(sorted(known))}."
        for key in raw
        if key not in known
    )
    tables = {name: _rows(raw.get(name, []), name, kind, convert) for name, kind in _TABLES.items()}
    policy = convert(raw.get("policy", {}), PolicyTable, "policy") or PolicyTable()
    config = ConfigFile(**tables, policy=policy)
    faults.extend(faults_of_values(tables))
    if faults:
        raise SettingsError(tuple(f"{path}: {fault}" for fault in faults))
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


def _without(table: msgspec.Struct, *names: str) -> dict[str, Any]:
    return {key: value for key, value in _as_fields(table).items() if key not in names}


def _fault(key: str, problem: str) -> str:
    what, _, where = problem.partition(" - at `$")
    inner = where.rstrip("`")
    return f"{key}{inner}: {what[0].lower()}{what[1:]}"
