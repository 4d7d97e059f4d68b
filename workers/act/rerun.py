"""Rerun means repair: the failed tasks and what depends on them, in the same run."""

from functools import partial

from jobmon.action import Action
from jobmon.errors import NotFound
from jobmon.incident import Incident, IncidentState
from jobmon.ports.workspace import Workspace
from jobmon.repair import RerunPlan, Way, gone, plan_rerun, why_ask_first
from jobmon.run import JobId, Outcome, Run
from notifiers.slack.mrkdwn import person, safe
from workers.act.answer import Answer, Deed, not_done, refused
from workers.act.once import asked_before
from workers.act.sending import anew, repair
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
    under_way = _under_way(workspace, action, target)
    if under_way is not None:
        return under_way
    plan = _plan(services, workspace, action, target)
    if plan.way is Way.NOT:
        return _why_not(action, target, plan)
    question = _question(services, action, target)
    if question:
        return Answer(text=question, done=False, needs_confirmation=True)
    if plan.way is Way.REPAIR and target.run is not None:
        return partial(repair, services, action, target, run=target.run)
    job_id = _job_of(target)
    if job_id is None:
        why = f"{plan.why} It belongs to no job that could be run anew.".strip()
        return not_done(action, why)
    return partial(anew, services, action, target, job_id=job_id, why=plan.why)


def _plan(services: Services, workspace: Workspace, action: Action, target: Target) -> RerunPlan:
    run = target.run
    if run is None:
        return gone(target.run_id or 0, tasks=action.tasks)
    return plan_rerun(
        run,
        now=services.now(),
        everything=action.everything,
        tasks=action.tasks,
        newer_success=not action.everything and _newer_success(workspace, run),
    )


def _job_of(target: Target) -> JobId | None:
    if target.run is not None:
        return target.run.job_id
    return target.incident.job_id if target.incident else None


def _under_way(workspace: Workspace, action: Action, target: Target) -> Answer | None:
    """Refuse while the new run that somebody started in place of this one is active."""
    incident = target.incident
    if incident is None or incident.state is not IncidentState.REPAIRING:
        return None
    if incident.repairing_run is None or incident.repairing_run == target.run_id:
        return None
    try:
        new = workspace.run(incident.repairing_run)
    except NotFound:
        return None
    first = incident.repairing_by
    return _rerun_already(action, first, new) if first and new.outcome is None else None


def _why_not(action: Action, target: Target, plan: RerunPlan) -> Answer:
    first = _repairing_by(target.incident)
    if first and target.run is not None and target.run.outcome is None:
        return _rerun_already(action, first, target.run)
    return not_done(action, plan.why)


def _rerun_already(action: Action, first: str, run: Run) -> Answer:
    still = f"run {run.run_id} is still active."
    if first == action.actor.user_id:
        return refused(f"You have rerun it already: {still}")
    said = f"asked to rerun as well: {still}"
    return refused(f"{person(first)} has rerun it already: {still}", said=said, in_thread=True)


def _repairing_by(incident: Incident | None) -> str:
    is_repairing = incident is not None and incident.state is IncidentState.REPAIRING
    return incident.repairing_by if incident and is_repairing else ""


def _question(services: Services, action: Action, target: Target) -> str:
    """Ask once more before a rerun without hope; the same request again is the confirmation."""
    digest = services.store.digest(target.incident.incident_id) if target.incident else None
    if digest is None or action.confirmed:
        return ""
    groups = digest.diagnosis.groups
    finding = groups[0].diagnosis.finding if groups else None
    reason = why_ask_first(digest.diagnosis.rerun, finding.summary if finding else "")
    asked = f"hopeless-{action.actor.user_id}-{target.workspace_id}-{target.run_id}"
    if not reason or asked_before(services, asked, action):
        return ""
    minutes = round(services.second_request_window.total_seconds() / 60)
    return f"{safe(reason, MAX_CAUSE)} Type the same again within {minutes} minutes to do it."


def _newer_success(workspace: Workspace, run: Run) -> bool:
    if run.job_id is None or run.started_at is None:
        return False
    return any(
        other.outcome is Outcome.SUCCEEDED
        and other.started_at is not None
        and other.started_at > run.started_at
        for other in workspace.runs_of(run.job_id, limit=NEWEST_RUNS)
    )
