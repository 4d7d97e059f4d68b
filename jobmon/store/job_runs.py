"""The runs of each job: how many there were, which was good last, and with which code they ran."""

from datetime import UTC, datetime

from redis.client import Pipeline

from jobmon.ports.queue import Transaction
from jobmon.ports.store import Code
from jobmon.redis_answers import text_of
from jobmon.run import Outcome, Run, RunId, WorkspaceId
from jobmon.store.base import HISTORY_KEPT, StorePart, pipeline_of

RUNS = "jobmon:runs-of:"
COMMITS = "jobmon:commits:"
GOOD = "jobmon:good:"
RUNS_KEPT = 1000
COMMITS_KEPT = 50


class JobRuns(StorePart):
    """Implements what `jobmon.ports.store.Store` says of a job's runs."""

    def record_job_run(
        self, tx: Transaction, run: Run, job_key: str, *, good: bool, at: datetime
    ) -> None:
        """Count a run once, date its code by its start, and remember the latest good one."""
        pipe = pipeline_of(tx)
        job = f"{run.workspace_id}:{job_key}"
        _add(pipe, RUNS + job, str(run.run_id), at.timestamp(), kept=RUNS_KEPT)
        if run.started_at is None:
            return
        began = run.started_at.timestamp()
        if run.git_commit:
            _add(pipe, COMMITS + job, run.git_commit, began, kept=COMMITS_KEPT)
        known = self._client.hget(GOOD + job, "began")
        if good and (known is None or float(known) <= began):
            ended = run.ended_at.timestamp() if run.ended_at else ""
            pipe.hset(
                GOOD + job,
                mapping={
                    "began": began,
                    "ended": ended,
                    "run": str(run.run_id),
                    "commit": run.git_commit,
                },
            )
            pipe.expire(GOOD + job, HISTORY_KEPT)

    def other_runs(self, run: Run, job_key: str, *, since: datetime) -> int:
        """How many runs of its job were seen since then, besides this one."""
        key = f"{RUNS}{run.workspace_id}:{job_key}"
        start = since.timestamp()
        mine = self._client.zscore(key, str(run.run_id))
        return int(self._client.zcount(key, start, "+inf")) - (mine is not None and mine >= start)

    def last_good_key(self, workspace_id: WorkspaceId, job_key: str) -> str:
        """The key to watch for a good run of a job."""
        return f"{GOOD}{workspace_id}:{job_key}"

    def last_good(self, workspace_id: WorkspaceId, job_key: str) -> Run | None:
        """The latest good run of a job, without its tasks; None if none is known."""
        kept = self._client.hgetall(self.last_good_key(workspace_id, job_key))
        said = {text_of(name): text_of(value) for name, value in kept.items()}
        if "run" not in said:
            return None
        return Run(
            workspace_id=workspace_id,
            run_id=RunId(int(said["run"])),
            outcome=Outcome.SUCCEEDED,
            started_at=_moment(said["began"]),
            ended_at=_moment(said["ended"]) if said["ended"] else None,
            git_commit=said["commit"],
        )

    def code(self, workspace_id: WorkspaceId, job_key: str, commit: str) -> Code:
        """What is remembered of the code that a job ran with."""
        job = f"{workspace_id}:{job_key}"
        first = self._client.zscore(COMMITS + job, commit)
        good = self._client.hget(GOOD + job, "commit")
        return Code(
            commit=commit,
            first_run=None if first is None else _moment(first),
            last_good=text_of(good) if good is not None else "",
        )


def _add(pipe: Pipeline, key: str, member: str, score: float, *, kept: int) -> None:
    """Add with the earliest score it ever had; only the latest members are kept."""
    pipe.zadd(key, {member: score}, lt=True)
    pipe.zremrangebyrank(key, 0, -kept - 1)
    pipe.expire(key, HISTORY_KEPT)


def _moment(seconds: float | bytes | str) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)
