"""What is wrong with tables although each of their values can be read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from jobmon.address import fault_of_host
from jobmon.config_tables import MaintenanceTable, MuteTable, PermissionTable, WorkspaceTable
from jobmon.table_reader import Faults, Table, nearest


def at_zone(moment: datetime, timezone: str) -> datetime:
    """The time in UTC; one that names no zone itself is in `timezone`."""
    if moment.tzinfo:
        return moment.astimezone(UTC)
    zone = timezone if timezone in available_timezones() else "UTC"
    return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def add_faults_of_values(tables: Mapping[str, Sequence[Table]], faults: Faults) -> None:
    """Add each fault, naming the table, the key and what is expected.

    What needs a value that could not be read is not judged by it.
    """
    for name, rows in tables.items():
        for number, table in enumerate(rows):
            for keys, text in _faults(table):
                places = [f"{name}[{number}].{key}" for key in keys]
                if not any(map(faults.has, places)):
                    faults.add(places[0], text)
    _add_faults_of_workspaces(
        [row for row in tables["workspaces"] if isinstance(row, WorkspaceTable)], faults
    )


def _add_faults_of_workspaces(rows: Sequence[WorkspaceTable], faults: Faults) -> None:
    """Several are told apart: by their names in settings, by the ids that events carry."""
    names = Counter(row.name for row in rows if row.name)
    ids = Counter(row.workspace_id for row in rows if row.workspace_id is not None)
    for name in sorted(name for name, count in names.items() if count > 1):
        faults.add("workspaces", f"the name {name!r} is used twice; give each its own")
    for number, row in enumerate(rows if len(rows) > 1 else ()):
        place = f"workspaces[{number}]"
        if row.workspace_id is None and not faults.has(f"{place}.workspace_id"):
            faults.add(
                f"{place}.workspace_id",
                "of several workspaces each needs its id; it is the number after `o=` in the "
                f"addresses of workspace {row.name!r}",
            )
        if not (row.host or row.profile or faults.has(f"{place}.host")):
            faults.add(f"{place}.host", "of several workspaces each needs a host or a profile")
    for workspace_id, count in ids.items():
        if count > 1:
            text = f"the workspace_id {workspace_id} is used twice; give each its own"
            faults.add("workspaces", text)


def _faults(table: Table) -> Iterator[tuple[tuple[str, ...], str]]:
    """The keys that a fault is about, its own first, and the fault."""
    timezone = getattr(table, "timezone", "UTC")
    if timezone not in available_timezones():
        yield (
            ("timezone",),
            f"{timezone!r} is no time zone: {_nearest_zone(timezone)}",
        )
    match table:
        case WorkspaceTable():
            if problem := fault_of_host(table.host):
                yield ("host",), problem
        case MaintenanceTable():
            if at_zone(table.end, timezone) <= at_zone(table.start, timezone):
                yield ("end", "start", "timezone"), "the window ends before it begins"
        case MuteTable():
            if table.until is None and not table.causes:
                text = "a mute needs an end, or the causes that it is about"
                yield ("until", "causes"), text
        case PermissionTable():
            if not (table.users or table.groups or table.channels):
                text = (
                    "this table names nobody, so it allows nothing: add users, groups or channels"
                )
                yield ("users", "groups", "channels"), text


def _nearest_zone(name: str) -> str:
    near = nearest(name, available_timezones())
    return near if near.startswith("did") else "use a name such as Europe/Vienna"
