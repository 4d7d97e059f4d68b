"""Whole stories: one digest for each state that people can meet, for tests and pictures."""

from dataclasses import replace
from datetime import timedelta

from jobmon.diagnosis import Category, Confidence, Rerun
from jobmon.digest import Digest, Note
from jobmon.incident import CauseCount, IncidentState, NotifyReason
from jobmon.run import Outcome
from tests.support.digests import (
    NOW,
    STARTED,
    a_diagnosis,
    a_digest,
    a_finding,
    a_group,
    a_run,
    a_transient_group,
    an_incident,
    an_unknown_group,
)

LOADS = tuple(f"load_{number:03}" for number in range(25))


def many_tasks_one_cause() -> Digest:
    """25 tasks failed for one reason."""
    return a_digest(
        run=a_run(tasks=312, failed=25),
        diagnosis=a_diagnosis(a_group(tasks=LOADS), downstream_count=18),
        mentions=("U0ONCALL01",),
    )


def several_causes() -> Digest:
    """Three reasons at once, one of them unknown."""
    return a_digest(
        run=a_run(tasks=312, failed=28),
        diagnosis=a_diagnosis(
            a_group(tasks=LOADS), a_transient_group(), an_unknown_group(), downstream_count=18
        ),
    )


def not_recognised() -> Digest:
    """One task failed in a way that no rule knows."""
    headline = "orders.ledger.LedgerError: ledger 2026-11 is closed for region EU"
    return a_digest(
        diagnosis=a_diagnosis(an_unknown_group(headline=headline, tasks=["close_ledger"])),
        history="",
    )


def partial_success() -> Digest:
    """The run counts as a success, though a task failed."""
    finding = a_finding(
        category=Category.PATH_NOT_FOUND,
        confidence=Confidence.MEDIUM,
        summary="The folder /Volumes/raw/orders/2026-11-25 does not exist",
        remedy="Check whether the upstream export ran; create the folder or skip the day.",
        rerun=Rerun.UNKNOWN,
        user_frame=None,
    )
    group = a_group(
        finding=finding,
        tasks=["import_eu"],
        excerpt=("java.io.FileNotFoundException: /Volumes/raw/orders/2026-11-25",),
    )
    return a_digest(
        run=a_run(outcome=Outcome.SUCCEEDED_WITH_FAILURES),
        diagnosis=a_diagnosis(group, downstream_count=0),
    )


def acknowledged() -> Digest:
    """Somebody looks into it."""
    incident = an_incident(IncidentState.ACKNOWLEDGED, acknowledged_by="U0ANA00001")
    return replace(many_tasks_one_cause(), incident=incident, reason=NotifyReason.ACKNOWLEDGED)


def repairing() -> Digest:
    """The failed tasks run again."""
    incident = an_incident(IncidentState.REPAIRING, repairing_by="U0ANA00001")
    return replace(many_tasks_one_cause(), incident=incident, reason=NotifyReason.REPAIRING)


def muted() -> Digest:
    """Nobody wants to hear of it for a while."""
    incident = an_incident(muted_by="U0ANA00001", muted_until=NOW + timedelta(hours=1))
    return replace(many_tasks_one_cause(), incident=incident, reason=NotifyReason.MUTED)


def resolved() -> Digest:
    """It runs again."""
    cause = CauseCount(fingerprint="fp-column", runs=2, first_seen=STARTED, last_seen=NOW)
    incident = an_incident(
        IncidentState.RESOLVED,
        causes=(cause,),
        failure_count=2,
        resolved_at=NOW + timedelta(minutes=41),
        resolved_how="repair",
    )
    return replace(many_tasks_one_cause(), incident=incident, reason=NotifyReason.RESOLVED)


def still_failing() -> Digest:
    """The third night in a row."""
    cause = CauseCount(fingerprint="fp-column", runs=3, first_seen=STARTED, last_seen=NOW)
    incident = an_incident(causes=(cause,), failure_count=3, opened_at=NOW - timedelta(days=2))
    return replace(many_tasks_one_cause(), incident=incident, reason=NotifyReason.STILL_FAILING)


def thread() -> tuple[Note, ...]:
    """What the thread of a repaired incident says."""
    return (
        Note(text="Ana asked to run the 25 failed tasks again (repair 1)."),
        Note(
            text="Full trace of load_000",
            attachment="Traceback (most recent call last):\n" + "  frame\n" * 400,
            attachment_name="load_000.txt",
        ),
        Note(text="Repair 1 succeeded: the run is green after 41 min."),
    )


STATES = {
    "open": many_tasks_one_cause,
    "several causes": several_causes,
    "unknown": not_recognised,
    "partial": partial_success,
    "acknowledged": acknowledged,
    "repairing": repairing,
    "muted": muted,
    "resolved": resolved,
    "still failing": still_failing,
}
"""Every state by name."""
