"""Whether a run can be repaired, and should be: pure, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum

from jobmon.diagnosis import Rerun
from jobmon.run import Outcome, Run

KEPT = timedelta(days=60)
"""Databricks forgets runs after this long."""
MAX_KEY = 100
BOTH = (
    "`--all` starts the whole job anew, `--tasks` repairs chosen tasks of this run. Ask for one of "
    "the two."
)


class Way(StrEnum):
    """How a rerun is done, if at all."""

    REPAIR = "repair"
    ANEW = "anew"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class RerunPlan:
    """The way a rerun would go, and why it is not a plain repair; in plain words."""

    way: Way
    why: str = ""


def plan_rerun(
    run: Run,
    *,
    now: datetime,
    everything: bool = False,
    tasks: Sequence[str] = (),
    newer_success: bool = False,
) -> RerunPlan:
    """Say how to rerun a run: repaired where it can be, anew when that was asked for.

    A run that cannot be repaired is run anew too, and the reason says so; not where tasks were
    chosen, which are never turned into the whole job.
    """
    if everything and tasks:
        return RerunPlan(way=Way.NOT, why=BOTH)
    if run.outcome is None:
        why = f"Run {run.run_id} is still active. Wait for its end, or cancel it."
        return RerunPlan(way=Way.NOT, why=why)
    if everything:
        return RerunPlan(way=Way.ANEW)
    why = _why_not_at_all(run, tasks, newer_success=newer_success)
    if why:
        return RerunPlan(way=Way.NOT, why=why)
    why = _why_not_repair(run, now=now)
    return _anew(why, tasks) if why else RerunPlan(way=Way.REPAIR)


def gone(run_id: int, *, tasks: Sequence[str] = ()) -> RerunPlan:
    """The plan for a run that Databricks does not know any more."""
    why = f"Databricks has forgotten run {run_id}: it keeps runs for 60 days."
    return _anew(why, tasks)


def _anew(why: str, tasks: Sequence[str]) -> RerunPlan:
    if tasks:
        return RerunPlan(way=Way.NOT, why=f"{why} Chosen tasks cannot be run by themselves.")
    return RerunPlan(way=Way.ANEW, why=why)


def why_ask_first(advice: Rerun, cause: str) -> str:
    """Say why a rerun should be confirmed first; empty when it need not be."""
    if advice is not Rerun.UNLIKELY_TO_HELP:
        return ""
    return f"A rerun will most likely fail again: {cause}"


def _why_not_at_all(run: Run, tasks: Sequence[str], *, newer_success: bool) -> str:
    if newer_success:
        return f"A newer run of this job has succeeded. Run {run.run_id} needs no repair."
    known = [task.task_key for task in run.tasks]
    for key in tasks:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            return f"Run {run.run_id} has no task {key[:MAX_KEY]}.{hint}"
    if run.outcome is Outcome.SUCCEEDED and not tasks:
        return f"Run {run.run_id} succeeded. There is nothing to repair."
    return ""


def _why_not_repair(run: Run, *, now: datetime) -> str:
    if run.started_at and now - run.started_at > KEPT:
        return f"Run {run.run_id} is older than 60 days: Databricks keeps none of it to repair."
    if run.outcome is Outcome.SKIPPED:
        return f"Run {run.run_id} was skipped before it began: there is nothing of it to repair."
    return ""
