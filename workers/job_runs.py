"""What becomes known of a job's runs: from those we hear of, else asked for once a day."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from jobmon.errors import JobmonError
from jobmon.incident import job_key
from jobmon.ports.queue import Transaction
from jobmon.ports.workspace import Workspace
from jobmon.run import Outcome, Run
from workers.look import Look
from workers.services import Services

log = structlog.get_logger()

RUNS_ASKED = 25
ASK_AGAIN_AFTER = timedelta(days=1)


def remember_job_run(services: Services, tx: Transaction, look: Look, *, now: datetime) -> None:
    """Remember that this run was good, or was not, and with which code."""
    good = look.run.outcome is Outcome.SUCCEEDED and not look.diagnosis.failed_count
    services.store.record_job_run(tx, look.run, job_key(look.run), good=good, at=now)


def learn_job_runs(services: Services, workspace: Workspace, run: Run) -> None:
    """Ask for a failing job's latest runs where no good one is known: one call, once a day.

    Without it the message only says less, so nothing waits for a workspace that has trouble.
    """
    if not run.git_commit or run.job_id is None or not run.failed_tasks:
        return
    if services.store.code(run.workspace_id, job_key(run), run.git_commit).last_good:
        return
    name = f"runs-{run.workspace_id}-{run.job_id}"
    if services.store.remember_once(name, ttl=ASK_AGAIN_AFTER) is not None:
        return
    try:
        earlier = tuple(workspace.runs_of(run.job_id, limit=RUNS_ASKED))
    except JobmonError as exc:
        log.warning("job_runs.not_asked", reason=str(exc))
        return

    # The latest good one is written last.
    others = [other for other in reversed(earlier) if other.run_id != run.run_id]
    remember_listed(services, others, now=services.now())


def remember_listed(services: Services, runs: Sequence[Run], *, now: datetime) -> None:
    """Remember runs as a list shows them, oldest first."""

    def body(tx: Transaction) -> None:
        for run in runs:
            good = run.outcome is Outcome.SUCCEEDED
            at = run.ended_at or run.started_at or now
            services.store.record_job_run(tx, run, job_key(run), good=good, at=at)

    jobs = {(run.workspace_id, job_key(run)) for run in runs}
    services.store.transact([services.store.last_good_key(*job) for job in jobs], body)
