"""What a look at a run makes of its job's incident: pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from jobmon.incident import (
    MAX_FINGERPRINTS_REMEMBERED,
    MAX_RUNS_REMEMBERED,
    REPAIR_SHOWS_WITHIN,
    CauseCount,
    FailedRun,
    Incident,
    IncidentState,
    NotifyReason,
    incident_id,
    job_key,
)
from jobmon.incident_event import Change, RunObserved, changed, nothing, unmuted, without_repair
from jobmon.run import FAILURES, Outcome, Run, RunId

QUIET_ENDS = frozenset({Outcome.CANCELLED, Outcome.SKIPPED, Outcome.EXCLUDED, Outcome.DISABLED})


def observe(incident: Incident | None, event: RunObserved, *, now: datetime) -> Change:
    """Say what a look at a run makes of its job's incident."""
    if _is_failing(event):
        return _failed(incident, event, now)
    if event.run.outcome is None:
        return _running(incident, event.run, now)
    if event.run.outcome is Outcome.SUCCEEDED:
        return _succeeded(incident, event.run, now)
    return _ended_quietly(incident, event.run, now)


def _is_failing(event: RunObserved) -> bool:
    run = event.run
    if event.diagnosis.failed_count or run.outcome in FAILURES:
        return True
    if run.outcome is Outcome.SUCCEEDED_WITH_FAILURES:
        return True
    return event.tell_quiet_ends and run.outcome in QUIET_ENDS


def _failed(incident: Incident | None, event: RunObserved, now: datetime) -> Change:
    run = event.run
    if incident is None:
        return _open(event, now)
    if incident.state is IncidentState.RESOLVED:
        if _was_overtaken(incident, run):
            return nothing(incident)
        if now - (incident.resolved_at or incident.updated_at) > event.regression_window:
            return _open(event, now)
        return changed(_reopened(_record(incident, event, now)), NotifyReason.REGRESSED, now)
    known = _known(incident, run.run_id)
    reason = _reason_for_failure(incident, known, event)
    if reason is NotifyReason.NOTHING_NEW:
        return _unchanged(incident, run, now)
    recorded = _record(incident, event, now)
    if reason is NotifyReason.NEW_CAUSE:
        recorded = unmuted(replace(recorded, acknowledged_by=""), only_until_changed=True)
        recorded = replace(recorded, state=IncidentState.OPEN)
    elif _repair_ended(incident, run):
        recorded = without_repair(recorded)
    return changed(recorded, reason, now)


def _reason_for_failure(
    incident: Incident, known: FailedRun | None, event: RunObserved
) -> NotifyReason:
    run = event.run
    seen = {cause.fingerprint for cause in incident.causes}
    new_causes = event.diagnosis.fingerprints - seen
    if known is None:
        return NotifyReason.NEW_CAUSE if new_causes else NotifyReason.STILL_FAILING
    repair_id = run.repair_id or 0
    if repair_id < known.repair_id:
        return NotifyReason.NOTHING_NEW  # read before the repair, delivered after it
    if repair_id > known.repair_id:
        # Tasks outside a repair keep their old failures while it runs.
        same_cause = NotifyReason.NOTHING_NEW if run.outcome is None else NotifyReason.STILL_FAILING
        return NotifyReason.NEW_CAUSE if new_causes else same_cause
    return _reason_for_same_attempts(known, event, has_new_causes=bool(new_causes))


def _reason_for_same_attempts(
    known: FailedRun, event: RunObserved, *, has_new_causes: bool
) -> NotifyReason:
    if has_new_causes:
        return NotifyReason.NEW_CAUSE if known.complete else NotifyReason.MORE_FAILED
    came_late = known.complete and not _is_complete(event)
    if came_late or _snapshot(event, known.seen_at) == known:
        return NotifyReason.NOTHING_NEW
    return NotifyReason.MORE_FAILED


def _running(incident: Incident | None, run: Run, now: datetime) -> Change:
    """A run that has not ended and shows no failure: a repair of a known one, or nothing."""
    known = _known(incident, run.run_id)
    if incident is None or known is None or incident.state is IncidentState.RESOLVED:
        return nothing(incident)
    if incident.state is IncidentState.REPAIRING or (run.repair_id or 0) <= known.repair_id:
        return nothing(incident)
    return changed(replace(incident, state=IncidentState.REPAIRING), NotifyReason.REPAIRING, now)


def _succeeded(incident: Incident | None, run: Run, now: datetime) -> Change:
    if incident is None or incident.state is IncidentState.RESOLVED:
        return nothing(incident)
    latest = incident.latest_run
    known = _known(incident, run.run_id)
    if latest and run.run_id != latest.run_id and not _started_after(run, latest):
        return nothing(incident)  # another run failed after this one began
    if known and known.repair_id > (run.repair_id or 0):
        return nothing(incident)
    how = "next run"
    if known:
        how = "repair" if run.repair_id else "retry"
    resolved = replace(
        unmuted(incident),
        state=IncidentState.RESOLVED,
        resolved_at=now,
        resolved_by_run=run.run_id,
        resolved_started_at=run.started_at,
        resolved_how=how,
        repairing_by="",
        repairing_run=None,
    )
    return changed(resolved, NotifyReason.RESOLVED, now)


