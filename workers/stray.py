"""Incidents that were opened for a run before its job was known: they become the job's."""

from dataclasses import dataclass, replace
from datetime import datetime

from jobmon.digest import DeliveryKind
from jobmon.incident import Incident, IncidentState, NotifyReason, job_key, run_key
from jobmon.ports.queue import Transaction
from jobmon.run import Run
from workers.outbox import post
from workers.services import Services
from workers.tell import delivery_of, editable_places


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The incident that a look at a run is about, and what has to happen to another one."""

    incident: Incident | None
    moved: bool = False
    """It stood under the run's own key."""
    duplicate: Incident | None = None
    """One of the run alone, beside the job's: told there from now on."""


def keys_of(services: Services, run: Run) -> list[str]:
    """The keys to watch while `find` and `settle` are at work."""
    store = services.store
    return [
        store.incident_key(run.workspace_id, job_key(run)),
        store.incident_key(run.workspace_id, run_key(run.run_id)),
    ]


def find(services: Services, run: Run) -> Found:
    """The job's open incident; else the one of this run alone; else the job's last one."""
    own = services.store.current_incident(run.workspace_id, job_key(run))
    if run.job_id is None:
        return Found(incident=own)
    stray = services.store.current_incident(run.workspace_id, run_key(run.run_id))
    if stray is None or stray.state is IncidentState.RESOLVED:
        return Found(incident=own)
    if own is not None and own.state is not IncidentState.RESOLVED:
        return Found(incident=own, duplicate=stray)
    named = replace(
        stray,
        job_key=job_key(run),
        job_id=run.job_id,
        job_name=run.job_name or stray.job_name,
    )
    return Found(incident=named, moved=True)


def settle(services: Services, tx: Transaction, found: Found, run: Run, *, now: datetime) -> None:
    """Let the job's key have the incident, and a second message say where it goes on."""
    if found.moved and found.incident is not None:
        services.store.forget_current(tx, run.workspace_id, run_key(run.run_id))
        services.store.save_incident(tx, found.incident)
    if found.duplicate is not None:
        _close(services, tx, found.duplicate, into=run.job_name or job_key(run), now=now)


def _close(
    services: Services, tx: Transaction, duplicate: Incident, *, into: str, now: datetime
) -> None:
    closed = replace(
        duplicate,
        state=IncidentState.RESOLVED,
        merged_into=into,
        resolved_at=now,
        updated_at=now,
        version=duplicate.version + 1,
    )
    services.store.save_incident(tx, closed)
    digest = services.store.digest(closed.incident_id)
    if digest is None or closed.untold:
        return
    digest = replace(digest, incident=closed, reason=NotifyReason.NOTHING_NEW, at=now)
    services.store.save_digest(tx, digest)
    for place in editable_places(closed):
        post(services.queue, delivery_of(digest, place, DeliveryKind.ROOT), tx=tx)
