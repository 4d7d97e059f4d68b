"""Whole stories: one digest for each state that people can meet, for tests and pictures.

Each is what the catalogue and the workers say of failures as Databricks reports them, so that no
picture shows what jobmon cannot say.
"""

from dataclasses import replace
from datetime import timedelta

from jobmon.cause_group import RunDiagnosis, group_causes
from jobmon.diagnosis import TaskFailure
from jobmon.digest import Digest, Note
from jobmon.incident import CauseCount, Incident, IncidentState, Member, NotifyReason
from jobmon.platform_incident import gather, platform_key
from jobmon.ports.store import Code, Sighting
from jobmon.run import Outcome
from jobmon.severity import Severity
from notifiers.standing import standing_line_of
from notifiers.times import when
from tests.support.digests import (
    NOW,
    STARTED,
    a_digest,
    a_run,
    an_incident,
)
from tests.support.failures import (
    a_lost_spot_instance,
    a_missing_column,
    a_missing_path,
    an_unknown_error,
    diagnosed,
)
from workers.history import deploy_of, describe, once_over
from workers.storm_news import digest_of_many
from workers.tell import detail_notes

LOADS = tuple(a_missing_column(f"load_{number:03}") for number in range(25))
EXPORTS = (a_lost_spot_instance("export_a"), a_lost_spot_instance("export_b"))
CAUSE = diagnosed(LOADS[0]).diagnosis.fingerprint


def diagnosis_of(*failures: TaskFailure, downstream: int = 0) -> RunDiagnosis:
    """What is told of a run in which these failed."""
    return RunDiagnosis(
        groups=group_causes(diagnosed(failure) for failure in failures),
        failed_count=len(failures),
        downstream_count=downstream,
    )


def many_tasks_one_cause() -> Digest:
    """25 tasks failed for one reason."""
    return a_digest(
        run=a_run(tasks=312, failed=25),
        diagnosis=diagnosis_of(*LOADS, downstream=18),
        mentions=("U0ONCALL01",),
    )


def several_causes() -> Digest:
    """Three reasons at once, one of them unknown."""
    failures = (*LOADS, *EXPORTS, an_unknown_error())
    return a_digest(
        run=a_run(tasks=312, failed=28), diagnosis=diagnosis_of(*failures, downstream=18)
    )


def not_recognised() -> Digest:
    """One task failed in a way that no rule knows."""
    return a_digest(diagnosis=diagnosis_of(an_unknown_error("close_ledger")))


def partial_success() -> Digest:
    """The run counts as a success, though a task failed."""
    return a_digest(
        run=a_run(outcome=Outcome.SUCCEEDED_WITH_FAILURES), diagnosis=diagnosis_of(a_missing_path())
    )


def unreadable() -> Digest:
    """Databricks tells that the run failed, and nothing else."""
    note = "The run could not be read: jobmon may not see run 123 of job 7; grant it CAN VIEW"
    return a_digest(
        run=replace(a_run(tasks=0), started_at=None, ended_at=None),
        diagnosis=RunDiagnosis(notes=(note,)),
        history="",
    )


def told_before(incident: Incident, reason: NotifyReason) -> Digest:
    """The same failure later on: who was called for it is not called again."""
    return replace(many_tasks_one_cause(), incident=incident, reason=reason, mentions=())


def acknowledged() -> Digest:
    """Somebody looks into it."""
    incident = an_incident(IncidentState.ACKNOWLEDGED, acknowledged_by="U0ANA00001")
    return told_before(incident, NotifyReason.ACKNOWLEDGED)


def repairing() -> Digest:
    """The failed tasks run again."""
    incident = an_incident(IncidentState.REPAIRING, repairing_by="U0ANA00001")
    return told_before(incident, NotifyReason.REPAIRING)


def muted() -> Digest:
    """Nobody wants to hear of it for a while."""
    incident = an_incident(muted_by="U0ANA00001", muted_until=NOW + timedelta(hours=1))
    return told_before(incident, NotifyReason.MUTED)


def resolved() -> Digest:
    """It runs again."""
    cause = CauseCount(fingerprint=CAUSE, runs=2, first_seen=STARTED, last_seen=NOW)
    incident = an_incident(
        IncidentState.RESOLVED,
        causes=(cause,),
        failure_count=2,
        resolved_at=NOW + timedelta(minutes=41),
        resolved_how="repair",
    )
    digest = many_tasks_one_cause()
    return replace(
        digest,
        incident=incident,
        reason=NotifyReason.RESOLVED,
        diagnosis=RunDiagnosis(groups=digest.diagnosis.groups),
        history=once_over(digest.history),
    )


def still_failing() -> Digest:
    """The third night in a row."""
    cause = CauseCount(fingerprint=CAUSE, runs=3, first_seen=STARTED, last_seen=NOW)
    incident = an_incident(causes=(cause,), failure_count=3, opened_at=NOW - timedelta(days=2))
    return told_before(incident, NotifyReason.STILL_FAILING)


def regressed() -> Digest:
    """It had been resolved, and failed again."""
    incident = an_incident(failure_count=3, regressions=1)
    seen = Sighting(
        fingerprint=CAUSE,
        first_seen=NOW - timedelta(days=2),
        last_seen=NOW - timedelta(days=1),
        runs=2,
        cured_by=(("repair", 1),),
    )
    return replace(
        many_tasks_one_cause(),
        incident=incident,
        reason=NotifyReason.REGRESSED,
        history=f"{describe(seen, now=NOW)}, last good run {when(NOW - timedelta(days=1))}",
    )


def new_code() -> Digest:
    """It fails since a deploy."""
    run = a_run(tasks=312, failed=25, git_commit="1a2b3c4d5e6f")
    code = Code(commit=run.git_commit, first_run=NOW - timedelta(minutes=72), last_good="0f1e2d3c")
    return replace(
        many_tasks_one_cause(),
        run=run,
        severity=Severity.CRITICAL,
        history=f"New since {deploy_of(code, run, now=NOW)}",
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
    latest = a_digest(diagnosis=diagnosis_of(a_lost_spot_instance()))
    key = platform_key(latest.diagnosis.groups[0].fingerprint)
    incident = gather(None, members, key=key, window=timedelta(days=1), now=NOW).incident
    assert incident is not None
    return digest_of_many(
        incident, latest, latest.diagnosis, reason=NotifyReason.FIRST_FAILURE, now=NOW
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
        *detail_notes((diagnosed(LOADS[0]),)),
        Note(
            text="<@U0ANA00001> repairs run 123: the failed tasks and what depends on them run "
            "again in it.",
            markup=True,
        ),
        Note(text=f"{standing_line_of(resolved())}."),
    )


STATES = {
    "open": many_tasks_one_cause,
    "several causes": several_causes,
    "unknown": not_recognised,
    "partial": partial_success,
    "unreadable": unreadable,
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
