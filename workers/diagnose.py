"""Look at a run: read it, diagnose its failures, and make them known as they are found."""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import structlog

from jobmon.cause_group import RunDiagnosis
from jobmon.errors import PermanentError, TransientError
from jobmon.incident import REPAIR_SHOWS_WITHIN, Incident, IncidentState, job_key
from jobmon.ports.queue import Lease, Urgency, WorkKind
from jobmon.ports.workspace import Workspace
from jobmon.run import Outcome, Run, RunEvent, RunEventKind
from workers.follow import follow
from workers.job import work
from workers.job_runs import learn_job_runs
from workers.kept import NOTHING, drop, kept_of
from workers.look import Look, looks
from workers.publish import publish
from workers.read_on import READ_FOR, gets_on, kept_from, read_on
from workers.services import Services
from workers.timing import observe_seconds
from workers.unread import UNREADABLE_AFTER_ATTEMPTS, tell_and_read_again
from workers.unseen import look_again_for_unseen

log = structlog.get_logger()

CROWD, CROWD_RATE = 10, 0.2
"""So many runs of one job at once, and one every five seconds, are looked at before bulk work."""
FOLLOW_AFTER = timedelta(seconds=60)
FOLLOW_AT_MOST = timedelta(minutes=10)
FOLLOW_A_REPAIR_AFTER = timedelta(seconds=10)


def run(key: str) -> None:
    """RQ job: look at the run that this mailbox is about."""
    work(WorkKind.DIAGNOSE, key, look_at_run)


def look_at_run(services: Services, lease: Lease) -> None:
    """Diagnose what is new about a run, and tell whom it concerns."""
    events = [msgspec.json.decode(message.body, type=RunEvent) for message in lease.messages]
    event = _most_telling(events)
    if event.kind is RunEventKind.STARTED and not _has_open_incident(services, event):
        services.queue.done(lease)
        return
    if lease.urgency is Urgency.SOON and _is_for_bulk(services, event):
        services.queue.later(lease, delay=timedelta(0), urgency=Urgency.BULK)
        return
    try:
        workspace = services.workspaces.get(event.workspace_id)
        databricks_run = workspace.run(event.job_run_id)
    except PermanentError as exc:
        publish(services, _unreadable(services, event, str(exc)), lease=lease)
        return
    except TransientError as exc:
        if lease.attempt >= UNREADABLE_AFTER_ATTEMPTS and event.kind is RunEventKind.FAILED:
            publish(services, _unreadable(services, event, str(exc), pending=1), lease=None)
        raise
    _diagnose(services, workspace, databricks_run, events, lease)


def _is_for_bulk(services: Services, event: RunEvent) -> bool:
    """Whether bulk workers look at this run, so that others' first messages do not wait for it.

    After a success every notebook's report is read, which takes a while.
    """
    return event.kind is RunEventKind.SUCCEEDED or _is_one_of_many(services, event)


def _is_one_of_many(services: Services, event: RunEvent) -> bool:
    """Whether so many runs of one job came that others' first messages would wait for them.

    The job has been told of by then; bulk workers bring it up to date.
    """
    if event.job_id is None:
        return False
    bucket = f"crowd-job-{event.workspace_id}-{event.job_id}"
    no_wait = timedelta(0)
    wait = services.limiter.reserve(bucket, rate=CROWD_RATE, burst=CROWD, at_most=no_wait)
    return wait > no_wait


