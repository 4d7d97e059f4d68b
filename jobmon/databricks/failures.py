"""Read what failed tasks left behind, side by side."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta

from jobmon.databricks.api import Api
from jobmon.databricks.clusters import Clusters
from jobmon.databricks.outputs import Outputs
from jobmon.databricks.task_failures import TaskFailures
from jobmon.diagnosis import TaskFailure
from jobmon.run import Run, RunId, TaskRun

# Somewhat below the burst of 20 that Databricks allows: more threads would only wait for slots.
SIDE_BY_SIDE = 16


class Failures:
    """Reads failures; one that cannot be read costs the others nothing."""

    def __init__(self, api: Api, outputs: Outputs, *, read_run: Callable[[RunId], Run]) -> None:
        self._api = api
        self._outputs = outputs
        self._clusters = Clusters(api)
        self._read_run = read_run

    def of(
        self, tasks: Sequence[TaskRun], *, within: timedelta | None = None
    ) -> Iterator[TaskFailure]:
        """The failures of the tasks, each as soon as it is there.

        The first task is read whole; of the others only those whose turn comes `within` this time.
        """
        if not tasks:
            return
        others = self._outputs if within is None else self._outputs.only_for(within)
        whole, hurried = self._reader(self._outputs), self._reader(others)
        threads = min(SIDE_BY_SIDE, len(tasks))
        pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="outputs")
        try:
            pending = [pool.submit(whole.of, tasks[0])]
            pending += [pool.submit(hurried.of, task) for task in tasks[1:]]
            for done in as_completed(pending):
                yield from done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _reader(self, outputs: Outputs) -> TaskFailures:
        return TaskFailures(self._api, outputs, self._clusters, read_run=self._read_run)
