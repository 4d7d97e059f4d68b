"""Rerun means repair: the failed tasks and what depends on them, in the same run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobmon.action import Action
from jobmon.errors import DoubtfulError, NotFound, PermanentError
from jobmon.incident_event import RepairStarted
from jobmon.ports.workspace import Workspace
from jobmon.repair import why_ask_first, why_not_repair
from jobmon.run import Outcome, RepairId, Run
from notifiers.slack.mrkdwn import safe
from workers.act.answer import Answer
from workers.act.target import Target, workspace_of
from workers.services import Services

NEWEST_RUNS = 10
MAX_CAUSE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What was started, and what to say about it."""

    answer: Answer
    run: Run | None = None


def rerun(services: Services, action: Action, target: Target) -> Started:
    """Repair a run; or start the whole job anew where that was asked for.

    Nothing happens, and it is said why, when the run cannot be repaired; and before a rerun that
    the diagnosis gives no hope, it is asked for once more.
    """
    if target.run_id is None:
        raise NotFound("name the run to rerun: `rerun RUN`")
    workspace = workspace_of(services, target)
    run = workspace.run(target.run_id)
    if action.everything:
        return _anew(workspace, run, action, target)
    problem = why_not_repair(run, now=services.now(), newer_success=_newer_success(workspace, run))
    if problem:
        return Started(answer=Answer(text=problem, done=False, target=target))
    question = _question(services, action, target)
    if question:
        answer = Answer(text=question, done=False, needs_confirmation=True, target=target)
        return Started(answer=answer)
    repair_once(workspace, run, tasks=action.tasks, parameters=dict(action.parameters))
    what = f"{len(action.tasks)} chosen tasks" if action.tasks else "the failed tasks"
    who = action.actor.user_id
    return Started(
        run=run,
        answer=Answer(
            text=f"<@{who}> repairs run {run.run_id}: {what} and what depends on them run again.",
            target=target,
            event=RepairStarted(by=who, run_id=run.run_id),
        ),
    )


def _anew(workspace: Workspace, run: Run, action: Action, target: Target) -> Started:
    if run.job_id is None:
        raise PermanentError(f"run {run.run_id} belongs to no job: it can only be repaired")
    run_id = workspace.run_now(
        run.job_id, token=action.action_id, parameters=dict(action.parameters) or None
    )
    who, job = action.actor.user_id, safe(run.job_name, 100)
    text = f"<@{who}> started the whole job {job} anew: run {run_id}."
    event = RepairStarted(by=who, run_id=run_id)
    return Started(answer=Answer(text=text, target=target, event=event))


def _question(services: Services, action: Action, target: Target) -> str:
    """Ask once more before a rerun without hope; the same request again is the confirmation."""
    digest = services.store.digest(target.incident.incident_id) if target.incident else None
    if digest is None or action.confirmed:
        return ""
    groups = digest.diagnosis.groups
    finding = groups[0].diagnosis.finding if groups else None
    cause = safe(finding.summary, MAX_CAUSE) if finding else ""
    reason = why_ask_first(digest.diagnosis.rerun, cause)
    if not reason:
        return ""
    asked = f"hopeless-{action.actor.user_id}-{target.run_id}"
    if services.store.remember_once(asked, ttl=services.second_person_window):
        return ""
    return f"{reason} Type the same again within ten minutes to rerun anyway."


def _newer_success(workspace: Workspace, run: Run) -> bool:
    if run.job_id is None or run.started_at is None:
        return False
    return any(
        other.outcome is Outcome.SUCCEEDED
        and other.started_at is not None
        and other.started_at > run.started_at
        for other in workspace.runs_of(run.job_id, limit=NEWEST_RUNS)
    )


def repair_once(
    workspace: Workspace,
    run: Run,
    *,
    tasks: Sequence[str] = (),
    parameters: Mapping[str, str] | None = None,
) -> RepairId:
    """Ask for a repair, once.

    A doubtful answer is settled by the run's history, never by asking again. Raises
    PermanentError when the history shows no new repair.
    """
    try:
        return workspace.repair(run, tasks=tasks, parameters=parameters or None)
    except DoubtfulError as exc:
        latest = max((item.repair_id for item in workspace.repairs(run.run_id)), default=None)
        if latest is not None and latest != run.repair_id:
            return latest
        raise PermanentError(
            f"Databricks did not say whether the repair of run {run.run_id} started, and the "
            "run's history shows none. Look at the run before trying again."
        ) from exc
