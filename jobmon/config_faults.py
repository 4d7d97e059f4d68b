"""What is wrong with a table's values although each of them can be read."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from jobmon.action import CHANGES_SOMETHING
from jobmon.config_tables import MaintenanceTable, MuteTable, WorkspaceTable
from jobmon.diagnosis import Category

SLACK_CHANNEL = r"[CDGU][A-Z0-9]+"
_DESTINATION = re.compile(rf"(slack:{SLACK_CHANNEL}|email:[^\s]+@[^\s]+|console:)")
_IDS = {
    "users": (re.compile("[UW][A-Z0-9]+"), "U0123456789"),
    "groups": (re.compile("S[A-Z0-9]+"), "S0123456789"),
    "channels": (re.compile(SLACK_CHANNEL), "C0123456789"),
    "mentions": (re.compile("[USW][A-Z0-9]+"), "U0123456789 or S0123456789"),
}
"""What Slack calls people and places, by the key that names them."""


def at_zone(moment: datetime, timezone: str) -> datetime:
    """The time in UTC; one that names no zone itself is in `timezone`."""
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
    return local.astimezone(UTC)


def faults_of_values(tables: Mapping[str, Sequence[object]]) -> Iterator[str]:
    """Each fault, naming the table, the key and what is expected."""
    for name, rows in tables.items():
        for number, table in enumerate(rows):
            for key, fault in _faults(table):
                yield f"{name}[{number}].{key}: {fault}"
    yield from _faults_of_workspaces(
        [row for row in tables["workspaces"] if isinstance(row, WorkspaceTable)]
    )


def _faults_of_workspaces(rows: Sequence[WorkspaceTable]) -> Iterator[str]:
    """Several are told apart: by their names in settings, by the ids that events carry."""
    names = Counter(row.name for row in rows)
    ids = Counter(row.workspace_id for row in rows)
    for name in sorted(name for name, count in names.items() if count > 1):
        yield f"workspaces: the name {name!r} is used twice; give each its own"
    for number, row in enumerate(rows if len(rows) > 1 else ()):
        if row.workspace_id is None:
            yield (
                f"workspaces[{number}].workspace_id: of several workspaces each needs its id; it "
                f"is the number after `o=` in the addresses of workspace {row.name!r}"
            )
    for workspace_id, count in ids.items():
        if workspace_id is not None and count > 1:
            yield f"workspaces: the workspace_id {workspace_id} is used twice; give each its own"


def _faults(table: object) -> Iterator[tuple[str, str]]:
    """The key and the fault of each value."""
    for place in getattr(table, "destinations", ()):
        if not _DESTINATION.fullmatch(place):
            expected = "Use slack:C0123456789, email:someone@example.com or console:."
            yield "to", f"{place[:80]!r} is not a destination. {expected}"
    yield from _faults_of_people(table)
    for category in getattr(table, "categories", ()):
        if not _is_pattern(category) and category not in set(Category):
            yield (
                "categories",
                f"{category[:80]!r} is no category. Use one of: {', '.join(Category)}.",
            )
    timezone = getattr(table, "timezone", "UTC")
    if timezone not in available_timezones():
        yield "timezone", f"{timezone!r} is no time zone. Use a name such as Europe/Vienna."
    elif isinstance(table, MaintenanceTable):
        if at_zone(table.end, timezone) <= at_zone(table.start, timezone):
            yield "end", "the window ends before it begins"
    elif isinstance(table, MuteTable) and table.until is None and not table.causes:
        yield "until", "a mute needs an end, or the causes that it is about"


def _faults_of_people(table: object) -> Iterator[tuple[str, str]]:
    """Who is named, and what they are allowed."""
    for key, (pattern, example) in _IDS.items():
        for name in getattr(table, key, ()):
            if not pattern.fullmatch(name):
                yield key, f"{name[:80]!r} is not an id of Slack's. Use one such as {example}."
    for action in getattr(table, "actions", ()):
        if action not in CHANGES_SOMETHING:
            changing = ", ".join(sorted(CHANGES_SOMETHING))
            yield "actions", f"{action.value!r} is for everybody. Use some of: {changing}."


def _is_pattern(text: str) -> bool:
    return any(char in text for char in "*?[")
