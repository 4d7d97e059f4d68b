"""A `for_each` task: its statistics name the causes, a few iterations show them in full."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from jobmon.databricks.api import JOBS, Api
from jobmon.databricks.bounds import MAX_ERROR, clean
from jobmon.databricks.fields import Json, integer, mapping, mappings, text
from jobmon.databricks.plain import unreadable
from jobmon.databricks.task_reader import task_run_from
from jobmon.diagnosis import TaskFailure
from jobmon.run import FAILURES, TaskRun, latest_attempts

MAX_ITERATIONS_READ = 5
DIGITS = re.compile(r"\d+")

ReadIteration = Callable[[TaskRun], TaskFailure]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCount:
    """One line of a for-each's statistics."""

    message: str
    count: int


class ForEach:
    """Reads the failed iterations of a `for_each` task."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def failures(self, task: TaskRun, read: ReadIteration) -> tuple[TaskFailure, ...]:
        """One failure for each distinct error, with how many iterations had it."""
        what = f"the iterations of task run {task.run_id}"
        query = {"run_id": task.run_id}
        pages = tuple(self._api.pages(f"{JOBS}/runs/get", query, what=what))
        iterations = _failed_iterations(pages, task)
        chosen = _chosen(iterations)
        with ThreadPoolExecutor(MAX_ITERATIONS_READ) as pool:
            shown = [
                replace(
                    failure,
                    task_key=task.task_key,
                    run_id=task.run_id,
                    origin=f"iteration {iteration.task_key}",
                )
                for iteration, failure in zip(chosen, pool.map(read, chosen), strict=True)
            ]
        counts = _error_counts(pages, task)
        failures = _counted(task, counts, shown) if counts else _grouped(shown, len(iterations))
        return failures or (unreadable(task, "no failed iteration could be read"),)


def _failed_iterations(pages: Sequence[Json], task: TaskRun) -> tuple[TaskRun, ...]:
    entries = (entry for page in pages for entry in mappings(page, "iterations"))
    read = tuple(task_run_from(entry, run_url=task.url) for entry in entries)
    return tuple(one for one in latest_attempts(_told_apart(read)) if one.outcome in FAILURES)


def _told_apart(iterations: Sequence[TaskRun]) -> Iterator[TaskRun]:
    """The iterations, by run id where their keys do not tell one from another.

    Databricks does not say whether each has a key of its own. Attempts of one are numbered, so a
    key that comes twice with the same number is shared; which attempts then belong together cannot
    be known, and each counts.
    """
    seen = Counter((one.task_key, one.attempt_number) for one in iterations)
    shared = {key for (key, _), count in seen.items() if count > 1 or not key}
    for one in iterations:
        yield replace(one, task_key=str(one.run_id)) if one.task_key in shared else one


def _chosen(iterations: Sequence[TaskRun]) -> tuple[TaskRun, ...]:
    # Spread over all of them: neighbours tend to fail alike.
    step = max(1, len(iterations) - 1) / (MAX_ITERATIONS_READ - 1)
    places = {round(number * step) for number in range(MAX_ITERATIONS_READ)}
    return tuple(one for place, one in enumerate(iterations) if place in places)


def _error_counts(pages: Sequence[Json], task: TaskRun) -> tuple[ErrorCount, ...]:
    for page in pages:
        for entry in (*mappings(page, "tasks"), page):
            spec = mapping(entry, "for_each_task")
            if spec and integer(entry, "run_id") == task.run_id:
                stats = mappings(mapping(spec, "stats"), "error_message_stats")
                return tuple(
                    ErrorCount(
                        message=clean(text(line, "error_message"), MAX_ERROR),
                        count=integer(line, "count") or 1,
                    )
                    for line in stats
                )
    return ()


def _counted(
    task: TaskRun, counts: Sequence[ErrorCount], shown: Sequence[TaskFailure]
) -> tuple[TaskFailure, ...]:
    failures: list[TaskFailure] = []
    left = list(shown)
    for line in counts:
        alike = [one for one in left if _same_error(one, line.message)]
        left = [one for one in left if one not in alike]
        base = alike[0] if alike else replace(unreadable(task, ""), error=line.message)
        failures.append(replace(base, occurrences=line.count))
    # The statistics name the three most common errors only.
    return (*failures, *_grouped(left, len(left)))


def _grouped(shown: Sequence[TaskFailure], failed: int) -> tuple[TaskFailure, ...]:
    groups: dict[str, list[TaskFailure]] = {}
    for failure in shown:
        groups.setdefault(_shape(failure.error), []).append(failure)
    if len(groups) == 1:
        return (replace(shown[0], occurrences=failed),)
    return tuple(replace(group[0], occurrences=len(group)) for group in groups.values())


def _same_error(failure: TaskFailure, message: str) -> bool:
    theirs, ours = _shape(message), _shape(failure.error)
    return bool(theirs and ours) and (theirs in ours or ours in theirs)


def _shape(said: str) -> str:
    # Iterations differ by the item they work on, which is often a number.
    return DIGITS.sub("0", said.strip().partition("\n")[0].strip())
