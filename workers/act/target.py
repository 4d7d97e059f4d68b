"""Which run, job or incident an action is about."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jobmon.action import OF_A_RUN, Action, ActionKind
from jobmon.cancel import require_whole
from jobmon.errors import NotFound, PermanentError
from jobmon.ids import id_in
from jobmon.incident import Incident, IncidentState, job_key
from jobmon.mute import CAUSE_ID, CauseMute
from jobmon.ports.store import MOST_OPEN
from jobmon.ports.workspace import Job, Workspace
from jobmon.run import Run, RunId, WorkspaceId
from workers.act.lookup import find_job, find_run, hosts, latest_run_of
from workers.act.unknown import (
    no_number,
    not_open,
    nothing_here,
    unknown_cause,
    unknown_incident,
    unknown_run,
)
from workers.services import Services

OF_A_JOB = frozenset({ActionKind.RUN, ActionKind.RUNS})
OF_AN_INCIDENT = frozenset({ActionKind.ACKNOWLEDGE, ActionKind.MUTE, ActionKind.UNMUTE})
OF_A_CAUSE = frozenset({ActionKind.MUTE, ActionKind.UNMUTE})
OF_ALL = frozenset({ActionKind.RUNS, ActionKind.STATUS})
"""With nothing named they are about everything, not about the latest incident."""
OF_WHAT_GOES_ON = frozenset({ActionKind.CANCEL, ActionKind.STATUS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was meant, as far as it is known."""

    workspace_id: WorkspaceId | None = None
    incident: Incident | None = None
    run_id: RunId | None = None
    run: Run | None = None
    job: Job | None = None
    causes: tuple[CauseMute, ...] = ()
    """What is muted in all jobs, where that was named."""
    guessed: bool = False
    """Nothing was named: it is the latest open incident of the channel."""
    is_over: bool = False
    """The incident is a past one of its job."""

    @property
    def name(self) -> str:
        """How to call it: the job's name, or the run's number."""
        if self.causes:
            return self.causes[0].cause_id
        if self.incident is not None and self.incident.job_name:
            return self.incident.job_name
        if self.job is not None:
            return self.job.name or f"job {self.job.job_id}"
        if self.run is not None and self.run.job_name:
            return self.run.job_name
        return f"run {self.run_id}" if self.run_id else "this"


def find_target(services: Services, action: Action) -> Target:
    """Find what an action is about: what was named, or the channel's latest open incident.

    Raises NotFound, saying what to name instead.
    """
    if action.incident_id or action.target.startswith("inc-"):
        return _named_incident(services, action)
    if not action.target:
        return _unnamed(services, action)
    if action.target.startswith(CAUSE_ID) and action.kind in OF_A_CAUSE:
        return _of_cause(services, action.target)
    if action.kind in OF_A_JOB:
        return _of_job(services, action.target)
    incident = _by_job(services, action.target)
    if incident is not None:
        return _of_incident(action, incident)
    if action.kind in OF_AN_INCIDENT:
        return _of_incident(action, _by_run(services, action.target))
    return _of_run(services, action)


def with_run(services: Services, action: Action, target: Target) -> Target:
    """Read the run that the action needs; a run that is gone is left out where a job is known."""
    if action.kind not in OF_A_RUN or target.run is not None or target.run_id is None:
        return target
    try:
        return replace(target, run=workspace_of(services, target).run(target.run_id))
    except NotFound:
        if action.kind is ActionKind.RERUN and target.incident and target.incident.job_id:
            return target
        raise


def workspace_of(services: Services, target: Target) -> Workspace:
    """The workspace of a target; the only one when the target does not tell."""
    return services.workspaces.get(target.workspace_id)


def open_incidents(services: Services) -> list[Incident]:
    """What is open, latest change first."""
    found = services.store.incidents(open_only=True, limit=MOST_OPEN)
    return [incident for incident in found if incident.state is not IncidentState.RESOLVED]


def _of_incident(action: Action, incident: Incident, *, guessed: bool = False) -> Target:
    return Target(
        workspace_id=incident.workspace_id,
        incident=incident,
        run_id=_run_of(action, incident),
        guessed=guessed,
    )


def _run_of(action: Action, incident: Incident) -> RunId | None:
    """The run that failed last; for who asks after what goes on, the one begun in its place."""
    is_repairing = incident.state is IncidentState.REPAIRING
    if is_repairing and incident.repairing_run and action.kind in OF_WHAT_GOES_ON:
        return incident.repairing_run
    latest = incident.latest_run
    return latest.run_id if latest else None


