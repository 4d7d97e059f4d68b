"""The tables of `jobmon.toml`: their keys, and what each of them may hold."""

import re
from datetime import UTC, datetime
from typing import Annotated, ClassVar

from msgspec import Meta, field

from jobmon.action import CHANGES_SOMETHING
from jobmon.diagnosis import Category
from jobmon.severity import Severity
from jobmon.table_reader import SECRET, Table

SLACK_CHANNEL = r"[CDGU][A-Z0-9]+"
_GLOB = r".*[*?\[].*"
_SOMEWHEN = datetime.min.replace(tzinfo=UTC)


def _like(pattern: str, what: str, *examples: str, extra: dict[str, bool] | None = None) -> Meta:
    quoted = [f'"{example}"' for example in examples]
    return Meta(pattern=f"^({pattern})$", description=what, examples=quoted, extra=extra)


def _one_of(*words: str) -> Meta:
    return _like("|".join(map(re.escape, words)), "one of the words", *words)


Name = Annotated[str, _like(r"[A-Za-z0-9_-]{1,64}", "a name of letters, digits, - and _", "prod")]
Fingerprint = Annotated[
    str, _like(r"(cause-)?[0-9a-f]{16}", "a cause's name", "cause-3f2a91c04be877d1")
]
Variable = Annotated[
    str,
    _like(
        r"(?!dapi|dose)[A-Za-z_][A-Za-z0-9_]*",
        "the name of a variable of the environment, which holds the secret",
        "PROD_DATABRICKS_TOKEN",
        extra=SECRET,
    ),
]
Destination = Annotated[
    str,
    _like(
        rf"slack:{SLACK_CHANNEL}|email:[^\s]+@[^\s]+|console:",
        "a destination",
        "slack:C0123456789",
        "email:someone@example.com",
        "console:",
    ),
]
User = Annotated[str, _like("[UW][A-Z0-9]+", "the id of a person in Slack", "U0123456789")]
Group = Annotated[str, _like("S[A-Z0-9]+", "the id of a group in Slack", "S0123456789")]
Channel = Annotated[str, _like(SLACK_CHANNEL, "the id of a channel in Slack", "C0123456789")]
Mention = Annotated[
    str,
    _like("[USW][A-Z0-9]+", "the id of a person or group in Slack", "U0123456789", "S0123456789"),
]
CategoryPattern = Annotated[
    str, _like("|".join((_GLOB, *Category)), "a category or a pattern of some", *Category)
]
ChangingAction = Annotated[str, _one_of(*sorted(CHANGES_SOMETHING))]
Clock = Annotated[str, _like(r"([01]\d|2[0-3]):[0-5]\d", "a time of day", "22:00")]
Day = Annotated[str, _one_of("mon", "tue", "wed", "thu", "fri", "sat", "sun")]
Broadcast = Annotated[str, _one_of("thread_only", "on_change", "always")]


def _at_least(low: int, high: int | None = None) -> Meta:
    what = f"a whole number from {low} to {high}" if high else f"a whole number from {low} on"
    return Meta(ge=low, le=high, description=what, examples=["it in digits, without quotes"])


class WorkspaceTable(Table):
    """`[[workspaces]]`: secrets stay in the environment and are named here."""

    NEEDED: ClassVar = ("name",)
    name: Name = ""
    workspace_id: int | None = None
    host: str = ""
    token_env: Variable = ""
    client_id: str = ""
    client_secret_env: Variable = ""
    profile: str = ""
    environment: str = ""


class ConditionsTable(Table, kw_only=True):
    """What several tables ask of a failure: all that is given must match."""

    workspaces: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[CategoryPattern, ...] = ()
    owners: tuple[str, ...] = ()


class RouteTable(ConditionsTable, kw_only=True):
    """`[[routes]]`: failures that match go to these destinations."""

    NEEDED: ClassVar = ("to",)
    destinations: Annotated[tuple[Destination, ...], Meta(min_length=1)] = field(
        name="to", default=()
    )
    severities: tuple[Severity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    also: bool = False


class SeverityTable(ConditionsTable, kw_only=True):
    """`[[severities]]`: failures that match are this severe."""

    NEEDED: ClassVar = ("level",)
    level: Severity = Severity.WARNING


class MuteTable(ConditionsTable, kw_only=True):
    """`[[mutes]]`: failures that match are not told."""

    causes: tuple[Fingerprint, ...] = ()
    until: datetime | None = None
    timezone: str = "UTC"
    reason: str = ""


class MaintenanceTable(ConditionsTable, kw_only=True):
    """`[[maintenance]]`: hold back what fails between two times, and tell it then."""

    NEEDED: ClassVar = ("start", "end")
    start: datetime = _SOMEWHEN
    end: datetime = _SOMEWHEN
    timezone: str = "UTC"
    reason: str = ""


class QuietHoursTable(ConditionsTable, kw_only=True):
    """`[[quiet_hours]]`: when to hold back, day for day, until the window ends."""

    NEEDED: ClassVar = ("start", "end")
    start: Clock = ""
    end: Clock = ""
    timezone: str = "UTC"
    days: tuple[Day, ...] = ()


class PermissionTable(Table):
    """`[[permissions]]`: who may do what to which jobs."""

    NEEDED: ClassVar = ("actions",)
    actions: Annotated[tuple[ChangingAction, ...], Meta(min_length=1)] = ()
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()
    channels: tuple[Channel, ...] = ()
    jobs: Annotated[tuple[str, ...], Meta(min_length=1)] = ("*",)
    tags: tuple[str, ...] = ()
    second_person: bool = False


class PolicyTable(Table):
    """`[policy]`: when and how loudly to tell."""

    broadcast: Broadcast = "on_change"
    tell_cancelled: bool = False
    tell_skipped: bool = False
    broadcast_resolved: bool = False
    regression_hours: Annotated[int, _at_least(0, 24 * 90)] = 24
    platform_incident_jobs: Annotated[int, _at_least(2)] = 3
    platform_incident_minutes: Annotated[int, _at_least(1)] = 15
    sweep_minutes: Annotated[int, _at_least(1)] = 5
    check_job_permissions: bool = False
