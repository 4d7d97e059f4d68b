"""What an incident remembers of its failed runs and their causes: pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from jobmon.incident import (
    MAX_FINGERPRINTS_REMEMBERED,
    MAX_RUNS_REMEMBERED,
    CauseCount,
    FailedRun,
    Incident,
)
from jobmon.incident_event import RunObserved
from jobmon.repair_order import is_repaired_since
from jobmon.run import RunId


def record(
    incident: Incident, event: RunObserved, now: datetime, *, late_cause: bool = False
) -> Incident:
    """Add what was seen of a run, counting it once for each repair."""
    run = event.run
    known = known_run(incident, run.run_id)
    is_new_failure = known is None or is_repaired_since(run, known)
    others = tuple(item for item in incident.runs if item.run_id != run.run_id)
    seen = replace(snapshot(event, now), late_cause=late_cause)
    runs = (*others, seen)[-MAX_RUNS_REMEMBERED:]
    causes = _count(incident.causes, event.diagnosis.fingerprints, now=now, again=is_new_failure)
    room = max(MAX_FINGERPRINTS_REMEMBERED, *(item.cause_count for item in runs))
    return replace(
        incident,
        runs=runs,
        causes=causes[-room:],
        job_name=run.job_name or incident.job_name,
        failure_count=incident.failure_count + is_new_failure,
    )


def snapshot(event: RunObserved, at: datetime) -> FailedRun:
    """The run as it was looked at."""
    run = event.run
    return FailedRun(
        run_id=run.run_id,
        attempts_key=run.attempts_key,
        repair_id=run.repair_id or 0,
        outcome=run.outcome,
        started_at=run.started_at,
        ended_at=run.ended_at,
        failed_count=event.diagnosis.failed_count,
        seen_at=at,
        complete=is_complete(event),
        git_commit=run.git_commit,
        repairs=run.repairs,
        cause_count=len(event.diagnosis.fingerprints),
    )


def known_run(incident: Incident | None, run_id: RunId) -> FailedRun | None:
    """The run as it was when it was last looked at."""
    runs = incident.runs if incident else ()
    return next((item for item in runs if item.run_id == run_id), None)


def causes_of(incident: Incident) -> frozenset[str]:
    """The fingerprints that an incident has failed with so far."""
    return frozenset(cause.fingerprint for cause in incident.causes)


def is_complete(event: RunObserved) -> bool:
    """Whether the run has ended and every output was read."""
    return event.run.outcome is not None and not event.diagnosis.pending_count


def _count(
    causes: Iterable[CauseCount], fingerprints: frozenset[str], *, now: datetime, again: bool
) -> tuple[CauseCount, ...]:
    """The causes with those of a look, latest last."""
    counted = {cause.fingerprint: cause for cause in causes}
    for fingerprint in sorted(fingerprints):
        known = counted.get(fingerprint)
        counted[fingerprint] = (
            replace(known, runs=known.runs + again, last_seen=now)
            if known
            else CauseCount(fingerprint=fingerprint, runs=1, first_seen=now, last_seen=now)
        )
    return tuple(sorted(counted.values(), key=lambda cause: cause.last_seen))
