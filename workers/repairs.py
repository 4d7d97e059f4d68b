"""Repairs that seem to go on for ever: the run has ended, and nobody said so."""

from datetime import datetime, timedelta

from jobmon.incident import REPAIR_SHOWS_WITHIN, IncidentState
from jobmon.run import Run, RunEventKind, WorkspaceId
from workers.ask import ask
from workers.services import Services

MOST_INCIDENTS = 500
MOST_LOOKS = 20
LOOK_AGAIN_AFTER = timedelta(minutes=15)


def look_at_stuck_repairs(services: Services, workspace_id: WorkspaceId, *, now: datetime) -> int:
    """Ask for a look at the runs of repairs that are not over yet; how many."""
    repairing = [
        incident
        for incident in services.store.incidents(limit=MOST_INCIDENTS)
        if incident.state is IncidentState.REPAIRING
        and incident.workspace_id == workspace_id
        and now - incident.updated_at >= REPAIR_SHOWS_WITHIN
    ]
    asked = 0
    for incident in repairing[:MOST_LOOKS]:
        run_id = incident.repairing_run or (incident.latest_run and incident.latest_run.run_id)
        name = f"repair-{incident.incident_id}"
        if run_id and services.store.remember_once(name, ttl=LOOK_AGAIN_AFTER) is None:
            run = Run(
                workspace_id=workspace_id,
                run_id=run_id,
                job_id=incident.job_id,
                job_name=incident.job_name,
                ended_at=now,
            )
            ask(services, run, kind=RunEventKind.FOLLOWED, now=now)
            asked += 1
    return asked
