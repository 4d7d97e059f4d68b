"""Take over from a worker that was killed while it asked Databricks for something."""

from jobmon.action import Action, ActionKind
from jobmon.errors import NotFound
from jobmon.incident import Incident
from jobmon.ports.workspace import Job
from jobmon.repair import Way
from jobmon.run import Run
from workers.act.answer import Answer, not_done
from workers.act.once import release
from workers.act.progress import Sent
from workers.act.repair_once import begun_since
from workers.act.sending import begun, begun_anew, repaired, stop
from workers.act.start_once import keep_in_doubt
from workers.act.target import Target
from workers.services import Services


def target_then(services: Services, sent: Sent) -> Target:
    """What the action was about when Databricks was asked, whatever it would be about now."""
    if sent.token:
        keep_in_doubt(services, sent.claim, sent.token)
    run = _run(services, sent)
    job = Job(job_id=sent.job_id, name=sent.job_name) if sent.job_id else None
    return Target(
        workspace_id=sent.workspace_id,
        incident=_incident(services, sent),
        run_id=sent.run_id,
        run=run,
        job=job,
    )


def settled(services: Services, action: Action, target: Target, sent: Sent) -> Answer:
    """What came of it: a repair is looked for and never sent again, the rest cannot double."""
    if action.kind is ActionKind.CANCEL and target.run is not None:
        return _stopped(services, action, target, run=target.run)
    if action.kind is ActionKind.RUN:
        return begun(services, action, target, sent)
    if sent.way is Way.ANEW:
        return begun_anew(services, action, sent)
    if target.run is None:
        raise NotFound(f"run {sent.run_id} is gone, and with it whether it was repaired")
    return _repaired_or_not(services, action, sent, run=target.run)


def _repaired_or_not(services: Services, action: Action, sent: Sent, *, run: Run) -> Answer:
    workspace = services.workspaces.get(sent.workspace_id)
    if begun_since(workspace, run.run_id, before=sent.before, sleep=services.sleep) is not None:
        return repaired(services, action, run)
    release(services, sent.claim)
    return not_done(
        action,
        f"jobmon was interrupted before the repair of run {run.run_id} had begun: the run's "
        "history shows none. Ask for it again.",
    )


def _stopped(services: Services, action: Action, target: Target, *, run: Run) -> Answer:
    if run.outcome is None:
        return stop(services, action, target, run=run)
    return Answer(said=f"asked run {run.run_id} of {target.name} to stop.", in_thread=True)


def _run(services: Services, sent: Sent) -> Run | None:
    if sent.run_id is None:
        return None
    try:
        return services.workspaces.get(sent.workspace_id).run(sent.run_id)
    except NotFound:
        return None


def _incident(services: Services, sent: Sent) -> Incident | None:
    return services.store.incident(sent.incident_id) if sent.incident_id else None