def _diagnose(
    services: Services, workspace: Workspace, run: Run, events: list[RunEvent], lease: Lease
) -> None:
    event = _most_telling(events)
    known = services.store.knows_run(run.workspace_id, run.run_id, run.attempts_key)
    if known and not _may_end_repair(services, run):
        _follow(services, run, event, lease)
        look_again_for_unseen(services, run, events, is_new=False)
        services.queue.done(lease)
        return
    learn_job_runs(services, workspace, run)
    before = kept_of(services, run)
    look = read = _of_event(Look.of(run), event)
    within = READ_FOR[lease.urgency]
    for found in looks(workspace, run, services.ruleset, kept=before, within=within):
        look = _of_event(found, event)
        read = read if look.unread else look
    after = kept_from(look, before=before)
    if gets_on(look, before=before, after=after):
        read_on(services, lease, read=read, known=look, before=before, after=after)
        return
    if look.unread:
        tell_and_read_again(services, event, lease, read=read, known=look, kept=after)
        return
    _follow(services, run, event, lease)
    look_again_for_unseen(services, run, events, is_new=not known and run.shows_failure)
    publish(services, look, lease=lease)
    if before != NOTHING:
        drop(services, run)
    for item in look.details:
        services.store.count("diagnoses", category=item.diagnosis.category.value)
    observe_seconds(services, "diagnosis_seconds", services.now() - event.received_at)


def _may_end_repair(services: Services, run: Run) -> bool:
    """Whether the incident waits for the end of a repair, which this run may be."""
    if run.outcome is None:
        return False
    incident = services.store.current_incident(run.workspace_id, job_key(run))
    return incident is not None and incident.state is IncidentState.REPAIRING


def _of_event(look: Look, event: RunEvent) -> Look:
    return replace(look, received_at=event.received_at, swept=event.kind is RunEventKind.SWEPT)


def _most_telling(events: list[RunEvent]) -> RunEvent:
    """Of several events for one run: a failure before a success before a start."""
    order = (
        RunEventKind.FAILED,
        RunEventKind.SWEPT,
        RunEventKind.SUCCEEDED,
        RunEventKind.FOLLOWED,
        RunEventKind.STARTED,
    )
    return min(events, key=lambda event: order.index(event.kind))


def _has_open_incident(services: Services, event: RunEvent) -> bool:
    if event.job_id is None:
        return False
    incident = services.store.current_incident(event.workspace_id, str(event.job_id))
    return incident is not None and incident.state is not IncidentState.RESOLVED


def _unreadable(services: Services, event: RunEvent, reason: str, *, pending: int = 0) -> Look:
    """What can be told of a run that cannot be read: that it failed, and why we know no more."""
    run = Run(
        workspace_id=event.workspace_id,
        run_id=event.job_run_id,
        job_id=event.job_id or services.store.job_of(event.workspace_id, event.job_run_id),
        job_name=event.job_name or "",
        outcome=Outcome.FAILED if event.kind is RunEventKind.FAILED else None,
    )
    log.warning("run.unreadable", run_id=run.run_id, reason=reason)
    return Look(
        run=run,
        diagnosis=RunDiagnosis(
            notes=(f"The run could not be read: {reason}",), pending_count=pending
        ),
        received_at=event.received_at,
    )


def _follow(services: Services, run: Run, event: RunEvent, lease: Lease) -> None:
    """Look again later at a failing run that has not ended: no webhook may say that it has.

    Who asked for a repair waits for its outcome, so that is looked at more often.
    """
    now = services.now()
    incident = services.store.current_incident(run.workspace_id, job_key(run))
    is_open = incident is not None and incident.state is not IncidentState.RESOLVED
    is_repairing = incident is not None and incident.state is IncidentState.REPAIRING
    since = incident.updated_at if incident and is_repairing else run.started_at or now
    if run.outcome is not None:
        is_followed = event.kind is RunEventKind.FOLLOWED and is_repairing
        if not (is_followed and incident and _is_before_repair(incident, run, now=now)):
            return
    elif not (is_open or run.failed_tasks or run.retried_tasks):
        return
    shortest = FOLLOW_A_REPAIR_AFTER if is_repairing else FOLLOW_AFTER
    delay = min(max(shortest, (now - since) / 10), FOLLOW_AT_MOST)
    follow(services, run, delay=delay, lease=lease, received_at=event.received_at)


def _is_before_repair(incident: Incident, run: Run, *, now: datetime) -> bool:
    """Whether a run is read as it was before the repair that somebody has just begun."""
    is_known = any(
        item.run_id == run.run_id and item.repair_id == (run.repair_id or 0)
        for item in incident.runs
    )
    return is_known and now - incident.updated_at < REPAIR_SHOWS_WITHIN
