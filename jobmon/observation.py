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
        well_for = (run.ended_at or now) - (incident.resolved_at or incident.updated_at)
        if well_for > event.regression_window:
            return _open(event, now)
        reopened = _reopened(record(incident, event, now))
        return changed(_unless_well(reopened, event, now=now), NotifyReason.REGRESSED, now)
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
    if any(_failed_after(item, run) for item in incident.runs):
        return nothing(incident)  # runs side by side: another one failed after this one was well
    if known and is_before_repair(run, known):
        return nothing(incident)
    return changed(_resolved(unmuted(incident), by=run, now=now), NotifyReason.RESOLVED, now)


def _resolved(incident: Incident, *, by: Run, now: datetime) -> Incident:
    return replace(
        incident,
        state=IncidentState.RESOLVED,
        resolved_at=by.ended_at or now,
        resolved_by_run=by.run_id,
        resolved_started_at=by.started_at,
        resolved_how=_cure(by, incident.latest_run, known_run(incident, by.run_id)),
        repairing_by="",
        repairing_run=None,
    )


def _unless_well(incident: Incident, event: RunObserved, *, now: datetime) -> Incident:
    """A failure that is seen after a later success is told as one that is over."""
    run, good = event.run, event.last_good
    if good is None or good.run_id == run.run_id:
        return incident
    is_well = _is_overtaken(run, began=good.started_at, ended=good.ended_at)
    return _resolved(incident, by=good, now=now) if is_well else incident


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
    opened = _unless_well(record(incident, event, now), event, now=now)
    return changed(opened, NotifyReason.FIRST_FAILURE, now)


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
    """Whether this failure was over when the run that resolved the incident had succeeded."""
    known = known_run(incident, run.run_id)
    if known is not None:
        return not is_repaired_since(run, known)
    began, ended = incident.resolved_started_at, incident.resolved_at
    return _is_overtaken(run, began=began, ended=ended)


def _is_overtaken(run: Run, *, began: datetime | None, ended: datetime | None) -> bool:
    """Whether a run was over when another one, which began later, had succeeded."""
    if run.outcome is None or (run.ended_at and ended and run.ended_at > ended):
        return False  # runs side by side: it failed after the other one was well
    if run.started_at is None or began is None:
        return False
    return run.started_at < began


def _failed_after(other: FailedRun, run: Run) -> bool:
    if other.run_id == run.run_id or other.ended_at is None or run.ended_at is None:
        return False
    return other.ended_at > run.ended_at


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
