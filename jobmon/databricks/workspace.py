"""One Databricks workspace, read and acted on through the SDK."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from itertools import islice

from databricks.sdk.clock import Clock

from jobmon.databricks.actions import Actions
from jobmon.databricks.api import JOBS, Api
from jobmon.databricks.failures import SIDE_BY_SIDE, Failures
from jobmon.databricks.fields import integer
from jobmon.databricks.jobs import Jobs
from jobmon.databricks.outputs import Outputs
from jobmon.databricks.run_reader import run_from
from jobmon.databricks.soft_failures import soft_failure_from
from jobmon.diagnosis import TaskFailure
from jobmon.errors import JobmonError, PermanentError
from jobmon.ports.notifier import RateLimiter
from jobmon.ports.workspace import Job, Repair
from jobmon.run import (
    JobId,
    Outcome,
    RepairId,
    Run,
    RunId,
    TaskKind,
    TaskRun,
    WorkspaceId,
)

PAGE = 25  # the most that runs/list gives at once
MAX_REPORTS_READ = 100


class SdkWorkspace:
    """Implements `jobmon.ports.workspace.Workspace`."""

    def __init__(
        self,
        api: Api,
        *,
        workspace_id: WorkspaceId,
        limiter: RateLimiter,
        clock: Clock,
        environment: str = "",
        read_job_tags: bool = False,
    ) -> None:
        self.workspace_id = workspace_id
        self.host = api.host
        self._api = api
        self._environment = environment
        self._read_job_tags = read_job_tags
        self._outputs = Outputs(api, limiter=limiter, workspace_id=workspace_id, clock=clock)
        self._actions = Actions(api)
        self._jobs = Jobs(api)

    def run(self, run_id: RunId) -> Run:
        """Read a run; a task run's id gives the job run it belongs to."""
        query = {"run_id": run_id, "include_history": True}
        pages = tuple(self._api.pages(f"{JOBS}/runs/get", query, what=f"run {run_id}"))
        job_run_id = integer(pages[0], "job_run_id")
        if job_run_id not in (None, 0, integer(pages[0], "run_id")):
            query["run_id"] = RunId(job_run_id or 0)
            what = f"run {job_run_id}"
            pages = tuple(self._api.pages(f"{JOBS}/runs/get", query, what=what))
        return run_from(
            pages,
            host=self._api.host,
            workspace_id=self.workspace_id,
            environment=self._environment,
            job_tags=self._job_tags(integer(pages[0], "job_id")),
        )

    def failures(
        self, run: Run, tasks: Sequence[TaskRun], *, within: timedelta | None = None
    ) -> Iterator[TaskFailure]:
        """Read what the failed tasks of a run left behind, side by side."""
        del run  # The task runs name everything there is to read.
        yield from Failures(self._api, self._outputs, read_run=self.run).of(tasks, within=within)

    def soft_failures(self, run: Run) -> Iterator[TaskFailure]:
        """Failures that successful notebooks report; a report that is gone is none.

        Reads the last hundred notebooks to end at most, at a quarter of the rate of failures.
        """
        notebooks = [
            task
            for task in run.tasks
            if task.kind is TaskKind.NOTEBOOK and task.outcome is Outcome.SUCCEEDED
        ]
        if not notebooks:
            return
        notebooks = sorted(notebooks, key=_ended)[-MAX_REPORTS_READ:]
        with ThreadPoolExecutor(max_workers=min(SIDE_BY_SIDE, len(notebooks))) as pool:
            pending = [pool.submit(self._soft_failure, task) for task in notebooks]
            for done in as_completed(pending):
                if (failure := done.result()) is not None:
                    yield failure

    def recent_runs(
        self, *, since: datetime, until: datetime | None = None, limit: int | None = 1000
    ) -> Iterator[Run]:
        """Completed runs that started from `since` to `until`, newest first, without tasks.

        Without a limit (None) it is all of them.
        """
        query: dict[str, object] = {
            "completed_only": True,
            "start_time_from": int(since.timestamp() * 1000),
        }
        if until is not None:
            query["start_time_to"] = int(until.timestamp() * 1000)
        yield from self._listed(query, limit)

    def runs_of(self, job_id: JobId | None, *, limit: int = 20) -> tuple[Run, ...]:
        """The newest runs, active ones too, of one job or of all."""
        return tuple(self._listed({"job_id": job_id} if job_id else {}, limit))

    def job(self, name_or_id: str) -> Job:
        """The job with this id or exact name."""
        return self._jobs.job(name_or_id)

    def repairs(self, run_id: RunId) -> tuple[Repair, ...]:
        """The repairs of a run, oldest first."""
        return self._actions.repairs(run_id)

    def repair(
        self,
        run: Run,
        *,
        tasks: Sequence[str] = (),
        parameters: Mapping[str, str] | None = None,
    ) -> RepairId:
        """Run failed tasks again in the same run; sent once, whatever the answer."""
        return self._actions.repair(run, tasks=tasks, parameters=parameters)

    def run_now(
        self, job_id: JobId, *, token: str, parameters: Mapping[str, str] | None = None
    ) -> RunId:
        """Start a new run; the same token never starts a second one."""
        return self._actions.run_now(job_id, token=token, parameters=parameters)

    def cancel(self, run_id: RunId) -> None:
        """Ask a run to stop."""
        self._actions.cancel(run_id)

    def can_manage_run(self, job_id: JobId, user_name: str) -> bool:
        """Whether this Databricks user may run, repair and cancel the job."""
        return self._jobs.can_manage_run(job_id, user_name)

    def _listed(self, query: Mapping[str, object], limit: int | None) -> Iterator[Run]:
        listed = self._api.listed(
            f"{JOBS}/runs/list",
            {**query, "limit": PAGE if limit is None else min(limit, PAGE)},
            key="runs",
            what="the list of runs",
        )
        for item in islice(listed, limit):
            yield run_from(
                (item,),
                host=self._api.host,
                workspace_id=self.workspace_id,
                environment=self._environment,
            )

    def _job_tags(self, job_id: int | None) -> tuple[tuple[str, str], ...]:
        if not self._read_job_tags or not job_id:
            return ()
        try:
            return self._jobs.by_id(JobId(job_id)).tags
        except PermanentError:
            # A deleted job's runs can still be read; they only lose their tags. What may pass is
            # waited for: routes and permissions go by the tags.
            return ()

    def _soft_failure(self, task: TaskRun) -> TaskFailure | None:
        try:
            return soft_failure_from(task, self._outputs.report(task.run_id))
        except JobmonError:
            return None


def _ended(task: TaskRun) -> float:
    return task.ended_at.timestamp() if task.ended_at else 0.0
