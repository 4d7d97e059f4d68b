"""Which run or incident an action is about."""

from dataclasses import dataclass

from jobmon.action import Action, ActionKind
from jobmon.errors import NotFound, PermanentError
from jobmon.incident import Incident, IncidentState
from jobmon.ports.workspace import Workspace
from jobmon.run import RunId
from workers.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was meant: an incident, a run, or both."""

    incident: Incident | None = None
    run_id: RunId | None = None
    name: str = ""
    """How to call it in an answer: the job's name, or the run's number."""


def find_target(services: Services, action: Action) -> Target:
    """Find what an action is about: what was named, or the channel's latest open incident.

    Raises NotFound, saying what to name instead.
    """
    if action.incident_id:
        return _of_incident(_incident(services, action.incident_id))
    if not action.target:
        return _of_incident(_latest_open(services, action))
    if action.target.startswith("inc-"):
        return _of_incident(_incident(services, action.target))
    known = _by_job(services, action.target)
    if known is not None:
        return _of_incident(known)
    if action.target.isdecimal():
        run_id = RunId(int(action.target[:19]))
        return Target(run_id=run_id, incident=_by_run(services, run_id), name=f"run {run_id}")
    if action.kind in {ActionKind.RUN, ActionKind.RUNS}:
        return Target(name=action.target)
    raise NotFound("no open incident of such a job: name a run, or see `/jobmon incidents`")


def workspace_of(services: Services, target: Target) -> Workspace:
    """The workspace of a target; the only one when the target does not tell."""
    if target.incident is not None:
        return services.workspaces.get(target.incident.workspace_id)
    return services.workspaces.get(None)


def _of_incident(incident: Incident) -> Target:
    latest = incident.latest_run
    return Target(
        incident=incident,
        run_id=latest.run_id if latest else None,
        name=incident.job_name or f"run {latest.run_id}" if latest else incident.job_key,
    )


def _incident(services: Services, incident_id: str) -> Incident:
    incident = services.store.incident(incident_id)
    if incident is None:
        raise NotFound("this incident is not remembered any more")
    return incident


def _latest_open(services: Services, action: Action) -> Incident:
    mine = f"slack:{action.actor.channel_id}"
    open_ones = [
        incident
        for incident in services.store.incidents(open_only=True, limit=200)
        if incident.state is not IncidentState.RESOLVED
    ]
    here = [incident for incident in open_ones if mine in incident.destinations]
    chosen = here or ([] if action.actor.channel_id else open_ones)
    if not chosen:
        raise PermanentError("no incident is open in this channel")
    return max(chosen, key=lambda incident: incident.updated_at)


def _by_job(services: Services, name: str) -> Incident | None:
    matching = [
        incident
        for incident in services.store.incidents(open_only=True, limit=200)
        if name in (incident.job_name, str(incident.job_id or ""))
    ]
    return max(matching, key=lambda incident: incident.updated_at) if matching else None


def _by_run(services: Services, run_id: RunId) -> Incident | None:
    return next(
        (
            incident
            for incident in services.store.incidents(open_only=True, limit=200)
            if any(run.run_id == run_id for run in incident.runs)
        ),
        None,
    )
