"""Look at a run: read what its failed tasks left behind, and diagnose each as it comes in."""

from bisect import insort
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobmon.cause_group import RunDiagnosis, TaskDiagnosis, group_causes
from jobmon.diagnosis import Category, TaskFailure
from jobmon.ports.workspace import Workspace
from jobmon.run import FAILURES, Outcome, Run, TaskRun
from rules.engine import classify
from rules.ruleset import RuleSet
from workers.kept import NOTHING, Kept

STOPPED = FAILURES | {Outcome.CANCELLED, Outcome.SKIPPED}
"""How a run ends that was stopped as a whole, where none of its tasks failed: it says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known of a run's failures at one moment."""

    run: Run
    diagnosis: RunDiagnosis
    details: tuple[TaskDiagnosis, ...] = ()
    unread: tuple[str, ...] = ()
    """What could not be read for now, and why: a later look may find more."""
    pending: frozenset[str] = frozenset()
    """The failed tasks that have not been read, by their keys."""
    tried: frozenset[str] = frozenset()
    """Those of them that were tried in vain."""
    received_at: datetime | None = None
    swept: bool = False

    @classmethod
    def of(cls, run: Run) -> "Look":
        """A look at which nothing has been read yet."""
        return cls(run=run, diagnosis=RunDiagnosis(failed_count=len(run.failed_tasks)))


def looks(
    workspace: Workspace,
    run: Run,
    ruleset: RuleSet,
    *,
    kept: Kept = NOTHING,
    within: timedelta | None = None,
) -> Iterator[Look]:
    """Diagnose a run's failures; yields what is known after each output, at least once.

    Goes on from what was `kept`, and reads what has its turn `within` this time, at least one
    task. The last look says all that can be known now; what could not be read comes at its end.
    Raises what reading raises.
    """
    place = {task.task_key: number for number, task in enumerate(run.failed_tasks)}
    found = sorted(kept.of(run), key=lambda known: place[known.failure.task_key])
    unread: list[TaskDiagnosis] = []
    tasks = kept.still_to_read(run)
    pending = {task.task_key for task in tasks}
    if found or not pending:
        yield _look(run, found, pending)
    for failure in _failures(workspace, run, tasks, within):
        item = TaskDiagnosis(failure=failure, diagnosis=classify(failure, ruleset))
        if failure.unread:
            unread.append(item)
            continue
        # Outputs come as they are read; people are told of tasks in the run's order.
        insort(found, item, key=lambda known: place.get(known.failure.task_key, len(place)))
        pending.discard(failure.task_key)
        yield _look(run, found, pending)
    if unread:
        pending |= {item.failure.task_key for item in unread}
        yield _with_unread(_look(run, found, pending), found, unread)


def _with_unread(look: Look, found: list[TaskDiagnosis], unread: list[TaskDiagnosis]) -> Look:
    """Add what is known without what could not be read: a cause, or that there is none yet.

    What is not known yet is no cause of its own, by which failures could be counted together.
    """
    causes = [*found, *(item for item in unread if item.diagnosis.category is not Category.UNKNOWN)]
    notes = tuple(dict.fromkeys(f"{item.failure.task_key}: {item.failure.note}" for item in unread))
    diagnosis = replace(look.diagnosis, groups=group_causes(causes), notes=notes)
    tried = frozenset(item.failure.task_key for item in unread)
    return replace(look, diagnosis=diagnosis, details=tuple(causes), unread=notes, tried=tried)


def _failed_parts(run: Run, found: list[TaskDiagnosis]) -> int:
    """What a run without failed tasks reports as failed; of a stopped one no task failed."""
    return 0 if run.outcome in STOPPED else len(found)


def with_pending(look: Look, count: int) -> Look:
    """The look, with so many failed tasks still to be read."""
    return replace(look, diagnosis=replace(look.diagnosis, pending_count=count))


def last(all_looks: Iterator[Look]) -> Look:
    """The complete look, for who need not know earlier."""
    return deque(all_looks, maxlen=1)[0]


def _failures(
    workspace: Workspace, run: Run, tasks: Sequence[TaskRun], within: timedelta | None
) -> Iterator[TaskFailure]:
    if run.failed_tasks:
        return workspace.failures(run, tasks, within=within)
    if run.outcome is Outcome.SUCCEEDED:
        return workspace.soft_failures(run)
    if run.outcome in STOPPED:
        return iter((TaskFailure(task_key="the run", termination=run.termination),))
    return iter(())


def _look(run: Run, found: list[TaskDiagnosis], pending: Collection[str]) -> Look:
    return Look(
        run=run,
        diagnosis=RunDiagnosis(
            groups=group_causes(found),
            failed_count=len(run.failed_tasks) or _failed_parts(run, found),
            downstream_count=len(run.downstream_tasks),
            pending_count=len(pending),
        ),
        details=tuple(found),
        pending=frozenset(pending),
    )
