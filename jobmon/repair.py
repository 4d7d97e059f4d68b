"""Whether a run can be repaired, and should be: pure, in words."""

from datetime import datetime, timedelta

from jobmon.diagnosis import Rerun
from jobmon.run import Outcome, Run

KEPT = timedelta(days=60)
"""Databricks forgets runs after this long."""


def why_not_repair(run: Run, *, now: datetime, newer_success: bool = False) -> str:
    """Say why a run cannot be repaired; empty when it can."""
    if run.outcome is None:
        return f"Run {run.run_id} is still active. Wait for its end, or cancel it."
    if run.outcome is Outcome.SUCCEEDED:
        return f"Run {run.run_id} succeeded. There is nothing to repair."
    if run.started_at and now - run.started_at > KEPT:
        return f"Run {run.run_id} is older than 60 days. Databricks keeps none of it to repair."
    if newer_success:
        return f"A newer run of this job has succeeded. Run {run.run_id} needs no repair."
    return ""


def why_ask_first(advice: Rerun, cause: str) -> str:
    """Say why a rerun should be confirmed first; empty when it need not be."""
    if advice is not Rerun.UNLIKELY_TO_HELP:
        return ""
    return f"A rerun will most likely fail again: {cause}"
