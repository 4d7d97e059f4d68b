"""Operations that only read: everyone who can see the channel may ask."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from jobmon.action import Action
from jobmon.digest import Digest
from jobmon.errors import NotFound
from jobmon.incident import Incident
from notifiers.slack.blocks import in_full
from notifiers.slack.mrkdwn import local_time, safe
from notifiers.text import counted
from notifiers.times import how_long
from workers.act.answer import Answer
from workers.act.target import Target, workspace_of
from workers.act.words import incident_line, run_line
from workers.compose import digest_by_itself
from workers.look import Look, last, looks
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
    if run.outcome is None and not run.failed_tasks:
        return Answer(text=run_line(run))
    look = last(looks(workspace_of(services, target), run, services.ruleset))
    digest = _digest(services, look, target.incident)
    return _in_full(digest) if digest else Answer(text=run_line(run))


def details(services: Services, _action: Action, target: Target) -> Answer:
    """Show all causes of an incident's latest run."""
    digest = services.store.digest(target.incident.incident_id) if target.incident else None
    if digest is None:
        raise NotFound("nothing is remembered of this incident any more")
    return _in_full(digest)


def _digest(services: Services, look: Look, incident: Incident | None) -> Digest | None:
    """What the channel's message would say after this look; of a run without one what it is."""
    known = services.store.digest(incident.incident_id) if incident else None
    if known is None or known.run.run_id != look.run.run_id:
        return digest_by_itself(look, services.settings, now=services.now())
    return replace(
        known, incident=incident or known.incident, run=look.run, diagnosis=look.diagnosis
    )


def _in_full(digest: Digest) -> Answer:
    message = in_full(digest)
    return Answer(text=message.text, blocks=message.blocks)


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
