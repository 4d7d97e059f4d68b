"""What Databricks is asked for: noted before it is asked, so that a crash leaves no doubt."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

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
from workers.act.start_once import start_once, token_in_doubt
from workers.act.target import Target, workspace_of
from workers.follow import follow
from workers.services import Services

FIRST_LOOK = timedelta(seconds=10)
"""How long after somebody set a run going it is looked at: its outcome belongs in the thread."""


def repair(services: Services, action: Action, target: Target, *, run: Run) -> Answer:
    """Repair a run, unless its present failure is being repaired already."""
    workspace = workspace_of(services, target)
    name = _effect(workspace, target)
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
    name = _effect(workspace, target)
    token = token_in_doubt(services, name)
    claim = None if token else claim_once(services, name, action)
    if claim is not None:
        return claim.refusal(action)
    sent = sent_for(target, workspace, way=Way.ANEW, job_id=job_id, claim=name, why=why)
    sent = replace(sent, token=token or action.action_id)
    about_to_send(services, action, sent)
    try:
        return begun_anew(services, action, sent)
    except DoubtfulError:
        raise  # the claim stays, and the token
    except JobmonError:
        not_sent(services, action)
        release(services, name)
        raise


def begun_anew(services: Services, action: Action, sent: Sent) -> Answer:
    """Start the job for this request, or find the run that it has started already."""
    run_id = _start(services, action, sent)
    parameters = "the parameters given" if action.parameters else "the job's own parameters"
    said = f"started the whole job anew, as run {run_id} with {parameters}. {sent.why}"
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
    job_id = target.job.job_id
    parameters = sha256(repr(action.parameters).encode()).hexdigest()[:16]
    name = f"run-{workspace.workspace_id}-{job_id}-{action.actor.user_id}-{parameters}"
    token = token_in_doubt(services, name) or action.action_id
    sent = replace(sent_for(target, workspace, job_id=job_id, claim=name), token=token)
    about_to_send(services, action, sent)
    try:
        return begun(services, action, target, sent)
    except DoubtfulError:
        raise  # the token stays
    except JobmonError:
        not_sent(services, action)
        raise


def begun(services: Services, action: Action, target: Target, sent: Sent) -> Answer:
    """Start a run for this request, or find the one that it has started already."""
    run_id = _start(services, action, sent)
    return Answer(said=f"started run {run_id} of {target.name}.", in_thread=True)


def stop(services: Services, action: Action, target: Target, *, run: Run) -> Answer:
    """Ask a run to stop; to ask twice is harmless."""
    workspace = workspace_of(services, target)
    about_to_send(services, action, sent_for(target, workspace))
    try:
        _cancel(workspace, run.run_id)
    except DoubtfulError:
        raise
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


def _effect(workspace: Workspace, target: Target) -> str:
    """One name for a rerun of what failed now, be it a repair or the whole job anew."""
    repair_id = target.run.repair_id if target.run else None
    return f"rerun-{workspace.workspace_id}-{target.run_id}-{repair_id or 0}"


def _start(services: Services, action: Action, sent: Sent) -> RunId:
    """Start a new run, and look for its end if it belongs to an incident."""
    if sent.job_id is None:
        raise NotFound("it belongs to no job that could be run anew")
    run_id = start_once(
        services,
        services.workspaces.get(sent.workspace_id),
        sent.job_id,
        name=sent.claim,
        token=sent.token or action.action_id,
        parameters=dict(action.parameters),
    )
    if sent.incident_id or sent.way is Way.ANEW:
        run = Run(
            workspace_id=sent.workspace_id,
            run_id=run_id,
            job_id=sent.job_id,
            job_name=sent.job_name,
        )
        follow(services, run, delay=FIRST_LOOK)
    return run_id


def _cancel(workspace: Workspace, run_id: RunId) -> None:
    """Ask a run to stop, once more if it may not have heard."""
    try:
        workspace.cancel(run_id)
    except DoubtfulError as doubt:
        try:
            workspace.cancel(run_id)
        except JobmonError as exc:
            raise doubt from exc
