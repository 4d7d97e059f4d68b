"""Operations that only read: everyone who can see the channel may ask."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from jobmon.action import Action
from jobmon.errors import NotFound
from jobmon.incident import Incident
from jobmon.run import FAILURES
from notifiers.slack.mrkdwn import local_time, safe
from notifiers.text import counted
from notifiers.times import how_long
from workers.act.answer import Answer
from workers.act.target import Target, workspace_of
from workers.act.words import causes_in_words, incident_line, run_line
from workers.look import last, looks
from workers.services import Services

MAX_LISTED = 15
MAX_ERROR = 300
LONG = timedelta(minutes=1)


def status(services: Services, action: Action, target: Target) -> Answer:
    """Say how things stand with a run or an incident; with none named also what did not arrive."""
    lines = [_with_cause(services, target.incident)] if target.incident else []
    lines += [run_line(target.run)] if target.run else []
    if not action.target:
        lines = lines or ["No incident is open in this channel."]
        lines += _undelivered(services)
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
    lines = [_with_cause(services, item) for item in found]
    return Answer(text="\n".join(lines) or "No incident is open.")


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


def _with_cause(services: Services, incident: Incident) -> str:
    digest = services.store.digest(incident.incident_id)
    return incident_line(incident, digest.diagnosis if digest else None)


def _undelivered(services: Services) -> Iterator[str]:
    """What was to be told and was not, whichever channel or mailbox it was for."""
    pulse = services.queue.pulse()
    if pulse.dead_letters:
        given_up = f"{counted(pulse.dead_letters, 'message')} given up"
        yield f"{given_up}: `jobmon replay` lists the reasons, `jobmon replay --all` tries again."
    waiting = timedelta(seconds=pulse.oldest_undelivered_seconds or 0)
    if waiting > LONG:
        yield f"The oldest undelivered message has waited for {how_long(waiting)}."
    at, _, error = services.store.last_words().get("delivery_error", "").partition(" ")
    if error:
        when = local_time(datetime.fromisoformat(at))
        yield f"The last delivery error was {when}: {safe(error, MAX_ERROR)}"
