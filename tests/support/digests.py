"""Digests, deliveries and their parts, showing only what a test cares about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from jobmon.cause_group import CauseGroup, RunDiagnosis, group_causes
from jobmon.diagnosis import Diagnosis, Finding, Frame, TaskFailure
from jobmon.digest import (
    Delivery,
    DeliveryKind,
    Destination,
    DestinationKind,
    Digest,
    Note,
    Receipt,
)
from jobmon.incident import CauseCount, FailedRun, Incident, IncidentState, NotifyReason
from jobmon.run import JobId, Outcome, Run, RunId, TaskKind, TaskRun, TaskRunId, WorkspaceId
from tests.support.failures import a_missing_column, diagnosed
from workers.history import NEW

NOW = datetime(2026, 11, 25, 2, 52, tzinfo=UTC)
STARTED = NOW - timedelta(minutes=42)
RUN_URL = "https://dbc-1234.cloud.databricks.com/jobs/7/runs/123?o=42"


def a_frame(**changes: Any) -> Frame:
    """A line of the user's notebook."""
    frame = Frame(
        file="/Workspace/etl/load_orders", line=12, cell="3", code="df.select('order_ts')"
    )
    return replace(frame, **changes)


def a_finding(of: TaskFailure | None = None, **changes: Any) -> Finding:
    """What the catalogue says: of a column that is not there, if nothing else is asked for."""
    finding = diagnosed(of or a_missing_column()).diagnosis.finding
    assert finding is not None
    return replace(finding, **changes)


def a_group(
    *,
    finding: Finding | None = None,
    of: TaskFailure | None = None,
    tasks: Sequence[str] = ("load_orders",),
    **changes: Any,
) -> CauseGroup:
    """One cause, with the lines that show it; `finding` says something else than the catalogue."""
    (group,) = group_causes([diagnosed(of or a_missing_column())])
    if finding is not None:
        diagnosis = replace(group.diagnosis, finding=finding)
        group = replace(group, diagnosis=diagnosis)
    return replace(group, **{"task_keys": tuple(tasks), "count": len(tasks), **changes})


def an_unknown_group(
    *, headline: str = "widget 7 said no", tasks: Sequence[str] = ("score",)
) -> CauseGroup:
    """A cause that no rule knows, whatever it says."""
    return CauseGroup(
        fingerprint="fp-unknown",
        diagnosis=Diagnosis(headline=headline, fingerprint="fp-unknown"),
        task_keys=tuple(tasks),
        count=len(tasks),
        excerpt=(headline,),
    )


def a_run(*, tasks: int = 42, failed: int = 1, **changes: Any) -> Run:
    """A run of `nightly_orders`."""
    run = Run(
        workspace_id=WorkspaceId(42),
        run_id=RunId(123),
        job_id=JobId(7),
        job_name="nightly_orders",
        outcome=Outcome.FAILED,
        tasks=tuple(
            TaskRun(
                task_key=f"load_{number:03}",
                run_id=TaskRunId(1000 + number),
                kind=TaskKind.NOTEBOOK,
                outcome=Outcome.FAILED if number < failed else Outcome.SUCCEEDED,
            )
            for number in range(tasks)
        ),
        started_at=STARTED,
        ended_at=NOW - timedelta(minutes=1),
        url=RUN_URL,
        environment="prod",
    )
    return replace(run, **changes)


def an_incident(state: IncidentState = IncidentState.OPEN, **changes: Any) -> Incident:
    """The open problem of `nightly_orders`."""
    incident = Incident(
        incident_id="inc-0123456789abcdef",
        workspace_id=WorkspaceId(42),
        job_key="7",
        job_id=JobId(7),
        job_name="nightly_orders",
        state=state,
        opened_at=NOW - timedelta(minutes=1),
        updated_at=NOW,
        version=3,
        runs=(a_failed_run(),),
        causes=(CauseCount(fingerprint="fp-column", runs=1, first_seen=STARTED, last_seen=NOW),),
    )
    return replace(incident, **changes)


def a_failed_run(**changes: Any) -> FailedRun:
    """A failed run of an incident."""
    run = FailedRun(
        run_id=RunId(123),
        attempts_key="0.failed.1000",
        repair_id=0,
        outcome=Outcome.FAILED,
        started_at=STARTED,
        failed_count=1,
        seen_at=NOW,
    )
    return replace(run, **changes)


def a_diagnosis(*groups: CauseGroup, **changes: Any) -> RunDiagnosis:
    """What is known of a run's failures."""
    groups = groups or (a_group(),)
    diagnosis = RunDiagnosis(
        groups=groups, failed_count=sum(group.count for group in groups), downstream_count=2
    )
    return replace(diagnosis, **changes)


def a_digest(**changes: Any) -> Digest:
    """The first failure of `nightly_orders`, as people should see it."""
    digest = Digest(
        incident=an_incident(),
        run=a_run(),
        diagnosis=a_diagnosis(),
        reason=NotifyReason.FIRST_FAILURE,
        at=NOW,
        history=NEW,
        owner="data-platform@example.com",
        environment="prod",
        actions_enabled=True,
    )
    changed = replace(digest, **changes)
    return replace(changed, task_count=changes.get("task_count", len(changed.run.tasks)))


def slack_destination(channel: str = "C0123456789") -> Destination:
    """A channel."""
    return Destination(kind=DestinationKind.SLACK, address=channel)


def email_destination(address: str = "oncall@example.com") -> Destination:
    """A mail address list."""
    return Destination(kind=DestinationKind.EMAIL, address=address)


def a_delivery(destination: Destination | None = None, **changes: Any) -> Delivery:
    """The root message of an incident."""
    delivery = Delivery(
        delivery_id="dlv-0123456789abcdef",
        destination=destination or slack_destination(),
        kind=DeliveryKind.ROOT,
        digest=a_digest(),
    )
    return replace(delivery, **changes)


def a_note(destination: Destination | None = None, **changes: Any) -> Delivery:
    """A line for the incident's thread."""
    changes = {
        "kind": DeliveryKind.NOTE,
        "delivery_id": "dlv-note0123456789",
        "note": Note(text="Repair 2 started: 24 failed tasks run again"),
        **changes,
    }
    return a_delivery(destination, **changes)


def a_receipt(delivery: Delivery, **changes: Any) -> Receipt:
    """Proof that a delivery arrived."""
    receipt = Receipt(
        delivery_id=delivery.delivery_id,
        destination=delivery.destination,
        channel=delivery.destination.address,
        message_id="1764038000.000100",
        sent_at=NOW,
    )
    return replace(receipt, **changes)
