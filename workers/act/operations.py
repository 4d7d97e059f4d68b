"""What each action does. One function an action, listed in `OPERATIONS`."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from jobmon.action import Action, ActionKind
from jobmon.errors import NotFound
from jobmon.incident_event import Acknowledged, Muted, Unmuted
from jobmon.run import FAILURES, RunEvent, RunEventKind
from notifiers.slack.mrkdwn import local_time
from workers.act.answer import Answer
from workers.act.rerun import rerun
from workers.act.target import Target, workspace_of
from workers.act.words import causes_in_words, incident_line, run_line
from workers.diagnose import follow_up
from workers.look import last, looks
from workers.services import Services

MAX_LISTED = 15

Operation = Callable[[Services, Action, Target], Answer]


def acknowledge(services: Services, action: Action, target: Target) -> Answer:  # noqa: ARG001
    """Take an incident on."""
    if target.incident is None:
        raise NotFound(f"there is no open incident of {target.name}")
    who = action.actor.user_id
    return Answer(
        text=f"<@{who}> looks after it.", target=target, event=Acknowledged(by=who), public=False
    )


def mute(services: Services, action: Action, target: Target) -> Answer:
    """Hear no more of an incident for a while, or until its cause changes."""
    if target.incident is None:
        raise NotFound(f"there is no open incident of {target.name}")
    who = action.actor.user_id
    until = None
    words = "until the cause changes"
    if action.duration_minutes and not action.until_changed:
        until = services.now() + timedelta(minutes=action.duration_minutes)
        words = f"until {local_time(until)}"
    return Answer(
        text=f"<@{who}> muted it {words}.", target=target, event=Muted(by=who, until=until)
    )


def unmute(services: Services, action: Action, target: Target) -> Answer:  # noqa: ARG001
    """Hear of an incident again."""
    if target.incident is None:
        raise NotFound(f"there is no open incident of {target.name}")
    who = action.actor.user_id
    return Answer(text=f"<@{who}> unmuted it.", target=target, event=Unmuted(by=who))


def cancel(services: Services, action: Action, target: Target) -> Answer:
    """Ask a run to stop."""
    if target.run_id is None:
        raise NotFound("name the run to cancel: `cancel RUN`")
    workspace_of(services, target).cancel(target.run_id)
    return Answer(
        text=f"<@{action.actor.user_id}> asked run {target.run_id} to stop.", target=target
    )


def run_job(services: Services, action: Action, target: Target) -> Answer:
    """Start a new run of a job; the same request never starts two."""
    workspace = workspace_of(services, target)
    job = workspace.job(action.target)
    run_id = workspace.run_now(
        job.job_id, token=action.action_id, parameters=dict(action.parameters) or None
    )
    return Answer(text=f"<@{action.actor.user_id}> started run {run_id}.", target=target)


def status(services: Services, action: Action, target: Target) -> Answer:  # noqa: ARG001
    """Say how things stand with a run or an incident."""
    lines = [incident_line(target.incident)] if target.incident else []
    if target.run_id is not None:
        lines.append(run_line(workspace_of(services, target).run(target.run_id)))
    return Answer(text="\n".join(lines), target=target)


def list_runs(services: Services, action: Action, target: Target) -> Answer:
    """List the newest runs of a job, or of all."""
    workspace = workspace_of(services, target)
    job_id = workspace.job(action.target).job_id if action.target else None
    found = workspace.runs_of(job_id, limit=MAX_LISTED)
    return Answer(text="\n".join(run_line(run) for run in found) or "There are no runs.")


def list_incidents(services: Services, action: Action, target: Target) -> Answer:  # noqa: ARG001
    """List the open incidents."""
    found = services.store.incidents(open_only=True, limit=MAX_LISTED)
    return Answer(text="\n".join(incident_line(item) for item in found) or "No incident is open.")


def diagnose(services: Services, action: Action, target: Target) -> Answer:  # noqa: ARG001
    """Say why a run failed, now."""
    if target.run_id is None:
        raise NotFound("name the run: `diagnose RUN`")
    workspace = workspace_of(services, target)
    run = workspace.run(target.run_id)
    if not (run.failed_tasks or run.outcome in FAILURES):
        return Answer(text=run_line(run), target=target)
    look = last(looks(workspace, run, services.ruleset))
    return Answer(text="\n".join((run_line(run), *causes_in_words(look.diagnosis))), target=target)


def details(services: Services, action: Action, target: Target) -> Answer:  # noqa: ARG001
    """Show all causes of an incident's latest run."""
    digest = services.store.digest(target.incident.incident_id) if target.incident else None
    if digest is None:
        raise NotFound("nothing is remembered of this incident any more")
    return Answer(
        text="\n".join((run_line(digest.run), *causes_in_words(digest.diagnosis))), target=target
    )


def rerun_and_follow(services: Services, action: Action, target: Target) -> Answer:
    """Repair a run, and look at it until the repair has ended."""
    started = rerun(services, action, target)
    if started.run is not None and started.answer.done:
        event = RunEvent(
            kind=RunEventKind.FOLLOWED,
            workspace_id=started.run.workspace_id,
            run_id=started.run.run_id,
            job_id=started.run.job_id,
            job_name=started.run.job_name,
            received_at=services.now(),
        )
        message = follow_up(started.run, at=services.now(), event=event)
        services.queue.put(message, delay=timedelta(seconds=20))
    return started.answer


OPERATIONS: Mapping[ActionKind, Operation] = {
    ActionKind.RERUN: rerun_and_follow,
    ActionKind.RUN: run_job,
    ActionKind.CANCEL: cancel,
    ActionKind.ACKNOWLEDGE: acknowledge,
    ActionKind.MUTE: mute,
    ActionKind.UNMUTE: unmute,
    ActionKind.STATUS: status,
    ActionKind.DIAGNOSE: diagnose,
    ActionKind.RUNS: list_runs,
    ActionKind.INCIDENTS: list_incidents,
    ActionKind.DETAILS: details,
}
