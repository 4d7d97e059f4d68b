"""Look at a run again later: no webhook may say that it has ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from jobmon.ports.queue import Lease, Message, Transaction, WorkKind
from jobmon.run import Run, RunEvent, RunEventKind
from workers.services import Services

REMEMBERED = timedelta(hours=1)
"""Longer than any look is put off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The look at a run that comes next."""

    message_id: str
    due: datetime


def follow(
    services: Services,
    run: Run,
    *,
    delay: timedelta,
    lease: Lease | None = None,
    received_at: datetime | None = None,
) -> None:
    """Ask for a look after `delay`, unless one waits that comes no later.

    The messages of `lease`, the look that is under way, do not wait any more.
    """
    now = services.now()
    due = now + delay
    taken = {message.message_id for message in lease.messages} if lease else set()
    waiting = _waiting(services, run)
    if waiting and waiting.message_id not in taken and now < waiting.due <= due:
        return
    message = _message(run, due=due, received_at=received_at or now)

    def body(tx: Transaction) -> None:
        noted = msgspec.json.encode(Waiting(message_id=message.message_id, due=due))
        services.store.note(_name(run), noted, ttl=REMEMBERED, tx=tx)
        services.queue.put(message, delay=delay, tx=tx)

    services.store.transact([], body)


def _waiting(services: Services, run: Run) -> Waiting | None:
    raw = services.store.noted(_name(run))
    return msgspec.json.decode(raw, type=Waiting) if raw else None


def _name(run: Run) -> str:
    return f"follow-{run.mailbox}"


def _message(run: Run, *, due: datetime, received_at: datetime) -> Message:
    event = RunEvent(
        kind=RunEventKind.FOLLOWED,
        workspace_id=run.workspace_id,
        run_id=run.run_id,
        job_id=run.job_id,
        job_name=run.job_name,
        received_at=received_at,
    )
    return Message(
        kind=WorkKind.DIAGNOSE,
        key=run.mailbox,
        message_id=f"f-{run.mailbox}-{due:%Y%m%d%H%M%S%f}",
        body=msgspec.json.encode(event),
    )
