"""Which version of its code a job ran with, and which one was good last."""

from datetime import UTC, datetime

from jobmon.ports.queue import Transaction
from jobmon.ports.store import Code
from jobmon.redis_answers import text_of
from jobmon.run import Run, WorkspaceId
from jobmon.store.base import HISTORY_KEPT, StorePart, pipeline_of

COMMITS = "jobmon:commits:"
GOOD = "jobmon:good:"
COMMITS_KEPT = 50


class CodeHistory(StorePart):
    """The commits of each job by the start of the first run that had them."""

    def record_code(self, tx: Transaction, run: Run, job_key: str, *, good: bool) -> None:
        """Remember when a commit was first run, and which good run is the latest."""
        if not run.git_commit or run.started_at is None:
            return
        pipe = pipeline_of(tx)
        began = run.started_at.timestamp()
        commits = f"{COMMITS}{run.workspace_id}:{job_key}"
        pipe.zadd(commits, {run.git_commit: began}, lt=True)
        pipe.zremrangebyrank(commits, 0, -COMMITS_KEPT - 1)
        pipe.expire(commits, HISTORY_KEPT)
        key = f"{GOOD}{run.workspace_id}:{job_key}"
        known = self._client.hget(key, "began")
        if good and (known is None or float(known) <= began):
            pipe.hset(key, mapping={"began": began, "commit": run.git_commit})
            pipe.expire(key, HISTORY_KEPT)

    def code(self, workspace_id: WorkspaceId, job_key: str, commit: str) -> Code:
        """What is remembered of the code that a job ran with."""
        job = f"{workspace_id}:{job_key}"
        with self._client.pipeline(transaction=False) as pipe:
            pipe.zscore(COMMITS + job, commit)
            pipe.hget(GOOD + job, "commit")
            first, good = pipe.execute()
        return Code(
            commit=commit,
            first_run=None if first is None else _moment(first),
            last_good=text_of(good) if good is not None else "",
        )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
