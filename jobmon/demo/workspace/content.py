"""What a pretend workspace holds: runs with all that can be read about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import RLock

from jobmon.demo.workspace.answers import ApiError, Body, invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class PretendRun:
    """A run and everything that belongs to it, in the words of the REST API."""

    run: Body
    outputs: Mapping[int, Body | ApiError] = field(default_factory=dict)
    """By task run id; an error is what reading the output is answered with."""
    iterations: Mapping[int, tuple[Body, ...]] = field(default_factory=dict)
    """By the run id of a for-each task."""
    clusters: Mapping[str, Body] = field(default_factory=dict)
    events: Mapping[str, tuple[Body, ...]] = field(default_factory=dict)
    """By pipeline id, newest first."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """By absolute path: `/dbfs-path` or `/Volumes/…`."""
    children: tuple["PretendRun", ...] = ()

    @property
    def run_id(self) -> int:
        """The id of the run."""
        return int(self.run["run_id"])

    @property
    def job_id(self) -> int:
        """The id of its job."""
        return int(self.run.get("job_id", 0))

    @property
    def failed_keys(self) -> tuple[str, ...]:
        """The keys of the tasks that failed by themselves."""
        return tuple(
            task["task_key"]
            for task in self.run.get("tasks", ())
            if task["state"].get("result_state") in ("FAILED", "TIMEDOUT")
        )


class Content:
    """Everything in the workspace; `lock` guards it."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.runs: dict[int, Body] = {}
        self.outputs: dict[int, Body | ApiError] = {}
        self.iterations: dict[int, tuple[Body, ...]] = {}
        self.clusters: dict[str, Body] = {}
        self.events: dict[str, tuple[Body, ...]] = {}
        self.files: dict[str, bytes] = {}
        self.jobs: dict[int, Body] = {}
        self.permissions: dict[int, list[Body]] = {}
        self.groups: dict[str, tuple[str, ...]] = {}
        self.idempotency: dict[str, int] = {}

    def add(self, pretend: PretendRun) -> None:
        """Take a run in, with its children; its job too if it is new."""
        with self.lock:
            self.runs[pretend.run_id] = pretend.run
            self.outputs.update(pretend.outputs)
            self.iterations.update(pretend.iterations)
            self.clusters.update(pretend.clusters)
            self.events.update(pretend.events)
            self.files.update(pretend.files)
            if pretend.job_id:
                name = pretend.run.get("run_name", "")
                self.jobs.setdefault(
                    pretend.job_id,
                    {"job_id": pretend.job_id, "settings": {"name": name, "tags": {}}},
                )
            for child in pretend.children:
                self.add(child)

    def run(self, run_id: int) -> Body:
        """A job run."""
        if run_id not in self.runs:
            msg = f"Run {run_id} does not exist."
            raise invalid(msg)
        return self.runs[run_id]

    def task_run(self, run_id: int) -> tuple[Body, Body] | None:
        """The job run and the task or iteration that has this run id."""
        for run in self.runs.values():
            for task in run.get("tasks", ()):
                if task["run_id"] == run_id:
                    return run, task
                for iteration in self.iterations.get(task["run_id"], ()):
                    if iteration["run_id"] == run_id:
                        return run, iteration
        return None
