"""What the use cases need of a Databricks workspace."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from jobmon.diagnosis import TaskFailure
from jobmon.run import JobId, RepairId, Run, RunId, TaskRun, WorkspaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One repair of a run, as Databricks lists it."""

    repair_id: RepairId
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job, as far as commands need it."""

    job_id: JobId
    name: str
    tags: tuple[tuple[str, str], ...] = ()


class Workspace(Protocol):
    """One Databricks workspace. Texts come redacted and bounded; times are aware UTC.

    Every method raises TransientError when a later attempt may succeed, NotFound, NotAllowed,
    CredentialError or another PermanentError when it cannot, and never shows a secret or the
    client's configuration in a message.
    """

    workspace_id: WorkspaceId
    host: str
    """Its address, as people know it."""

    def run(self, run_id: RunId) -> Run:
        """Read a run with the latest attempt of all its tasks.

        A task run's id gives the job run it belongs to.
        """

    def failures(
        self, run: Run, tasks: Sequence[TaskRun], *, within: timedelta | None = None
    ) -> Iterator[TaskFailure]:
        """Read what the failed tasks left behind, side by side, each as soon as it is there.

        At least one failure for every task: where something could not be read, `note` says so,
        and `unread` whether a later look may. A `for_each` task may give several, each with its
        number of occurrences.

        With `within`, nothing of a task whose turn at the workspace's rate comes later than that;
        but the first task is waited for in any case, so that whoever asks again gets on.
        """

    def soft_failures(self, run: Run) -> Iterator[TaskFailure]:
        """Failures that successful notebooks report in what they return on exit."""

    def recent_runs(
        self, *, since: datetime, until: datetime | None = None, limit: int | None = 1000
    ) -> Iterator[Run]:
        """Completed runs that started from `since` to `until`, newest first, without tasks.

        Without a limit (None) it is all of them.
        """

    def runs_of(self, job_id: JobId | None, *, limit: int = 20) -> tuple[Run, ...]:
        """The newest runs, active ones too, of one job or of all."""

    def job(self, name_or_id: str) -> Job:
        """The job with this id or exact name."""

    def repairs(self, run_id: RunId) -> tuple[Repair, ...]:
        """The repairs of a run, oldest first; decides after a doubtful answer."""

    def repair(
        self,
        run: Run,
        *,
        tasks: Sequence[str] = (),
        parameters: Mapping[str, str] | None = None,
    ) -> RepairId:
        """Run the failed tasks (or those named, with their dependents) again in the same run.

        Job parameters are kept. Raises DoubtfulError when the request may have been taken.
        """

    def run_now(
        self, job_id: JobId, *, token: str, parameters: Mapping[str, str] | None = None
    ) -> RunId:
        """Start a new run; the same token never starts a second one.

        Raises DoubtfulError when the request may have been taken.
        """

    def cancel(self, run_id: RunId) -> None:
        """Ask a run to stop. Raises DoubtfulError when the request may have been taken."""

    def can_manage_run(self, job_id: JobId, user_name: str) -> bool:
        """Whether this Databricks user may run, repair and cancel the job."""


class Workspaces(Protocol):
    """The workspaces jobmon may read."""

    def get(self, workspace_id: WorkspaceId | None) -> Workspace:
        """The workspace with this id; the only one when the id is None.

        Raises PermanentError naming the settings when it is not configured.
        """

    def all(self) -> tuple[Workspace, ...]:
        """Every configured workspace."""
