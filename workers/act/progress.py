"""How far an action has come, for the worker that takes over from one that was killed.

Written before what must not happen twice, and with what happens in Redis in one transaction. Only
the holder of the mailbox's lease works on an action, so nobody else writes it.
"""

from dataclasses import dataclass, replace

import msgspec

from jobmon.action import Action
from jobmon.ports.queue import Transaction
from jobmon.repair import Way
from jobmon.run import JobId, RepairId, RunId, WorkspaceId
from notifiers.slack.elements import Block
from workers.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What Databricks was about to be asked for; whether it was, only Databricks knows."""

    workspace_id: WorkspaceId
    incident_id: str = ""
    run_id: RunId | None = None
    job_id: JobId | None = None
    job_name: str = ""
    way: Way = Way.NOT
    """Of a rerun."""
    before: RepairId | None = None
    """The run's latest repair until then."""
    claim: str = ""
    """The name of the effect."""
    token: str = ""
    """Of a new run: what Databricks knows the request by."""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the person has to be told yet."""

    text: str
    blocks: tuple[Block, ...] = ()
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an action has come."""

    tries: int = 0
    """How many workers have begun it; more than one when they were killed."""
    incident_id: str = ""
    """What an action without a name turned out to be about."""
    agreed: bool = False
    """The second person has asked for the same."""
    sent: Sent | None = None
    reply: Reply | None = None
    """Done or refused, shown and in the audit trail: only the answer is missing."""
    finished: bool = False


def progress_of(services: Services, action: Action) -> Progress:
    """How far it has come."""
    raw = services.store.noted(_name(action))
    return msgspec.json.decode(raw, type=Progress) if raw else Progress()


def keep(
    services: Services, action: Action, progress: Progress, *, tx: Transaction | None = None
) -> None:
    """Keep how far it has come."""
    raw = msgspec.json.encode(progress)
    services.store.note(_name(action), raw, ttl=services.done_memory, tx=tx)


def about_to_send(services: Services, action: Action, sent: Sent) -> None:
    """Say what Databricks is going to be asked for, before it is."""
    keep(services, action, replace(progress_of(services, action), sent=sent))


def not_sent(services: Services, action: Action) -> None:
    """Databricks surely did nothing of it."""
    keep(services, action, replace(progress_of(services, action), sent=None))


def _name(action: Action) -> str:
    return f"action-{action.action_id}"
