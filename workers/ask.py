"""Ask for a look at a run that no webhook asked for."""

from datetime import datetime

import msgspec

from jobmon.ports.queue import Message, Urgency, WorkKind
from jobmon.run import Run, RunEvent, RunEventKind
from workers.services import Services


def ask(services: Services, run: Run, *, kind: RunEventKind, now: datetime) -> None:
    """Put the run into its mailbox, behind what people wait for."""
    event = RunEvent(
        kind=kind,
        workspace_id=run.workspace_id,
        run_id=run.run_id,
        job_id=run.job_id,
        job_name=run.job_name,
        received_at=now,
    )
    services.queue.put(
        Message(
            kind=WorkKind.DIAGNOSE,
            key=run.mailbox,
            message_id=f"w-{kind.value}-{run.workspace_id}-{run.run_id}-{ended_second(run)}",
            body=msgspec.json.encode(event),
        ),
        urgency=Urgency.BULK,
    )


def ended_second(run: Run) -> int:
    """Names one end of a run: a repair gives it another."""
    return int(run.ended_at.timestamp()) if run.ended_at else 0
