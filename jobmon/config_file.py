"""`jobmon.toml`: workspaces, routes, permissions and policies, checked key by key."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from jobmon.action import ActionKind, Permission
from jobmon.config_faults import add_faults_of_values, at_zone
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
from jobmon.settings import Maintenance, MuteRule, Policy, QuietHours, Route, SeverityRule
from jobmon.table_reader import Faults, Table, nearest, read_table

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
        return tuple(
            Permission(**_without(table, "actions"), actions=tuple(map(ActionKind, table.actions)))
            for table in self.permissions
        )

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


_TABLES: dict[str, type[Table]] = {
    "workspaces": WorkspaceTable,
    "routes": RouteTable,
    "severities": SeverityTable,
    "mutes": MuteTable,
    "permissions": PermissionTable,
    "quiet_hours": QuietHoursTable,
    "maintenance": MaintenanceTable,
}


def read_config_file(path: Path) -> tuple[ConfigFile, tuple[str, ...]]:
    """Parse `jobmon.toml`: what can be read of it, and every fault.

    Each fault names the file, the key and what to write instead.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as exc:
        return ConfigFile(), (f"JOBMON_CONFIG: cannot read {path}: {exc.strerror}",)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        return ConfigFile(), (f"{path}: not a TOML file: {exc}",)
    faults = Faults()
    known = {*_TABLES, "policy"}
    for key in raw:
        if key not in known:
            faults.add(key, f"there is no such table; {nearest(key, known)}")
    tables = {name: _rows(raw.get(name, []), name, kind, faults) for name, kind in _TABLES.items()}
    policy = read_table(raw.get("policy", {}), PolicyTable, "policy", faults)
    add_faults_of_values(tables, faults)
    return _config(tables, policy), tuple(f"{path}: {fault}" for fault in faults.lines())


def _config(tables: Mapping[str, tuple[Table, ...]], policy: PolicyTable) -> ConfigFile:
    rows: Any = tables  # each table has its own type
    return ConfigFile(**rows, policy=policy)


def _rows(value: object, name: str, kind: type[Table], faults: Faults) -> tuple[Table, ...]:
    if not isinstance(value, list):
        faults.add(name, f"there may be several: write [[{name}]], with two brackets")
        value = [value]
    return tuple(
        read_table(item, kind, f"{name}[{number}]", faults) for number, item in enumerate(value)
    )


def _without(table: Table, *names: str) -> dict[str, Any]:
    return {key: value for key, value in _as_fields(table).items() if key not in names}
