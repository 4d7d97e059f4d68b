"""Find what no webhook announced: list recent runs, and look at those that nobody looked at."""

from datetime import datetime, timedelta

import msgspec
import structlog

from jobmon.incident import IncidentState, job_key
from jobmon.ports.queue import Lease, Message, Urgency, WorkKind
from jobmon.ports.workspace import Workspace
from jobmon.run import FAILURES, Outcome, Run, RunEvent, RunEventKind, WorkspaceId
from workers.job import work
from workers.services import Services

log = structlog.get_logger()

FIRST_LOOK_BACK = timedelta(minutes=30)
"""How far the very first sweep looks back: an installation does not begin with old news."""
OVERLAP = timedelta(hours=2)
"""Runs are listed by their start, so one that ended just now may have started long ago."""
LONG_OVERLAP = timedelta(hours=48)
LONG_OVERLAP_EVERY = timedelta(hours=1)
MOST_RUNS = 2000

TOLD_AS_FAILURES = FAILURES | {Outcome.SUCCEEDED_WITH_FAILURES}


def run(key: str) -> None:
    """RQ job: sweep one workspace."""
    work(WorkKind.SWEEP, key, sweep)


def sweep_message(workspace_id: WorkspaceId | None, *, at: datetime, every: timedelta) -> Message:
    """The request for one sweep; the same for everybody who asks in the same period."""
    period = int(at.timestamp() // every.total_seconds())
    key = str(workspace_id or "default")
    return Message(kind=WorkKind.SWEEP, key=key, message_id=f"s-{key}-{period}", body=b"{}")


def sweep(services: Services, lease: Lease) -> None:
    """Ask for a look at each recent run that failed unseen, or that may end an incident."""
    wanted = None if lease.key == "default" else WorkspaceId(int(lease.key))
    workspace = services.workspaces.get(wanted)
    now = services.now()
    since = _since(services, workspace.workspace_id, now=now)
    seen = found = 0
    # Oldest first, so that a failure is told before the success that ended it.
    for listed in reversed(tuple(workspace.recent_runs(since=since, limit=MOST_RUNS))):
        if listed.outcome in TOLD_AS_FAILURES:
            seen += 1
            if not _is_known(services, listed):
                found += 1
                _ask(services, workspace, listed, now=now)
        elif listed.outcome is Outcome.SUCCEEDED and _may_resolve(services, listed):
            _ask(services, workspace, listed, now=now)
    services.store.set_watermark(workspace.workspace_id, now)
    services.store.count("sweeps")
    services.store.count("sweep_failed_runs_listed", seen)
    services.store.count("sweep_failed_runs_found", found)
    log.info("sweep.finished", since=since.isoformat(), failed_runs=seen, found=found)
    services.queue.done(lease)


def _since(services: Services, workspace_id: WorkspaceId, *, now: datetime) -> datetime:
    watermark = services.store.watermark(workspace_id)
    if watermark is None:
        return now - FIRST_LOOK_BACK
    first = services.store.remember_once(f"long-sweep-{workspace_id}", ttl=LONG_OVERLAP_EVERY)
    return min(watermark, now) - (LONG_OVERLAP if first is None else OVERLAP)


def _is_known(services: Services, run: Run) -> bool:
    seen_end = services.store.seen_end(run.workspace_id, run.run_id)
    return seen_end is not None and (run.ended_at is None or run.ended_at <= seen_end)


def _may_resolve(services: Services, run: Run) -> bool:
    incident = services.store.current_incident(run.workspace_id, job_key(run))
    return (
        incident is not None
        and incident.state is not IncidentState.RESOLVED
        and not _is_known(services, run)
    )


def _ask(services: Services, workspace: Workspace, run: Run, *, now: datetime) -> None:
    event = RunEvent(
        kind=RunEventKind.SWEPT,
        workspace_id=workspace.workspace_id,
        run_id=run.run_id,
        job_id=run.job_id,
        job_name=run.job_name,
        received_at=now,
    )
    ended = int(run.ended_at.timestamp()) if run.ended_at else 0
    services.queue.put(
        Message(
            kind=WorkKind.DIAGNOSE,
            key=f"{workspace.workspace_id}-{run.run_id}",
            message_id=f"w-{workspace.workspace_id}-{run.run_id}-{ended}",
            body=msgspec.json.encode(event),
        ),
        urgency=Urgency.BULK,
    )