def _ended_quietly(incident: Incident | None, run: Run, now: datetime) -> Change:
    """A cancelled or skipped run says nothing new, unless it was the repair."""
    if incident is None or incident.state is not IncidentState.REPAIRING:
        return nothing(incident)
    if run.run_id != incident.repairing_run and _known(incident, run.run_id) is None:
        return nothing(incident)
    return changed(without_repair(incident), NotifyReason.REPAIR_STOPPED, now)


def _open(event: RunObserved, now: datetime) -> Change:
    run = event.run
    key = job_key(run)
    incident = Incident(
        incident_id=incident_id(run.workspace_id, key, run.run_id),
        workspace_id=run.workspace_id,
        job_key=key,
        job_id=run.job_id,
        job_name=run.job_name,
        state=IncidentState.OPEN,
        opened_at=now,
        updated_at=now,
        version=0,
    )
    return changed(_record(incident, event, now), NotifyReason.FIRST_FAILURE, now)


def _reopened(incident: Incident) -> Incident:
    return replace(
        incident,
        state=IncidentState.OPEN,
        regressions=incident.regressions + 1,
        resolved_at=None,
        resolved_by_run=None,
        resolved_started_at=None,
        resolved_how="",
        acknowledged_by="",
        repairing_by="",
        repairing_run=None,
    )


def _record(incident: Incident, event: RunObserved, now: datetime) -> Incident:
    """Add what was seen of a run; counting it once for each repair."""
    run = event.run
    known = _known(incident, run.run_id)
    is_new_failure = known is None or (run.repair_id or 0) > known.repair_id
    others = tuple(item for item in incident.runs if item.run_id != run.run_id)
    runs = (*others, _snapshot(event, now))[-MAX_RUNS_REMEMBERED:]
    causes = _count(incident.causes, event.diagnosis.fingerprints, now=now, again=is_new_failure)
    return replace(
        incident,
        runs=runs,
        causes=causes,
        job_name=run.job_name or incident.job_name,
        failure_count=incident.failure_count + is_new_failure,
    )


def _count(
    causes: Iterable[CauseCount], fingerprints: frozenset[str], *, now: datetime, again: bool
) -> tuple[CauseCount, ...]:
    counted = {cause.fingerprint: cause for cause in causes}
    for fingerprint in sorted(fingerprints):
        known = counted.get(fingerprint)
        counted[fingerprint] = (
            replace(known, runs=known.runs + again, last_seen=now)
            if known
            else CauseCount(fingerprint=fingerprint, runs=1, first_seen=now, last_seen=now)
        )
    latest_last = sorted(counted.values(), key=lambda cause: cause.last_seen)
    return tuple(latest_last[-MAX_FINGERPRINTS_REMEMBERED:])


def _snapshot(event: RunObserved, at: datetime) -> FailedRun:
    run = event.run
    return FailedRun(
        run_id=run.run_id,
        attempts_key=run.attempts_key,
        repair_id=run.repair_id or 0,
        outcome=run.outcome,
        started_at=run.started_at,
        failed_count=event.diagnosis.failed_count,
        seen_at=at,
        complete=_is_complete(event),
    )


def _is_complete(event: RunObserved) -> bool:
    return event.run.outcome is not None and not event.diagnosis.pending_count


def _repair_ended(incident: Incident, run: Run) -> bool:
    return incident.state is IncidentState.REPAIRING and run.outcome is not None


def _unchanged(incident: Incident, run: Run, now: datetime) -> Change:
    is_its_run = incident.repairing_run in {None, run.run_id} and _repair_ended(incident, run)
    if is_its_run and now - incident.updated_at >= REPAIR_SHOWS_WITHIN:
        return changed(without_repair(incident), NotifyReason.REPAIR_STOPPED, now)
    return nothing(incident)


def _was_overtaken(incident: Incident, run: Run) -> bool:
    """Whether a run that began later than this failure has succeeded already."""
    known = _known(incident, run.run_id)
    if known is not None:
        return (run.repair_id or 0) <= known.repair_id
    if run.started_at is None or incident.resolved_started_at is None:
        return False
    return run.started_at < incident.resolved_started_at


def _started_after(run: Run, other: FailedRun) -> bool:
    if run.started_at is None or other.started_at is None:
        return True
    return run.started_at >= other.started_at


def _known(incident: Incident | None, run_id: RunId) -> FailedRun | None:
    runs = incident.runs if incident else ()
    return next((item for item in runs if item.run_id == run_id), None)
