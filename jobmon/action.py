"""What people ask jobmon to do, who asked, and what came of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jobmon.run import RunId, WorkspaceId

SLACK, COMMAND_LINE = "Slack", "command line"
SLACK_USER_ID = re.compile(r"[UW][A-Z0-9]{5,20}")


class ActionKind(StrEnum):
    """Things a person can ask for; the value is the word of the slash command."""

    RERUN = "rerun"
    RUN = "run"
    CANCEL = "cancel"
    ACKNOWLEDGE = "ack"
    MUTE = "mute"
    UNMUTE = "unmute"
    STATUS = "status"
    DIAGNOSE = "diagnose"
    RUNS = "runs"
    INCIDENTS = "incidents"
    MUTES = "mutes"
    DETAILS = "details"
    HELP = "help"


CHANGES_SOMETHING = frozenset(
    {
        ActionKind.RERUN,
        ActionKind.RUN,
        ActionKind.CANCEL,
        ActionKind.ACKNOWLEDGE,
        ActionKind.MUTE,
        ActionKind.UNMUTE,
    }
)
OF_A_RUN = frozenset({ActionKind.RERUN, ActionKind.CANCEL, ActionKind.STATUS, ActionKind.DIAGNOSE})
"""Things that are about a run, and take one by its number or the address of its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asked: in Slack, where ids only are trusted, or on a command line."""

    user_id: str
    """In Slack an id; on a command line the user's name and the host's: `ana@laptop`."""
    team_id: str = ""
    channel_id: str = ""
    via: str = SLACK
    """Which way it was asked: in Slack, or on a command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One request. `action_id` is the same for a replay, a redelivery or a double click."""

    action_id: str
    kind: ActionKind
    actor: Actor
    asked_at: datetime
    workspace_id: WorkspaceId | None = None
    incident_id: str = ""
    incident_version: int = 0
    run_id: RunId | None = None
    target: str = ""
    """What was typed: a run id, a job name or id, an incident id; empty for the latest."""
    tasks: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    everything: bool = False
    confirmed: bool = False
    duration_minutes: int | None = None
    until_changed: bool = False
    by_cause: bool = False
    """A mute of the cause, in all jobs of the workspace."""
    response_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOutcome:
    """What came of an action, in words for the person; `done` is false for a refusal."""

    action: Action
    done: bool
    text: str
    at: datetime
    needs_confirmation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One line of `jobmon.toml`: these people may do these things to these jobs."""

    actions: tuple[ActionKind, ...]
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ("*",)
    tags: tuple[str, ...] = ()
    second_person: bool = False
