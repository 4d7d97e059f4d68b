"""Rerun means repair: the failed tasks and what depends on them, in the same run."""

from functools import partial

from jobmon.action import Action
from jobmon.errors import DoubtfulError, JobmonError, NotFound
from jobmon.incident import Incident, IncidentState
from jobmon.incident_event import RepairStarted
from jobmon.ports.workspace import Workspace
from jobmon.repair import RerunPlan, Way, gone, plan_rerun, why_ask_first
from jobmon.run import JobId, Outcome, RepairId, Run, RunId
from notifiers.slack.mrkdwn import escape, person, safe
from workers.act.answer import Answer, Deed, not_done, refused
from workers.act.follow import follow
from workers.act.once import claim_once, claimed, release
from workers.act.repair_once import repair_once
from workers.act.target import Target, workspace_of
from workers.services import Services

NEWEST_RUNS = 10
MAX_CAUSE = 200


def rerun(services: Services, action: Action, target: Target) -> Answer | Deed:
    """Repair a run; or start the whole job anew where that was asked for, or is the only way.

    Nothing happens, and it is said why, when neither can be; and before a rerun that the
    diagnosis gives no hope, it is asked for once more.
    """
    if target.run_id is None:
        raise NotFound("name the run to rerun: `rerun RUN`")
    workspace = workspace_of(services, target)
    if target.run is not None and _began_before_crash(services, action, target.run):
        return _repaired(services, action, target.run)
    plan = _plan(services, workspace, action, target)
    if plan.way is Way.NOT:
        return _why_not(action, target, plan)
    question = _question(services, action, target)
    if question:
        return Answer(text=question, done=False, needs_confirmation=True)
    if plan.way is Way.REPAIR and target.run is not None:
        return partial(_repair, services, workspace, action, target.run)
    job_id = _job_of(target)
    if job_id is None:
        return not_done(f"{plan.why} It belongs to no job that could be run anew.".strip())
    return partial(_anew, services, action, target, job_id=job_id, why=plan.why)


def _plan(services: Services, workspace: Workspace, action: Action, target: Target) -> RerunPlan:
    run = target.run
    if run is None:
        return gone(target.run_id or 0)
    return plan_rerun(
        run,
        now=services.now(),
        everything=action.everything,
        tasks=action.tasks,
        newer_success=not action.everything and _newer_success(workspace, run),
    )


def _began_before_crash(services: Services, action: Action, run: Run) -> bool:
    """Whether this very request has begun a repair already, and was cut off before it said so."""
    seen = str(run.repair_id or 0)
    name = f"before-{action.action_id}"
    before = services.store.remember_once(name, ttl=services.done_memory, value=seen)
    if before is None or before == seen:
        return False
    claim = claim_once(services, _effect(run, before), action)
    return claim is not None and claim.mine


def _effect(run: Run, repair_id: RepairId | str | None) -> str:
    return f"repair-{run.workspace_id}-{run.run_id}-{repair_id or 0}"


def _job_of(target: Target) -> JobId | None:
    if target.run is not None:
        return target.run.job_id
    return target.incident.job_id if target.incident else None


def _why_not(action: Action, target: Target, plan: RerunPlan) -> Answer:
    first = _repairing_by(target.incident)
    if first and target.run is not None and target.run.outcome is None:
        who = "You have" if first == action.actor.user_id else f"{person(first)} has"
        return refused(f"{who} rerun it already: run {target.run.run_id} is still active.")
    return not_done(plan.why)


def _repairing_by(incident: Incident | None) -> str:
    is_repairing = incident is not None and incident.state is IncidentState.REPAIRING
    return incident.repairing_by if incident and is_repairing else ""


def _repair(services: Services, workspace: Workspace, action: Action, run: Run) -> Answer:
    name = _effect(run, run.repair_id)
    claim = claim_once(services, name, action)
    if claim is not None and claim.mine:
        return _interrupted(services, workspace, action, run, name)
    if claim is not None:
        return refused(claim.words(action))
    parameters = dict(action.parameters)
    try:
        repair_once(workspace, run, tasks=action.tasks, parameters=parameters, sleep=services.sleep)
    except JobmonError:
        release(services, name)
        raise
    return _repaired(services, action, run)


def _repaired(services: Services, action: Action, run: Run) -> Answer:
    follow(services, run)
    tasks = f"{len(action.tasks)} chosen tasks" if len(action.tasks) > 1 else "the chosen task"
    what = tasks if action.tasks else "the failed tasks"
    return Answer(
        said=f"repairs run {run.run_id}: {what} and what depends on them run again in it.",
        event=RepairStarted(by=action.actor.user_id, run_id=run.run_id),
        in_thread=True,
    )


def _interrupted(
    services: Services, workspace: Workspace, action: Action, run: Run, name: str
) -> Answer:
    """The same request after a crash: only the run's history tells whether it was sent."""
    latest = max((item.repair_id for item in workspace.repairs(run.run_id)), default=RepairId(0))
    if latest > (run.repair_id or 0):
        return _repaired(services, action, run)
    release(services, name)
    return not_done(
        f"jobmon was interrupted before the repair of run {run.run_id} had begun: the run's "
        "history shows none. Ask for it again."
    )


def _anew(services: Services, action: Action, target: Target, *, job_id: JobId, why: str) -> Answer:
    workspace = workspace_of(services, target)
    name = f"anew-{workspace.workspace_id}-{job_id}-{target.run_id}"
    claim = claim_once(services, name, action)
    if claim is not None and not claim.mine:
        return refused(claim.words(action))
    try:
        run_id = start(workspace, action, job_id)
    except JobmonError:
        release(services, name)
        raise
    started = Run(
        workspace_id=workspace.workspace_id, run_id=run_id, job_id=job_id, job_name=target.name
    )
    follow(services, started)
    parameters = "the parameters given" if action.parameters else "the job's own parameters"
    said = f"started the whole job anew, as run {run_id} with {parameters}. {why}"
    return Answer(
        said=said.rstrip(),
        event=RepairStarted(by=action.actor.user_id, run_id=run_id),
        in_thread=True,
    )


def start(workspace: Workspace, action: Action, job_id: JobId) -> RunId:
    """Start a new run; asking again with the same token never starts a second one."""
    parameters = dict(action.parameters) or None
    try:
        return workspace.run_now(job_id, token=action.action_id, parameters=parameters)
    except DoubtfulError:
        return workspace.run_now(job_id, token=action.action_id, parameters=parameters)


def _question(services: Services, action: Action, target: Target) -> str:
    """Ask once more before a rerun without hope; the same request again is the confirmation."""
    digest = services.store.digest(target.incident.incident_id) if target.incident else None
    if digest is None or action.confirmed:
        return ""
    groups = digest.diagnosis.groups
    finding = groups[0].diagnosis.finding if groups else None
    reason = why_ask_first(digest.diagnosis.rerun, finding.summary if finding else "")
    asked = f"hopeless-{action.actor.user_id}-{target.workspace_id}-{target.run_id}"
    if not reason or claimed(services, asked):
        return ""
    return f"{safe(reason, MAX_CAUSE)} {escape('Type the same again within ten minutes')} to do it."


def _newer_success(workspace: Workspace, run: Run) -> bool:
    if run.job_id is None or run.started_at is None:
        return False
    return any(
        other.outcome is Outcome.SUCCEEDED
        and other.started_at is not None
        and other.started_at > run.started_at
        for other in workspace.runs_of(run.job_id, limit=NEWEST_RUNS)
    )
