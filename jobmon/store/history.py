"""What was seen of runs and causes, for 90 days and in bounded memory."""

from datetime import UTC, datetime

from jobmon.ports.queue import Transaction
from jobmon.ports.store import Sighting
from jobmon.redis_answers import text_of
from jobmon.run import JobId, Run, RunId, WorkspaceId
from jobmon.store.base import HISTORY_KEPT, StorePart, pipeline_of

RUN = "jobmon:run:"
CAUSE = "jobmon:cause:"
CAUSES_OF_JOB = "jobmon:causes:"
JOBS_WITH = "jobmon:jobs-with:"
WATERMARK = "jobmon:watermark:"
CAUSES_KEPT = 200
JOBS_KEPT = 1000
RUN_IDS_KEPT = 4000
"""Characters: some two hundred runs, which may be looked at again and again side by side."""

_RECORD = """
-- KEYS cause causes jobs_with
-- ARGV run_id at_s ttl_s fingerprint causes_kept member jobs_kept prefix run_ids_kept
-- `last_runs` holds the ids of the runs that were counted, the latest first, each between blanks.
local counted = redis.call('HGET', KEYS[1], 'last_runs') or ' '
if not string.find(counted, ' ' .. ARGV[1] .. ' ', 1, true) then
  redis.call('HINCRBY', KEYS[1], 'runs', 1)
  local longer = string.sub(' ' .. ARGV[1] .. counted, 1, tonumber(ARGV[9]))
  redis.call('HSET', KEYS[1], 'last_runs', string.match(longer, '^.* '))
end
redis.call('HSETNX', KEYS[1], 'first', ARGV[2])
redis.call('HSET', KEYS[1], 'last', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[3])
local old = redis.call('ZRANGE', KEYS[2], 0, -tonumber(ARGV[5]) - 1)
for _, fingerprint in ipairs(old) do
  redis.call('DEL', ARGV[8] .. fingerprint)
  redis.call('ZREM', KEYS[2], fingerprint)
end
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[6])
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -tonumber(ARGV[7]) - 1)
redis.call('EXPIRE', KEYS[3], 86400)
"""


class History(StorePart):
    """Runs that were looked at, causes with their counts and cures, and how far was swept."""

    def remember_run(self, tx: Transaction, run: Run) -> None:
        """Remember that a run's present attempts were looked at."""
        key = f"{RUN}{run.workspace_id}:{run.run_id}"
        ended = run.ended_at.timestamp() if run.ended_at else 0
        pipe = pipeline_of(tx)
        pipe.hset(key, mapping={"attempts": run.attempts_key, "ended": ended})
        if run.job_id:
            pipe.hset(key, "job", run.job_id)
        pipe.expire(key, HISTORY_KEPT)

    def knows_run(self, workspace_id: WorkspaceId, run_id: RunId, attempts_key: str) -> bool:
        """Whether these attempts were looked at already."""
        known = self._client.hget(f"{RUN}{workspace_id}:{run_id}", "attempts")
        return known is not None and text_of(known) == attempts_key

    def job_of(self, workspace_id: WorkspaceId, run_id: RunId) -> JobId | None:
        """The job of a run that was looked at before."""
        known = self._client.hget(f"{RUN}{workspace_id}:{run_id}", "job")
        return JobId(int(known)) if known is not None else None

    def seen_end(self, workspace_id: WorkspaceId, run_id: RunId) -> datetime | None:
        """When a run had ended, as it was last looked at; None if it was never seen ended."""
        ended = self._client.hget(f"{RUN}{workspace_id}:{run_id}", "ended")
        return datetime.fromtimestamp(float(ended), UTC) if ended and float(ended) else None

    def record_sighting(
        self,
        tx: Transaction,
        *,
        workspace_id: WorkspaceId,
        job_key: str,
        fingerprint: str,
        run_id: RunId,
        at: datetime,
    ) -> None:
        """Count a cause once for each run it was seen in; the latest runs may take turns."""
        job = f"{workspace_id}:{job_key}"
        prefix = f"{CAUSE}{job}:"
        script = self._client.register_script(_RECORD)
        script(
            keys=[prefix + fingerprint, CAUSES_OF_JOB + job, JOBS_WITH + fingerprint],
            args=[
                run_id, at.timestamp(), int(HISTORY_KEPT.total_seconds()), fingerprint,
                CAUSES_KEPT, job, JOBS_KEPT, prefix, RUN_IDS_KEPT,
            ],
            client=pipeline_of(tx),
        )  # fmt: skip

    def record_cure(
        self,
        tx: Transaction,
        *,
        workspace_id: WorkspaceId,
        job_key: str,
        fingerprint: str,
        how: str,
    ) -> None:
        """Count how an incident with this cause was resolved."""
        key = f"{CAUSE}{workspace_id}:{job_key}:{fingerprint}"
        pipe = pipeline_of(tx)
        pipe.hincrby(key, f"cure:{how}", 1)
        pipe.hset(key, "last_cure", how)
        pipe.expire(key, HISTORY_KEPT)

    def sighting(
        self, *, workspace_id: WorkspaceId, job_key: str, fingerprint: str
    ) -> Sighting | None:
        """What is remembered of a cause."""
        raw = self._client.hgetall(f"{CAUSE}{workspace_id}:{job_key}:{fingerprint}")
        known = {text_of(name): text_of(value) for name, value in raw.items()}
        if "first" not in known:
            return None
        return Sighting(
            fingerprint=fingerprint,
            first_seen=datetime.fromtimestamp(float(known["first"]), UTC),
            last_seen=datetime.fromtimestamp(float(known["last"]), UTC),
            runs=int(known["runs"]),
            cured_by=tuple(
                (name.removeprefix("cure:"), int(value))
                for name, value in sorted(known.items())
                if name.startswith("cure:")
            ),
            last_cure=known.get("last_cure", ""),
        )

    def jobs_with(self, fingerprint: str, *, since: datetime) -> tuple[tuple[str, str], ...]:
        """The `(workspace id, job key)` pairs in which a cause was seen since then."""
        found = self._client.zrangebyscore(JOBS_WITH + fingerprint, since.timestamp(), "+inf")
        pairs = (text_of(item).partition(":") for item in found)
        return tuple((workspace_id, job_key) for workspace_id, _, job_key in pairs)

    def watermark(self, workspace_id: WorkspaceId) -> datetime | None:
        """Up to when the sweep has listed a workspace's runs."""
        raw = self._client.get(f"{WATERMARK}{workspace_id}")
        return datetime.fromtimestamp(float(raw), UTC) if raw else None

    def set_watermark(self, workspace_id: WorkspaceId, at: datetime) -> None:
        """Remember up to when the sweep has listed."""
        self._client.set(f"{WATERMARK}{workspace_id}", at.timestamp())
