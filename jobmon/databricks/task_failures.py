"""Read what one failed task left behind, down to where the cause is."""

from collections.abc import Callable
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
from jobmon.errors import JobmonError, NotAllowed, NotFound, NotYet
from jobmon.run import Run, RunId, TaskKind, TaskRun


class TaskFailures:
    """Reads the failures of a task; one that cannot be read is told as such."""

    def __init__(
        self,
        api: Api,
        outputs: Outputs,
        clusters: Clusters,
        *,
        read_run: Callable[[RunId], Run],
    ) -> None:
        self._outputs = outputs
        self._clusters = clusters
        self._for_each = ForEach(api)
        self._pipelines = Pipelines(api)
        self._nested = NestedNotebooks(outputs)
        self._child_runs = ChildRuns(outputs, read_run=read_run)

    def of(self, task: TaskRun) -> tuple[TaskFailure, ...]:
        """At least one failure; none where the outputs' time is over before all are read."""
        try:
            return self._read(task, 0)
        except NotYet:
            return ()
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
        except NotYet:
            raise
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
