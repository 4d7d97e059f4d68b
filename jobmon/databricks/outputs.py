"""Read the outputs of task runs, within the workspace's rate limit."""

import math
from copy import copy
from datetime import UTC, datetime, timedelta

from databricks.sdk.clock import Clock

from jobmon.databricks.api import JOBS, Api
from jobmon.databricks.fields import Json, mapping, text
from jobmon.databricks.generic import is_generic
from jobmon.errors import CredentialError, NotAllowed, NotYet, PermanentError, TransientError
from jobmon.ports.notifier import RateLimiter
from jobmon.run import TaskRun, WorkspaceId

GET_OUTPUT_RATE = 20.0  # https://docs.databricks.com/resources/limits
GET_OUTPUT_BURST = 20
# What a successful notebook reports leaves the most of it to failures, which people wait for.
REPORT_RATE = GET_OUTPUT_RATE / 4
REPORT_BURST = 5
# Calls that leave in time may arrive bunched, and a refusal costs a second.
ARRIVAL_MARGIN = timedelta(milliseconds=20)

# A task's output may appear a little after the task has ended; an old one's will not.
FRESH_FOR = timedelta(minutes=2)
SECOND_LOOKS = (timedelta(seconds=0.5), timedelta(seconds=1), timedelta(seconds=2))

OUT_OF_TIME = "its turn to be read comes later"

CONTENT = ("error", "error_trace", "logs", "run_job_output", "sql_output", "dbt_output")


class Outputs:
    """Reads `runs/get-output`, taking a slot of the limit that all workers share."""

    def __init__(
        self, api: Api, *, limiter: RateLimiter, workspace_id: WorkspaceId, clock: Clock
    ) -> None:
        self._api = api
        self._limiter = limiter
        self._bucket = f"databricks-getoutput-{workspace_id}"
        self._report_bucket = f"databricks-reports-{workspace_id}"
        self._clock = clock
        self._until = math.inf

    def only_for(self, duration: timedelta) -> "Outputs":
        """The same, for who has only so long: raises NotYet where a slot would come later."""
        hurried = copy(self)
        hurried._until = self._clock.time() + duration.total_seconds()  # noqa: SLF001 (our own)
        return hurried

    def read(self, run_id: int) -> Json:
        """The output of a task run (never of a job run with tasks, which has none).

        An error that asks for no pause is given a second try, which the SDK leaves to its callers:
        of many outputs one would fail each time, and the others be read in vain.
        """
        try:
            return self._read(run_id)
        except NotYet:
            raise
        except TransientError as exc:
            if exc.retry_after:
                raise
            return self._read(run_id)

    def _read(self, run_id: int) -> Json:
        self._wait_for_slot(self._bucket, rate=GET_OUTPUT_RATE, burst=GET_OUTPUT_BURST)
        try:
            what = f"the output of task run {run_id}"
            return self._api.get(f"{JOBS}/runs/get-output", {"run_id": run_id}, what=what)
        except TransientError as exc:
            if exc.retry_after:
                self._limiter.pause(self._bucket, exc.retry_after)
            raise

    def report(self, run_id: int) -> Json:
        """The output of a task run that was well."""
        self._wait_for_slot(self._report_bucket, rate=REPORT_RATE, burst=REPORT_BURST)
        return self.read(run_id)

    def of_failed(self, task: TaskRun) -> Json:
        """The output of a failed task, with a few more looks if it has only just ended."""
        looks = SECOND_LOOKS if self._just_ended(task) else ()
        for pause in looks:
            try:
                output = self.read(task.run_id)
            except (CredentialError, NotAllowed):
                raise
            except PermanentError:
                # "Not found" and "not ready" are what an output looks like before it is there.
                pass
            else:
                if has_content(output) or not _explains_nothing(task):
                    return output
            self._clock.sleep(pause.total_seconds())
        return self.read(task.run_id)

    def _wait_for_slot(self, bucket: str, *, rate: float, burst: int) -> None:
        at_most = self._left()
        wait = self._limiter.reserve(bucket, rate=rate, burst=burst, at_most=at_most)
        if at_most is not None and wait > at_most:
            self._until = -math.inf  # no later slot comes sooner
            raise NotYet(OUT_OF_TIME)
        if wait > timedelta(0):
            self._clock.sleep((wait + ARRIVAL_MARGIN).total_seconds())

    def _left(self) -> timedelta | None:
        """How far away a slot may be; None for any. Raises NotYet when the time is over."""
        if self._until == math.inf:
            return None
        left = self._until - self._clock.time()
        if left <= 0:
            raise NotYet(OUT_OF_TIME)
        return timedelta(seconds=left)

    def _just_ended(self, task: TaskRun) -> bool:
        now = datetime.fromtimestamp(self._clock.time(), tz=UTC)
        return task.ended_at is None or now - task.ended_at < FRESH_FOR


def has_content(output: Json) -> bool:
    """Whether an output says anything at all."""
    return any(text(output, key) or mapping(output, key) for key in CONTENT)


def _explains_nothing(task: TaskRun) -> bool:
    return task.termination is None or is_generic(task.termination.message)
