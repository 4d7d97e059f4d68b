"""What a look at a run makes of its job's incident: pure."""

from dataclasses import replace
from datetime import datetime

from jobmon.incident import (
    REPAIR_SHOWS_WITHIN,
    FailedRun,
    Incident,
    IncidentState,
    NotifyReason,
    incident_id,
    job_key,
)
from jobmon.incident_event import Change, RunObserved, changed, nothing, unmuted, without_repair
from jobmon.recording import causes_of, is_complete, known_run, record, snapshot
from jobmon.repair_order import is_before_repair, is_repaired_since
from jobmon.run import FAILURES, Outcome, Run

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
        return changed(_reopened(record(incident, event, now)), NotifyReason.REGRESSED, now)
    known = known_run(incident, run.run_id)
    reason = _reason_for_failure(incident, known, event)
    if reason is NotifyReason.NOTHING_NEW:
        return _unchanged(incident, run, now)
    has_new_causes = bool(event.diagnosis.fingerprints - causes_of(incident))
    is_late = has_new_causes or (known is not None and known.late_cause)
    is_owed = is_late and reason is NotifyReason.MORE_FAILED
    recorded = record(incident, event, now, late_cause=is_owed)
    if has_new_causes:
        recorded = unmuted(recorded, only_until_changed=True)
    if reason is NotifyReason.NEW_CAUSE:
        recorded = replace(recorded, acknowledged_by="", state=IncidentState.OPEN)
    elif _repair_ended(incident, run):
        recorded = without_repair(recorded)
    return changed(recorded, reason, now)


def _reason_for_failure(
    incident: Incident, known: FailedRun | None, event: RunObserved
) -> NotifyReason:
    run = event.run
    new_causes = event.diagnosis.fingerprints - causes_of(incident)
    if known is None:
        return NotifyReason.NEW_CAUSE if new_causes else NotifyReason.STILL_FAILING
    if is_before_repair(run, known):
        return NotifyReason.NOTHING_NEW  # read before the repair, delivered after it
    if is_repaired_since(run, known):
        # Tasks outside a repair keep their old failures while it runs.
        same_cause = NotifyReason.NOTHING_NEW if run.outcome is None else NotifyReason.STILL_FAILING
        return NotifyReason.NEW_CAUSE if new_causes else same_cause
    return _reason_for_same_attempts(known, event, has_new_causes=bool(new_causes))


def _reason_for_same_attempts(
    known: FailedRun, event: RunObserved, *, has_new_causes: bool
) -> NotifyReason:
    if has_new_causes and known.complete:
        return NotifyReason.NEW_CAUSE
    came_late = known.complete and not is_complete(event)
    if not has_new_causes and (came_late or snapshot(event, known.seen_at) == known):
        return NotifyReason.NOTHING_NEW
    is_late = has_new_causes or known.late_cause
    return NotifyReason.LATE_CAUSE if is_late and is_complete(event) else NotifyReason.MORE_FAILED


def _running(incident: Incident | None, run: Run, now: datetime) -> Change:
    """A run that has not ended and shows no failure: a repair of a known one, or nothing."""
    known = known_run(incident, run.run_id)
    if incident is None or known is None or incident.state is IncidentState.RESOLVED:
        return nothing(incident)
    if incident.state is IncidentState.REPAIRING or not is_repaired_since(run, known):
        return nothing(incident)
    return changed(replace(incident, state=IncidentState.REPAIRING), NotifyReason.REPAIRING, now)


def _succeeded(incident: Incident | None, run: Run, now: datetime) -> Change:
    if incident is None or incident.state is IncidentState.RESOLVED:
        return nothing(incident)
    latest = incident.latest_run
    known = known_run(incident, run.run_id)
    if latest and run.run_id != latest.run_id and not _started_after(run, latest):
        return nothing(incident)  # another run failed after this one began
    if known and is_before_repair(run, known):
        return nothing(incident)
    resolved = replace(
        unmuted(incident),
        state=IncidentState.RESOLVED,
        resolved_at=run.ended_at or now,
        resolved_by_run=run.run_id,
        resolved_started_at=run.started_at,
        resolved_how=_cure(run, latest, known),
        repairing_by="",
        repairing_run=None,
    )
    return changed(resolved, NotifyReason.RESOLVED, now)


def _ended_quietly(incident: Incident | None, run: Run, now: datetime) -> Change:
    """A cancelled or skipped run says nothing new, unless it was the repair."""
    if incident is None or incident.state is not IncidentState.REPAIRING:
        return nothing(incident)
    if run.run_id != incident.repairing_run and known_run(incident, run.run_id) is None:
        return nothing(incident)
    return changed(without_repair(incident), NotifyReason.REPAIR_STOPPED, now)


def _open(event: RunObserved, now: datetime) -> Change:
    run = event.run
    key = job_key(run)
    incident = Incident(
        incident_id=incident_id(run.workspace_id, key, run.run_id, run.repair_id),
        workspace_id=run.workspace_id,
        job_key=key,
        job_id=run.job_id,
        job_name=run.job_name,
        state=IncidentState.OPEN,
        opened_at=run.ended_at or now,
        updated_at=now,
        opened_by=run.run_id,
        version=0,
    )
    return changed(record(incident, event, now), NotifyReason.FIRST_FAILURE, now)


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
        audible=False,
        mentioned=(),
    )


def _repair_ended(incident: Incident, run: Run) -> bool:
    return incident.state is IncidentState.REPAIRING and run.outcome is not None


def _unchanged(incident: Incident, run: Run, now: datetime) -> Change:
    is_its_run = incident.repairing_run in {None, run.run_id} and _repair_ended(incident, run)
    if not is_its_run or now - incident.updated_at < REPAIR_SHOWS_WITHIN:
        return nothing(incident)
    return changed(without_repair(incident), NotifyReason.REPAIR_STOPPED, now)


def _was_overtaken(incident: Incident, run: Run) -> bool:
    """Whether this failure was over when a run that began later than it had succeeded."""
    known = known_run(incident, run.run_id)
    if known is not None:
        return not is_repaired_since(run, known)
    if run.ended_at and incident.resolved_at and run.ended_at > incident.resolved_at:
        return False  # runs side by side: it failed after the other one was well
    if run.started_at is None or incident.resolved_started_at is None:
        return False
    return run.started_at < incident.resolved_started_at


def _started_after(run: Run, other: FailedRun) -> bool:
    if run.started_at is None or other.started_at is None:
        return True
    return run.started_at >= other.started_at


def _cure(run: Run, latest: FailedRun | None, known: FailedRun | None) -> str:
    """What made it succeed: something about the same run, or a later run, perhaps of new code."""
    if known:
        return "repair" if run.repair_id else "retry"
    before = latest.git_commit if latest else ""
    return "new code" if before and run.git_commit and run.git_commit != before else "next run"
