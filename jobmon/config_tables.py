"""The tables of `jobmon.toml`: their keys, and what each of them may hold."""

from datetime import datetime
from typing import Annotated

import msgspec

from jobmon.action import ActionKind
from jobmon.severity import Severity

_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
Name = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Fingerprint = Annotated[str, msgspec.Meta(pattern=r"^(cause-)?[0-9a-f]{16}$")]


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


class ConditionsTable(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What several tables ask of a failure: all that is given must match."""

    workspaces: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


class RouteTable(ConditionsTable, kw_only=True):
    """`[[routes]]`: failures that match go to these destinations."""

    destinations: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = msgspec.field(name="to")
    severities: tuple[Severity, ...] = ()
    mentions: tuple[str, ...] = ()
    also: bool = False


class SeverityTable(ConditionsTable, kw_only=True):
    """`[[severities]]`: failures that match are this severe."""

    level: Severity


class MuteTable(ConditionsTable, kw_only=True):
    """`[[mutes]]`: failures that match are not told."""

    causes: tuple[Fingerprint, ...] = ()
    until: datetime | None = None
    timezone: str = "UTC"
    reason: str = ""


class MaintenanceTable(ConditionsTable, kw_only=True):
    """`[[maintenance]]`: hold back what fails between two times, and tell it then."""

    start: datetime
    end: datetime
    timezone: str = "UTC"
    reason: str = ""


class QuietHoursTable(ConditionsTable, kw_only=True):
    """`[[quiet_hours]]`: when to hold back, day for day, until the window ends."""

    start: Annotated[str, msgspec.Meta(pattern=_CLOCK)]
    end: Annotated[str, msgspec.Meta(pattern=_CLOCK)]
    timezone: str = "UTC"
    days: tuple[Annotated[str, msgspec.Meta(pattern="^(mon|tue|wed|thu|fri|sat|sun)$")], ...] = ()


class PermissionTable(msgspec.Struct, forbid_unknown_fields=True):
    """`[[permissions]]`: who may do what to which jobs."""

    actions: tuple[ActionKind, ...]
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ("*",)
    tags: tuple[str, ...] = ()
    second_person: bool = False


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
