"""Builders of runs and diagnoses that show only what a test is about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from jobmon.cause_group import CauseGroup, RunDiagnosis
from jobmon.diagnosis import Diagnosis
from jobmon.run import JobId, Outcome, RepairId, Run, RunId, TaskRun, TaskRunId, WorkspaceId

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def at(minutes: float = 0) -> datetime:
    """A time, as minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def a_run(
    number: int = 1,
    *,
    outcome: Outcome | None = Outcome.FAILED,
    failed: Sequence[str] = ("load",),
    repair: int | None = None,
    repairs: int = 1,
    started: datetime = NOON,
    job: int | None = 7,
    **fields: Any,
) -> Run:
    """A run of the job `nightly` whose named tasks failed; `repair` is the last of `repairs`."""
    tasks = tuple(
        TaskRun(
            task_key=key,
            run_id=TaskRunId(1000 * number + 100 * (repair or 0) + index),
            outcome=Outcome.FAILED,
        )
        for index, key in enumerate(failed)
    )
    return Run(
        workspace_id=WorkspaceId(1),
        run_id=RunId(number),
        job_id=JobId(job) if job else None,
        job_name="nightly",
        outcome=outcome,
        tasks=tasks,
        repair_id=RepairId(repair) if repair else None,
        repairs=repairs if repair else 0,
        started_at=started,
        **fields,
    )


def a_success(number: int, **fields: Any) -> Run:
    """A run that succeeded without any failure."""
    return a_run(number, outcome=Outcome.SUCCEEDED, failed=(), **fields)


def a_diagnosis(*fingerprints: str, failed: int | None = None, pending: int = 0) -> RunDiagnosis:
    """A diagnosis with one group for each fingerprint."""
    groups = tuple(
        CauseGroup(
            fingerprint=fingerprint,
            diagnosis=Diagnosis(headline=f"{fingerprint} went wrong", fingerprint=fingerprint),
            task_keys=("load",),
            count=1,
        )
        for fingerprint in fingerprints
    )
    return RunDiagnosis(
        groups=groups,
        failed_count=len(fingerprints) if failed is None else failed,
        pending_count=pending,
    )
