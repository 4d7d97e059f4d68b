"""Whole stories: one digest for each state that people can meet, for tests and pictures.

What they say of a failure is what jobmon says of its text.
"""

from dataclasses import replace
from datetime import timedelta

from jobmon.digest import Digest, Note
from jobmon.incident import CauseCount, IncidentState, Member, NotifyReason
from jobmon.run import Outcome
from jobmon.severity import Severity
from notifiers.standing import standing_line_of
from tests.support.digests import (
    NOW,
    STARTED,
    a_diagnosis,
    a_digest,
    a_run,
    an_incident,
)
from tests.support.real_causes import (
    FOLDER_MISSING,
    LEDGER_CLOSED,
    RENAMED_COLUMN,
    SPOT_LOST,
    causes,
)

LOADS = tuple(f"load_{number:03}" for number in range(25))
EXPORTS = ("export_a", "export_b")


def many_tasks_one_cause() -> Digest:
    """25 tasks failed for one reason."""
    return a_digest(
        run=a_run(tasks=312, failed=25),
        diagnosis=a_diagnosis(*causes((RENAMED_COLUMN, LOADS)), downstream_count=18),
        mentions=("U0ONCALL01",),
    )


def several_causes() -> Digest:
    """Three reasons at once, one of them unknown."""
    return a_digest(
        run=a_run(tasks=312, failed=28),
        diagnosis=a_diagnosis(
            *causes((RENAMED_COLUMN, LOADS), (SPOT_LOST, EXPORTS), (LEDGER_CLOSED, ["score"])),
            downstream_count=18,
        ),
    )


def not_recognised() -> Digest:
    """One task failed in a way that no rule knows."""
    return a_digest(diagnosis=a_diagnosis(*causes((LEDGER_CLOSED, ["close_ledger"]))), history="")


def partial_success() -> Digest:
    """The run counts as a success, though a task failed."""
    return a_digest(
        run=a_run(outcome=Outcome.SUCCEEDED_WITH_FAILURES),
        diagnosis=a_diagnosis(*causes((FOLDER_MISSING, ["import_eu"])), downstream_count=0),
    )


def _of_column() -> str:
    return causes((RENAMED_COLUMN, LOADS[:1]))[0].fingerprint


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
    cause = CauseCount(fingerprint=_of_column(), runs=2, first_seen=STARTED, last_seen=NOW)
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
    cause = CauseCount(fingerprint=_of_column(), runs=3, first_seen=STARTED, last_seen=NOW)
    incident = an_incident(causes=(cause,), failure_count=3, opened_at=NOW - timedelta(days=2))
    return replace(many_tasks_one_cause(), incident=incident, reason=NotifyReason.STILL_FAILING)


def regressed() -> Digest:
    """It had been resolved, and failed again."""
    incident = an_incident(failure_count=3, regressions=1)
    return replace(
        many_tasks_one_cause(),
        incident=incident,
        reason=NotifyReason.REGRESSED,
        history="3rd time in 2 days, cured by a rerun, last good run Wed 25 Nov 02:10 UTC",
    )


def new_code() -> Digest:
    """It fails since a deploy."""
    return replace(
        many_tasks_one_cause(),
        severity=Severity.CRITICAL,
        history="New since today's 01:40 UTC deploy (1a2b3c4d)",
    )


def merged() -> Digest:
    """The run turned out to be of a job that has a message already."""
    incident = an_incident(IncidentState.RESOLVED, merged_into="nightly_orders")
    return replace(many_tasks_one_cause(), incident=incident, reason=NotifyReason.NOTHING_NEW)


def platform() -> Digest:
    """Forty jobs fail with one cause."""
    names = ("nightly_orders", "hourly_sessions", "train_models", "daily_sales")
    members = tuple(
        Member(
            incident_id=f"inc-{number}",
            job_name=names[number] if number < len(names) else f"ingest_{number:02}",
        )
        for number in range(40)
    )
    shown = ", ".join(member.job_name for member in members[:22])
    incident = an_incident(members=members, failure_count=40, job_name="40 jobs")
    (group,) = causes((SPOT_LOST, EXPORTS[:1]))
    return a_digest(
        incident=incident,
        run=replace(a_run(tasks=0, failed=0), url=""),
        diagnosis=a_diagnosis(group, failed_count=40, downstream_count=0),
        reason=NotifyReason.MORE_FAILED,
        history=f"Failing: {shown} and 18 more",
        owner="",
        actions_enabled=False,
    )


def platform_thread() -> tuple[Note, ...]:
    """What its thread says as jobs join and get well."""
    return (
        Note(text="train_models fails with the same cause."),
        Note(text="nightly_orders is well again."),
    )


def thread() -> tuple[Note, ...]:
    """What the thread of a repaired incident says."""
    return (
        Note(text="Ana asked to run the 25 failed tasks again (repair 1)."),
        Note(
            text="Full trace of load_000",
            attachment="Traceback (most recent call last):\n" + "  frame\n" * 400,
            attachment_name="load_000.txt",
        ),
        Note(text=f"{standing_line_of(resolved())}."),
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
    "regressed": regressed,
    "new code": new_code,
    "merged": merged,
    "platform": platform,
}
"""Every state by name."""
