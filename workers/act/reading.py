"""Operations that only read: everyone who can see the channel may ask."""

from jobmon.action import Action
from jobmon.errors import NotFound
from jobmon.run import FAILURES
from workers.act.answer import Answer
from workers.act.target import Target, workspace_of
from workers.act.words import causes_in_words, incident_line, run_line
from workers.look import last, looks
from workers.services import Services

MAX_LISTED = 15


def status(_services: Services, _action: Action, target: Target) -> Answer:
    """Say how things stand with a run or an incident."""
    lines = [incident_line(target.incident)] if target.incident else []
    lines += [run_line(target.run)] if target.run else []
    return Answer(text="\n".join(lines))


def list_runs(services: Services, _action: Action, target: Target) -> Answer:
    """List the newest runs of a job, or of all."""
    if target.job is not None:
        found = workspace_of(services, target).runs_of(target.job.job_id, limit=MAX_LISTED)
    else:
        everywhere = services.workspaces.all()
        share = max(MAX_LISTED // max(len(everywhere), 1), 1)
        found = tuple(
            run for workspace in everywhere for run in workspace.runs_of(None, limit=share)
        )
    return Answer(text="\n".join(run_line(run) for run in found) or "There are no runs.")


def list_incidents(services: Services, _action: Action, _target: Target) -> Answer:
    """List the open incidents."""
    found = services.store.incidents(open_only=True, limit=MAX_LISTED)
    return Answer(text="\n".join(incident_line(item) for item in found) or "No incident is open.")


def diagnose(services: Services, _action: Action, target: Target) -> Answer:
    """Say why a run failed, now."""
    run = target.run
    if run is None:
        raise NotFound("name the run: `diagnose RUN`")
    if not (run.failed_tasks or run.outcome in FAILURES):
        return Answer(text=run_line(run))
    look = last(looks(workspace_of(services, target), run, services.ruleset))
    return Answer(text="\n".join((run_line(run), *causes_in_words(look.diagnosis))))


def details(services: Services, _action: Action, target: Target) -> Answer:
    """Show all causes of an incident's latest run."""
    digest = services.store.digest(target.incident.incident_id) if target.incident else None
    if digest is None:
        raise NotFound("nothing is remembered of this incident any more")
    return Answer(text="\n".join((run_line(digest.run), *causes_in_words(digest.diagnosis))))
