"""Operations that only read: everyone who can see the channel may ask."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from jobmon.action import Action
from jobmon.digest import Digest
from jobmon.errors import NotFound
from jobmon.incident import Incident
from jobmon.run import WorkspaceId
from notifiers.overview import overview
from notifiers.slack.blocks import in_full
from notifiers.slack.listing import incident_lines, incident_list
from notifiers.slack.mrkdwn import local_time, safe
from notifiers.text import counted
from notifiers.times import how_long
from workers.act.answer import Answer
from workers.act.lookup import newest_runs
from workers.act.target import Target, open_incidents, workspace_of
from workers.act.words import entry_now, run_line
from workers.compose import digest_by_itself
from workers.look import Look, last, looks, with_pending
from workers.services import Services

MAX_LISTED = 15
MAX_ERROR = 300
NOTHING_OPEN = "Nothing is open: no job is known to be failing."
LONG = timedelta(minutes=1)
ANSWER_WITHIN = timedelta(seconds=5)
"""So long are outputs read for an answer: others wait for its worker."""


def status(services: Services, action: Action, target: Target) -> Answer:
    """Say how things stand with a run or an incident; with none named also what did not arrive."""
    if target.incident is None and target.run is None:
        return _of_channel(services, action)
    lines = []
    if target.incident is not None:
        entry = entry_now(services, target.incident)
        lines.append(incident_lines(replace(entry, run_url="") if target.run else entry))
    lines += [run_line(target.run)] if target.run else []
    return Answer(text="\n".join(lines))


def _of_channel(services: Services, action: Action) -> Answer:
    """What is open in the channel, how much elsewhere, and what did not arrive."""
    found = open_incidents(services)
    mine = f"slack:{action.actor.channel_id}"
    here = [incident for incident in found if mine in incident.destinations]
    elsewhere = len(found) - len(here)
    said = []
    if not here:
        said.append("Nothing is open in this channel." if elsewhere else NOTHING_OPEN)
    if elsewhere:
        said.append(f"Open elsewhere: {counted(elsewhere, 'incident')}, see `/jobmon incidents`.")
    return _listed(services, here, further=(*said, *_undelivered(services)))


def list_runs(services: Services, _action: Action, target: Target) -> Answer:
    """List the newest runs of a job, or of all; of several workspaces each run says its own."""
    if target.job is not None:
        found = workspace_of(services, target).runs_of(target.job.job_id, limit=MAX_LISTED)
        missing: tuple[str, ...] = ()
    else:
        found, missing = newest_runs(services, limit=MAX_LISTED)
    hosts = _hosts(services)
    known = [run_line(run, host=hosts.get(run.workspace_id, "")) for run in found]
    lines = known or ["There are no runs."]
    left_out = (f"Some are missing: {safe(why, MAX_ERROR)}." for why in missing)
    return Answer(text="\n".join((*lines, *left_out)))


def _hosts(services: Services) -> dict[WorkspaceId, str]:
    """What tells workspaces apart; nothing where there is but one."""
    known = services.workspaces.all()
    return {item.workspace_id: item.host for item in known} if len(known) > 1 else {}


def list_incidents(services: Services, _action: Action, _target: Target) -> Answer:
    """List what is open in all channels, what to look at first on top."""
    found = open_incidents(services)
    return _listed(services, found, further=() if found else (NOTHING_OPEN,))


def diagnose(services: Services, _action: Action, target: Target) -> Answer:
    """Say why a run failed, now."""
    run = target.run
    if run is None:
        raise NotFound("name the run: `diagnose RUN`")
    if run.outcome is None and not run.failed_tasks:
        return Answer(text=run_line(run))
    workspace = workspace_of(services, target)
    look = last(looks(workspace, run, services.ruleset, within=ANSWER_WITHIN))
    if look.pending and not look.unread:
        look = _in_part(look)
    digest = _digest(services, look, target.incident)
    return _in_full(digest) if digest else Answer(text=run_line(run))


def _in_part(look: Look) -> Look:
    """The look as an answer for which there was no time to read everything."""
    left = counted(len(look.pending), "further output")
    note = f"{left} not read for this answer: the job's message takes in all of them"
    return with_pending(replace(look, diagnosis=replace(look.diagnosis, notes=(note,))), 0)


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


def _listed(services: Services, found: Sequence[Incident], *, further: Sequence[str]) -> Answer:
    entries = overview(services.store.with_digests(found), now=services.now())
    message = incident_list(entries, further=further)
    return Answer(text=message.text, blocks=message.blocks)


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
