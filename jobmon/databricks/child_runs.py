"""A `run_job` task: the job it started is an ordinary run, and its tasks have the story."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from jobmon.databricks.fields import integer, mapping
from jobmon.databricks.outputs import Outputs
from jobmon.databricks.plain import failure_from, joined_notes, may_pass, unreadable
from jobmon.diagnosis import TaskFailure
from jobmon.errors import JobmonError, NotYet
from jobmon.run import Run, RunId, TaskRun

MAX_DEPTH = 3
MAX_TASKS = 25
SIDE_BY_SIDE = 8

ReadTask = Callable[[TaskRun, int], tuple[TaskFailure, ...]]


class ChildRuns:
    """Follows Run Job tasks into the runs they started, at most three deep."""

    def __init__(self, outputs: Outputs, *, read_run: Callable[[RunId], Run]) -> None:
        self._outputs = outputs
        self._read_run = read_run

    def failures(
        self,
        task: TaskRun,
        *,
        depth: int,
        read_task: ReadTask,
    ) -> tuple[TaskFailure, ...]:
        """The failures of the child's tasks, told as the parent task's, with their origin."""
        output = self._outputs.of_failed(task)
        child_id = integer(mapping(output, "run_job_output"), "run_id")
        own = failure_from(task, output)
        if child_id is None:
            return (own,)
        if depth >= MAX_DEPTH:
            return (replace(own, note="runs that start runs are followed three deep at most"),)
        try:
            child = self._read_run(RunId(child_id))
        except JobmonError as exc:
            note = f"the child run could not be read: {exc}"
            return (replace(own, note=note, unread=may_pass(exc)),)
        return tuple(_told(task, child, depth, read_task)) or (_as_the_run_says(own, child),)


def _as_the_run_says(own: TaskFailure, child: Run) -> TaskFailure:
    """Why a child run ended of which no task failed: it was skipped, stopped or timed out."""
    told = replace(own, origin=_name(child))
    end = child.termination
    return replace(told, termination=end, message=end.message or own.message) if end else told


def _told(
    task: TaskRun,
    child: Run,
    depth: int,
    read_task: ReadTask,
) -> Iterator[TaskFailure]:
    failed = child.failed_tasks
    left_out = len(failed) - MAX_TASKS
    note = f"{left_out} more tasks of the child run failed" if left_out > 0 else ""
    told = failed[:MAX_TASKS]
    with ThreadPoolExecutor(max(1, min(SIDE_BY_SIDE, len(told)))) as pool:
        read = pool.map(lambda child_task: _read(child_task, depth, read_task), told)
        for child_task, failures in zip(told, read, strict=True):
            place = f"{_name(child)}, task {child_task.task_key}"
            for failure in failures:
                yield replace(
                    failure,
                    task_key=task.task_key,
                    run_id=task.run_id,
                    origin=f"{place}, {failure.origin}" if failure.origin else place,
                    note=joined_notes(failure.note, note),
                )


def _read(child_task: TaskRun, depth: int, read_task: ReadTask) -> tuple[TaskFailure, ...]:
    try:
        return read_task(child_task, depth + 1)
    except NotYet:
        raise
    except JobmonError as exc:
        return (unreadable(child_task, f"output not readable: {exc}", unread=may_pass(exc)),)


def _name(child: Run) -> str:
    return f"run {child.run_id} of job {child.job_name or child.job_id or 'unknown'}"
