"""Read what failed tasks left behind, side by side, each down to where the cause is."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

from jobmon.databricks.api import Api
from jobmon.databricks.child_runs import ChildRuns
from jobmon.databricks.clusters import Clusters
from jobmon.databricks.for_each import ForEach
from jobmon.databricks.nested import NestedNotebooks
from jobmon.databricks.outputs import Outputs
from jobmon.databricks.pipelines import Pipelines
from jobmon.databricks.plain import failure_from, joined_notes, may_pass, unreadable
from jobmon.diagnosis import TaskFailure
from jobmon.errors import JobmonError, NotAllowed, NotFound
from jobmon.run import Run, RunId, TaskKind, TaskRun

# Somewhat below the burst of 20 that Databricks allows: more threads would only wait for slots.
SIDE_BY_SIDE = 16


class Failures:
    """Reads failures; one that cannot be read is told as such and costs the others nothing."""

    def __init__(self, api: Api, outputs: Outputs, *, read_run: Callable[[RunId], Run]) -> None:
        self._outputs = outputs
        self._clusters = Clusters(api)
        self._for_each = ForEach(api)
        self._pipelines = Pipelines(api)
        self._nested = NestedNotebooks(outputs)
        self._child_runs = ChildRuns(outputs, read_run=read_run)

    def of(self, tasks: Sequence[TaskRun]) -> Iterator[TaskFailure]:
        """The failures of the tasks, each as soon as it is there."""
        if not tasks:
            return
        threads = min(SIDE_BY_SIDE, len(tasks))
        pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="outputs")
        try:
            pending = [pool.submit(self._read_or_say_why, task) for task in tasks]
            for done in as_completed(pending):
                yield from done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _read_or_say_why(self, task: TaskRun) -> tuple[TaskFailure, ...]:
        try:
            return self._read(task, 0)
        except JobmonError as exc:
            failure = unreadable(task, _why_unreadable(exc), unread=may_pass(exc))
        return (self._clusters.add_to(failure, task),)

    def _read(self, task: TaskRun, depth: int) -> tuple[TaskFailure, ...]:
        match task.kind:
            case TaskKind.FOR_EACH:
                return self._for_each.failures(task, self._read_iteration)
            case TaskKind.PIPELINE if task.source:
                return self._pipelines.failures(task)
            case TaskKind.RUN_JOB:
                return self._child_runs.failures(task, depth=depth, read_task=self._read)
            case _:
                return (self._read_plain(task),)

    def _read_plain(self, task: TaskRun) -> TaskFailure:
        failure = failure_from(task, self._outputs.of_failed(task))
        return self._clusters.add_to(self._nested.follow(failure, task), task)

    def _read_iteration(self, iteration: TaskRun) -> TaskFailure:
        try:
            failures = self._read(iteration, 1)
        except JobmonError as exc:
            return unreadable(iteration, _why_unreadable(exc), unread=may_pass(exc))
        others = f"{len(failures) - 1} more errors of this iteration" if len(failures) > 1 else ""
        return replace(failures[0], note=joined_notes(failures[0].note, others))


def _why_unreadable(exc: JobmonError) -> str:
    match exc:
        case NotFound():
            return "the output is gone: Databricks keeps runs for 60 days"
        case NotAllowed():
            return "jobmon may not read this output: it needs CAN VIEW on the job"
        case _:
            return f"the output could not be read: {exc}"
