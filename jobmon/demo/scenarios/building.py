"""Put pretend runs together, task by task, in the words of the REST API."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jobmon.demo.workspace import ApiError, Body, PretendRun
from jobmon.demo.workspace.states import UPSTREAM_FAILED, WORKLOAD_FAILED, ended

TASK_SECONDS = 240
SETUP_SECONDS = 45
ID_STEP = 7919
GENERIC = ("FAILED", "TIMEDOUT")


@dataclass(kw_only=True)
class RunBuilder:
    """Collects the tasks of a run; `build` gives the run."""

    run_id: int
    job_id: int
    name: str
    started_at: datetime
    creator: str = "data-platform@example.com"
    trigger: str = "PERIODIC"
    parameters: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    parent_run_id: int | None = None
    git_commit: str = ""
    tasks: list[Body] = field(default_factory=list)
    outputs: dict[int, Body | ApiError] = field(default_factory=dict)
    iterations: dict[int, tuple[Body, ...]] = field(default_factory=dict)
    clusters: dict[str, Body] = field(default_factory=dict)
    events: dict[str, tuple[Body, ...]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    children: list[PretendRun] = field(default_factory=list)

    def task(
        self,
        key: str,
        spec: Body,
        *,
        result: str = "SUCCESS",
        after: Sequence[str] = (),
        message: str = "",
        output: Body | ApiError | None = None,
        attempt: int = 0,
        seconds: int = TASK_SECONDS,
    ) -> int:
        """Add a task run, and the output it left; gives its run id."""
        run_id = self.run_id + ID_STEP * (len(self.tasks) + 1)
        begin = self._begin(after)
        body: Body = {
            "run_id": run_id,
            "task_key": key,
            "attempt_number": attempt,
            "depends_on": [{"task_key": above} for above in after],
            "run_if": "ALL_SUCCESS",
            "start_time": begin,
            "end_time": begin + seconds * 1000,
            **spec,
            **ended(result, message or default_message(result)),
        }
        self.tasks.append(body)
        if output is not None:
            self.outputs[run_id] = output
        return run_id

    def build(self, *, result: str = "RUN_FAILED", message: str = "") -> PretendRun:
        """The run, ended as `result` says."""
        end = max(task["end_time"] for task in self.tasks)
        run: Body = {
            "run_id": self.run_id,
            "job_id": self.job_id,
            "number_in_job": self.run_id,
            "run_name": self.name,
            "run_type": "JOB_RUN",
            "trigger": self.trigger,
            "creator_user_name": self.creator,
            "start_time": self._start,
            "end_time": end,
            "run_duration": end - self._start,
            "format": "MULTI_TASK",
            "tasks": self.tasks,
            "job_parameters": [
                {"name": name, "default": "", "value": value}
                for name, value in self.parameters.items()
            ],
            **ended(result, message or self._summary(result)),
        }
        if self.tags:
            cluster = {"job_cluster_key": "main", "new_cluster": {"custom_tags": self.tags}}
            run["job_clusters"] = [cluster]
        if self.git_commit:
            run["git_source"] = {
                "git_url": "https://git.example.com/data/jobs",
                "git_provider": "gitHub",
                "git_branch": "main",
                "git_snapshot": {"used_commit": self.git_commit},
            }
        if self.parent_run_id is not None:
            run |= {"trigger": "RUN_JOB_TASK", "trigger_info": {"run_id": self.parent_run_id}}
        return PretendRun(
            run=run,
            outputs=self.outputs,
            iterations=self.iterations,
            clusters=self.clusters,
            events=self.events,
            files=self.files,
            children=tuple(self.children),
        )

    @property
    def _start(self) -> int:
        return int(self.started_at.timestamp() * 1000)

    def _begin(self, after: Sequence[str]) -> int:
        ends = [task["end_time"] for task in self.tasks if task["task_key"] in after]
        setup = timedelta(seconds=SETUP_SECONDS) // timedelta(milliseconds=1)
        return max(ends, default=self._start + setup)

    def _summary(self, result: str) -> str:
        failed = [t["task_key"] for t in self.tasks if t["state"].get("result_state") in GENERIC]
        if result != "RUN_FAILED" or not failed:
            return ""
        skipped = any(t["state"].get("result_state") == "UPSTREAM_FAILED" for t in self.tasks)
        tail = " This caused all downstream tasks to get skipped." if skipped else ""
        return f"Task {failed[0]} failed with message: {WORKLOAD_FAILED}.{tail}"


def default_message(result: str) -> str:
    """What Databricks says when it says no more."""
    if result in GENERIC:
        return WORKLOAD_FAILED
    return UPSTREAM_FAILED if result == "UPSTREAM_FAILED" else ""


def notebook(path: str, *, cluster: str = "") -> Body:
    """The specification of a notebook task; serverless without a cluster."""
    spec: Body = {"notebook_task": {"notebook_path": path, "source": "WORKSPACE"}}
    return spec | _on(cluster)


def python_wheel(package: str, entry_point: str, *, cluster: str = "") -> Body:
    """The specification of a wheel task; serverless without a cluster."""
    spec: Body = {"python_wheel_task": {"package_name": package, "entry_point": entry_point}}
    return spec | _on(cluster)


def failed_output(error: str, trace: str = "", logs: str = "") -> Body:
    """What a failed task leaves behind."""
    body: Body = {"error": error}
    return body | ({"error_trace": trace} if trace else {}) | ({"logs": logs} if logs else {})


def _on(cluster: str) -> Body:
    if not cluster:
        return {}
    instance = {"cluster_id": cluster, "spark_context_id": "4348585301701786933"}
    return {"job_cluster_key": "main", "cluster_instance": instance}
