"""What Databricks says about runs, as values.

Times are aware UTC. Ids are unique within a workspace only. Everything textual here came from
outside: it has been redacted and bounded by the adapter, and is never markup.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

WorkspaceId = NewType("WorkspaceId", int)
JobId = NewType("JobId", int)
RunId = NewType("RunId", int)
TaskRunId = NewType("TaskRunId", int)
RepairId = NewType("RepairId", int)
Tags = tuple[tuple[str, str], ...]

NO_WORKSPACE = WorkspaceId(0)
"""Where jobmon's own things belong: incidents of the platform, its alarms."""


def mailbox_of(workspace_id: WorkspaceId, run_id: RunId) -> str:
    """The key of the mailbox for all that is asked about a job run, by whomever."""
    return f"{workspace_id}-{run_id}"


class RunEventKind(StrEnum):
    """Why we look at a run: what Databricks posted, or what jobmon itself noticed."""

    STARTED = "jobs.on_start"
    SUCCEEDED = "jobs.on_success"
    FAILED = "jobs.on_failure"
    SWEPT = "jobmon.swept"
    FOLLOWED = "jobmon.followed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """One notification about a run: ids only, never an error text.

    A task-level event names the task run in `run_id` and the job run in `parent_run_id`.
    """

    kind: RunEventKind
    workspace_id: WorkspaceId
    run_id: RunId
    received_at: datetime
    job_id: JobId | None = None
    job_name: str | None = None
    task_key: str | None = None
    parent_run_id: RunId | None = None

    @property
    def job_run_id(self) -> RunId:
        """The run to read: the parent of a task-level event, else the run itself."""
        return self.parent_run_id or self.run_id

    @property
    def mailbox(self) -> str:
        """The mailbox of the run to read."""
        return mailbox_of(self.workspace_id, self.job_run_id)


class Outcome(StrEnum):
    """How a run or task run ended."""

    SUCCEEDED = "succeeded"
    SUCCEEDED_WITH_FAILURES = "succeeded_with_failures"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    UPSTREAM_FAILED = "upstream_failed"
    UPSTREAM_CANCELLED = "upstream_cancelled"
    EXCLUDED = "excluded"
    DISABLED = "disabled"
    UNKNOWN = "unknown"


FAILURES = frozenset({Outcome.FAILED, Outcome.TIMED_OUT, Outcome.UNKNOWN})
"""Outcomes that ask for a diagnosis."""


PATIENCE = 3
"""After this many retries people are told, even if Databricks goes on trying for ever."""


class TaskKind(StrEnum):
    """The kind of work a task does; `OTHER` for one this version does not know."""

    NOTEBOOK = "notebook"
    SPARK_PYTHON = "spark_python"
    PYTHON_WHEEL = "python_wheel"
    SPARK_JAR = "spark_jar"
    SPARK_SUBMIT = "spark_submit"
    SQL = "sql"
    DBT = "dbt"
    PIPELINE = "pipeline"
    RUN_JOB = "run_job"
    FOR_EACH = "for_each"
    CONDITION = "condition"
    DASHBOARD = "dashboard"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Termination:
    """Why a run ended, as Databricks puts it; codes this SDK does not know are kept as sent."""

    code: str
    type: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRun:
    """The latest attempt of one task."""

    task_key: str
    run_id: TaskRunId
    kind: TaskKind = TaskKind.OTHER
    attempt_number: int = 0
    outcome: Outcome | None = None
    """None while the task has not ended."""
    termination: Termination | None = None
    depends_on: tuple[str, ...] = ()
    retries_left: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    url: str = ""
    source: str = ""
    """The notebook, file, pipeline or child job that the task runs."""
    compute: str = ""
    """A cluster id, or `serverless`; empty when unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A job run with the latest attempt of each of its tasks, in the order Databricks gave."""

    workspace_id: WorkspaceId
    run_id: RunId
    job_id: JobId | None = None
    job_name: str = ""
    outcome: Outcome | None = None
    """None while the run has not ended."""
    termination: Termination | None = None
    tasks: tuple[TaskRun, ...] = ()
    repair_id: RepairId | None = None
    """The latest repair, which the next repair has to name."""
    repairs: int = 0
    """How many there were: the order of their ids says nothing."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    url: str = ""
    creator: str = ""
    environment: str = ""
    """`prod`, `dev` …, from a tag or the job name's bundle prefix; empty when unknown."""
    tags: tuple[tuple[str, str], ...] = ()
    git_commit: str = ""

    @property
    def mailbox(self) -> str:
        """The mailbox for all that is asked about it."""
        return mailbox_of(self.workspace_id, self.run_id)

    @property
    def failed_tasks(self) -> tuple[TaskRun, ...]:
        """Tasks that failed by themselves: the root failures of the DAG.

        Not those that Databricks is about to try again: they may still succeed.
        """
        return tuple(
            task for task in self.tasks if task.outcome in FAILURES and not self._is_retried(task)
        )

    @property
    def retried_tasks(self) -> tuple[TaskRun, ...]:
        """Tasks whose latest attempt failed, with another to come."""
        return tuple(
            task for task in self.tasks if task.outcome in FAILURES and self._is_retried(task)
        )

    def _is_retried(self, task: TaskRun) -> bool:
        return self.outcome is None and task.retries_left > 0 and task.attempt_number < PATIENCE

    @property
    def shows_failure(self) -> bool:
        """Whether something of it has failed, or it has ended otherwise than well."""
        has_ended_badly = self.outcome not in {None, Outcome.SUCCEEDED}
        return has_ended_badly or any(task.outcome in FAILURES for task in self.tasks)

    @property
    def downstream_tasks(self) -> tuple[TaskRun, ...]:
        """Tasks that never ran because a task above them failed or was cancelled."""
        by_key = {task.task_key: task for task in self.tasks}
        return tuple(task for task in self.tasks if _is_downstream(task, by_key))

    @property
    def attempts_key(self) -> str:
        """The same for the same state of the run's failures, another after a retry or repair."""
        failed = sorted(f"{task.run_id}" for task in self.failed_tasks)
        parts = [str(self.repair_id or 0), self.outcome or "active", *failed]
        return ".".join(parts)


def latest_attempts(tasks: Iterable[TaskRun]) -> tuple[TaskRun, ...]:
    """Keep the highest attempt of each task; the later start decides between equals."""
    latest: dict[str, TaskRun] = {}
    for task in tasks:
        known = latest.get(task.task_key)
        if known is None or _recency(task) > _recency(known):
            latest[task.task_key] = task
    return tuple(latest.values())


def _recency(task: TaskRun) -> tuple[int, float]:
    return task.attempt_number, task.started_at.timestamp() if task.started_at else 0.0


def _is_downstream(task: TaskRun, by_key: dict[str, TaskRun]) -> bool:
    if task.outcome in (Outcome.UPSTREAM_FAILED, Outcome.UPSTREAM_CANCELLED):
        return True
    if task.outcome is not Outcome.SKIPPED:
        return False
    # A skipped task counts only when something above it went wrong: `run_if` may skip one too.
    return any(
        (above := by_key.get(key)) is not None
        and (above.outcome in FAILURES or _is_downstream(above, by_key))
        for key in task.depends_on
    )


def as_conditions(tags: Tags) -> tuple[str, ...]:
    """What a pattern for tags is compared with: `key=value` and `key` of each."""
    return (*(f"{key}={value}" for key, value in tags), *(key for key, _ in tags))
