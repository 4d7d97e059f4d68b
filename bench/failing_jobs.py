"""Some hundred jobs that fail and get well again, day after day: digests as jobmon makes them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from jobmon.cause_group import RunDiagnosis, TaskDiagnosis, group_causes
from jobmon.diagnosis import Diagnosis, TaskFailure
from jobmon.digest import Digest
from jobmon.incident import Incident, NotifyReason, job_key
from jobmon.incident_event import RunObserved
from jobmon.run import JobId, Outcome, Run, RunId, TaskKind, TaskRun, TaskRunId, WorkspaceId
from jobmon.transition import transition
from rules.engine import classify
from rules.ruleset import RuleSet

WORKSPACE = WorkspaceId(7474651234567890)
JOBS = 400
CAUSES_OF_A_JOB = 4
NEW_CAUSE = 0.05
SOME_NEW = 2000
"""New causes have so many names: to diagnose each anew is not what is measured."""
WELL_AFTERWARDS = 0.6
GROUPS, GROUP_WEIGHTS = (1, 2, 4, 12), (60, 25, 10, 5)
ERRORS = (
    "ModuleNotFoundError: No module named '{word}'",
    (
        "pyspark.errors.exceptions.captured.AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] "
        "A column, variable, or function parameter with name `{word}` cannot be resolved. Did you "
        "mean one of the following? [`customer_id`, `order_ts`]. SQLSTATE: 42703"
    ),
    (
        "pyspark.errors.exceptions.captured.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table "
        "or view `prod`.`sales`.`{word}` cannot be found. SQLSTATE: 42P01"
    ),
    "ValueError: {word} has 0 rows, expected at least 1",
    "requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='{word}.example.com', port=443)",
)


@dataclass(slots=True)
class Jobs:
    """What happens to all jobs; the same for the same seed."""

    ruleset: RuleSet
    each_is_new: bool
    """Every failure is a run without a job, so an incident of its own: the worst there is."""
    rng: random.Random = field(default_factory=lambda: random.Random(7))
    number: int = 0
    current: dict[str, Incident] = field(default_factory=dict)

    def failure(self, at: datetime) -> Iterator[Digest]:
        """One failed run, and often the success that follows it; what there is to remember."""
        self.number += 1
        job = None if self.each_is_new else self.rng.randrange(JOBS)
        run, diagnosis = self._failed(job, at)
        yield from self._observed(run, diagnosis, at)
        if self.rng.random() < WELL_AFTERWARDS and job is not None:
            later = at + timedelta(minutes=20)
            well = replace(
                run, run_id=RunId(run.run_id + 500), outcome=Outcome.SUCCEEDED, tasks=(),
                started_at=later, ended_at=later,
            )  # fmt: skip
            yield from self._observed(well, RunDiagnosis(), later)

    def _observed(self, run: Run, diagnosis: RunDiagnosis, at: datetime) -> Iterator[Digest]:
        key = job_key(run)
        change = transition(
            self.current.get(key), RunObserved(run=run, diagnosis=diagnosis), now=at
        )
        if change.incident is None or change.reason is NotifyReason.NOTHING_NEW:
            return
        incident = replace(change.incident, destinations=("slack:C0123456789",))
        if not self.each_is_new:
            self.current[key] = incident
        yield Digest(
            incident=incident, run=run, diagnosis=diagnosis, reason=change.reason, at=at,
            task_count=len(run.tasks) + 20, owner="data-platform@example.com",
            history="Seen in 12 runs since 3 March; 4 times cured by a rerun.",
        )  # fmt: skip

    def _failed(self, job: int | None, at: datetime) -> tuple[Run, RunDiagnosis]:
        run_id = RunId(700_000_000_000 + self.number * 1000)
        tasks: list[TaskRun] = []
        found: list[TaskDiagnosis] = []
        (groups,) = self.rng.choices(GROUPS, GROUP_WEIGHTS)
        for group in range(groups):
            error = self._error(job, group)
            for _ in range(self.rng.randint(1, 5)):
                task = TaskRun(
                    task_key=f"transform_orders_{len(tasks)}",
                    run_id=TaskRunId(run_id + len(tasks) + 1),
                    kind=TaskKind.NOTEBOOK,
                    outcome=Outcome.FAILED,
                    started_at=at - timedelta(minutes=12),
                    ended_at=at,
                    url=f"https://dbc-1234.cloud.databricks.com/jobs/{job}/runs/{run_id}?o=42",
                    source="/Workspace/Repos/data/orders/transform",
                    compute="1124-101112-abcdefgh",
                )
                failure = TaskFailure(task_key=task.task_key, run_id=task.run_id, error=error)
                tasks.append(task)
                found.append(TaskDiagnosis(failure=failure, diagnosis=_classified(self, error)))
        run = Run(
            workspace_id=WORKSPACE,
            run_id=run_id,
            job_id=None if job is None else JobId(900_000 + job),
            job_name=f"[prod] orders_{self.number if job is None else job}",
            outcome=Outcome.FAILED,
            tasks=tuple(tasks),
            started_at=at - timedelta(minutes=15),
            ended_at=at,
            url=f"https://dbc-1234.cloud.databricks.com/jobs/{job}/runs/{run_id}?o=42",
            creator="ana@example.com",
        )
        return run, RunDiagnosis(groups=group_causes(found), failed_count=len(tasks))

    def _error(self, job: int | None, group: int) -> str:
        if job is None or self.rng.random() < NEW_CAUSE:
            which = f"n{self.number % SOME_NEW}g{group}"
        else:
            which = f"j{job}c{self.rng.randrange(CAUSES_OF_A_JOB)}g{group}"
        return self.rng.choice(ERRORS).format(word=word(which))

    def __hash__(self) -> int:
        return id(self)


@cache
def _classified(jobs: Jobs, error: str) -> Diagnosis:
    return classify(TaskFailure(task_key="a", run_id=TaskRunId(1), error=error), jobs.ruleset)


def word(text: str) -> str:
    """A name without digits, which a fingerprint would leave out."""
    return "".join(chr(ord("a") + int(char)) if char.isdigit() else char for char in text)
