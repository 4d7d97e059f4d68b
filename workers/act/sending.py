"""What Databricks is asked for: noted before it is asked, so that a crash leaves no doubt."""

from datetime import timedelta

from jobmon.action import Action
from jobmon.errors import DoubtfulError, JobmonError, NotFound
from jobmon.incident_event import RepairStarted
from jobmon.ports.workspace import Workspace
from jobmon.repair import Way
from jobmon.run import JobId, Run, RunId
from workers.act.answer import Answer
from workers.act.once import claim_once, release
from workers.act.progress import Sent, about_to_send, not_sent
from workers.act.repair_once import repair_once
from workers.act.target import Target, workspace_of
from workers.follow import follow
from workers.services import Services

FIRST_LOOK = timedelta(seconds=10)
"""How long after somebody set a run going it is looked at: its outcome belongs in the thread."""


def repair(services: Services, action: Action, target: Target, *, run: Run) -> Answer:
    """Repair a run, unless its present failure is being repaired already."""
    workspace = workspace_of(services, target)
    name = f"repair-{run.workspace_id}-{run.run_id}-{run.repair_id or 0}"
    claim = claim_once(services, name, action)
    if claim is not None:
        return claim.refusal(action)
    sent = sent_for(target, workspace, way=Way.REPAIR, before=run, claim=name)
    about_to_send(services, action, sent)
    parameters = dict(action.parameters)
    try:
        repair_once(workspace, run, tasks=action.tasks, parameters=parameters, sleep=services.sleep)
    except DoubtfulError:
        raise  # the claim stays: it may be running
    except JobmonError:
        not_sent(services, action)
        release(services, name)
        raise
    return repaired(services, action, run)


def repaired(services: Services, action: Action, run: Run) -> Answer:
    """Say that a repair has begun, and look for its end."""
    follow(services, run, delay=FIRST_LOOK)
    tasks = f"{len(action.tasks)} chosen tasks" if len(action.tasks) > 1 else "the chosen task"
    what = tasks if action.tasks else "the failed tasks"
    return Answer(
        said=f"repairs run {run.run_id}: {what} and what depends on them run again in it.",
        event=RepairStarted(by=action.actor.user_id, run_id=run.run_id),
        in_thread=True,
    )


def anew(services: Services, action: Action, target: Target, *, job_id: JobId, why: str) -> Answer:
    """Start the whole job anew, unless somebody has just done so for this run."""
    workspace = workspace_of(services, target)
    name = f"anew-{workspace.workspace_id}-{job_id}-{target.run_id}"
    claim = claim_once(services, name, action)
    if claim is not None:
        return claim.refusal(action)
    sent = sent_for(target, workspace, way=Way.ANEW, job_id=job_id, claim=name, why=why)
    about_to_send(services, action, sent)
    try:
        return begun_anew(services, action, target, job_id=job_id, why=why)
    except DoubtfulError:
        raise  # the claim stays: another request has another token
    except JobmonError:
        not_sent(services, action)
        release(services, name)
        raise


def begun_anew(
    services: Services, action: Action, target: Target, *, job_id: JobId, why: str
) -> Answer:
    """Start the job for this request, or find the run that it has started already."""
    workspace = workspace_of(services, target)
    run_id = _start(workspace, action, job_id)
    _follow_new(services, workspace, run_id, job_id=job_id, job_name=target.name)
    parameters = "the parameters given" if action.parameters else "the job's own parameters"
    said = f"started the whole job anew, as run {run_id} with {parameters}. {why}"
    return Answer(
        said=said.rstrip(),
        event=RepairStarted(by=action.actor.user_id, run_id=run_id),
        in_thread=True,
    )


def start_job(services: Services, action: Action, target: Target) -> Answer:
    """Start a new run of a job; the same request never starts two."""
    if target.job is None:
        raise NotFound("name the job to run: `run JOB`")
    workspace = workspace_of(services, target)
    about_to_send(services, action, sent_for(target, workspace, job_id=target.job.job_id))
    try:
        run_id = _start(workspace, action, target.job.job_id)
    except JobmonError:
        not_sent(services, action)
        raise
    if target.incident is not None:
        job = target.job
        _follow_new(services, workspace, run_id, job_id=job.job_id, job_name=job.name)
    return Answer(said=f"started run {run_id} of {target.name}.", in_thread=True)


def stop(services: Services, action: Action, target: Target, *, run: Run) -> Answer:
    """Ask a run to stop; to ask twice is harmless."""
    workspace = workspace_of(services, target)
    about_to_send(services, action, sent_for(target, workspace))
    try:
        workspace.cancel(run.run_id)
    except DoubtfulError:
        workspace.cancel(run.run_id)
    except JobmonError:
        not_sent(services, action)
        raise
    return Answer(said=f"asked run {run.run_id} of {target.name} to stop.", in_thread=True)


def sent_for(
    target: Target,
    workspace: Workspace,
    *,
    way: Way = Way.NOT,
    before: Run | None = None,
    job_id: JobId | None = None,
    claim: str = "",
    why: str = "",
) -> Sent:
    """What another worker has to know to find out whether it was done."""
    return Sent(
        workspace_id=workspace.workspace_id,
        incident_id=target.incident.incident_id if target.incident else "",
        run_id=target.run_id,
        job_id=job_id,
        job_name=target.name,
        way=way,
        before=before.repair_id if before else None,
        claim=claim,
        why=why,
    )


def _start(workspace: Workspace, action: Action, job_id: JobId) -> RunId:
    """Start a new run; asking again with the same token never starts a second one."""
    parameters = dict(action.parameters) or None
    try:
        return workspace.run_now(job_id, token=action.action_id, parameters=parameters)
    except DoubtfulError:
        return workspace.run_now(job_id, token=action.action_id, parameters=parameters)


def _follow_new(
    services: Services, workspace: Workspace, run_id: RunId, *, job_id: JobId, job_name: str
) -> None:
    run = Run(workspace_id=workspace.workspace_id, run_id=run_id, job_id=job_id, job_name=job_name)
    follow(services, run, delay=FIRST_LOOK)