def _named_incident(services: Services, action: Action) -> Target:
    incident_id = action.incident_id or action.target
    incident = services.store.incident(incident_id)
    if incident is not None:
        return _of_incident(action, incident)
    digest = services.store.digest(incident_id)
    if digest is None:
        raise unknown_incident(incident_id)
    return replace(_of_incident(action, digest.incident), is_over=True)


def _of_cause(services: Services, cause_id: str) -> Target:
    found = tuple(mute for mute in services.store.cause_mutes() if mute.cause_id == cause_id)
    if not found:
        raise unknown_cause(cause_id)
    return Target(workspace_id=found[0].workspace_id, causes=found)


def _unnamed(services: Services, action: Action) -> Target:
    if action.kind in OF_ALL:
        return Target()
    mine = f"slack:{action.actor.channel_id}"
    here = [
        incident
        for incident in open_incidents(services)
        if mine in incident.destinations and _fits(services, action, incident)
    ]
    if not here:
        is_unmute = action.kind is ActionKind.UNMUTE
        raise nothing_here("Nothing is muted" if is_unmute else "Nothing is open")
    latest = max(here, key=lambda incident: incident.updated_at)
    return _of_incident(action, latest, guessed=True)


def _fits(services: Services, action: Action, incident: Incident) -> bool:
    if action.kind is ActionKind.UNMUTE:
        return incident.is_muted(services.now())
    return action.kind in OF_AN_INCIDENT or incident.latest_run is not None


def _by_job(services: Services, name: str) -> Incident | None:
    """The open incident of a job, by the job's name or id."""
    named = services.store.incidents_named(name)
    matching = [
        incident
        for incident in (*named, *_of_job_id(services, name))
        if incident.state is not IncidentState.RESOLVED
    ]
    if len(matching) > 1:
        ids = ", ".join(incident.incident_id for incident in matching)
        raise PermanentError(f"several open incidents are of such a job: name one of {ids}")
    return matching[0] if matching else None


def _of_job_id(services: Services, number: str) -> Iterator[Incident]:
    if id_in(number) is None:
        return
    for workspace in services.workspaces.all():
        incident = services.store.current_incident(workspace.workspace_id, number)
        if incident is not None and incident.job_name != number:
            yield incident


def _by_run(services: Services, number: str) -> Incident:
    known = open_incidents(services)
    for incident in known:
        if any(str(run.run_id) == number for run in incident.runs):
            return incident
    raise not_open(number, known=(incident.job_name for incident in known))


def _of_job(services: Services, name: str) -> Target:
    workspace_id, job = find_job(services, name)
    incident = services.store.current_incident(workspace_id, str(job.job_id))
    is_open = incident is not None and incident.state is not IncidentState.RESOLVED
    return Target(workspace_id=workspace_id, job=job, incident=incident if is_open else None)


def _of_run(services: Services, action: Action) -> Target:
    number = id_in(action.target)
    run = find_run(services, RunId(number)) if number is not None else None
    if run is not None and number is not None:
        _require_workspace(run, action)
        if action.kind is ActionKind.CANCEL:
            require_whole(run, number)
        return _with_incident(services, run)
    if action.kind is ActionKind.CANCEL:
        unknown = unknown_run(action.target, hosts(services), or_job=False)
        raise no_number(action.target) if number is None else unknown
    try:
        workspace_id, job = find_job(services, action.target)
    except NotFound as exc:
        if number is None:
            raise
        raise unknown_run(action.target, hosts(services), or_job=True) from exc
    return _with_incident(services, latest_run_of(services, workspace_id, job))


def _require_workspace(run: Run, action: Action) -> None:
    """Refuse a run with the number of a page that is of another workspace."""
    if action.workspace_id and run.workspace_id and action.workspace_id != run.workspace_id:
        raise NotFound(
            f"that page is of workspace {action.workspace_id}, which is none of jobmon's: give the "
            "number of a run that is in one of them"
        )


def _with_incident(services: Services, run: Run) -> Target:
    """A run, with the open incident that it belongs to."""
    incident = services.store.current_incident(run.workspace_id, job_key(run))
    belongs = (
        incident is not None
        and incident.state is not IncidentState.RESOLVED
        and any(item.run_id == run.run_id for item in incident.runs)
    )
    return Target(
        workspace_id=run.workspace_id,
        run_id=run.run_id,
        run=run,
        incident=incident if belongs else None,
    )
