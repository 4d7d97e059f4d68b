"""Ask Databricks for a repair, once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from jobmon.errors import DoubtfulError, PermanentError, TransientError
from jobmon.ports.workspace import Workspace
from jobmon.run import RepairId, Run, RunId

LOOKS = 3
BETWEEN_LOOKS = timedelta(seconds=2)
"""A run's history lags behind a repair that has just begun."""


def repair_once(
    workspace: Workspace,
    run: Run,
    *,
    tasks: Sequence[str] = (),
    parameters: Mapping[str, str] | None = None,
    sleep: Callable[[timedelta], None],
) -> RepairId:
    """Ask for a repair, once.

    A doubtful answer is settled by the run's history, never by asking again. Raises
    PermanentError when the history shows no new repair, DoubtfulError when it cannot be read.
    """
    try:
        return workspace.repair(run, tasks=tasks, parameters=parameters or None)
    except DoubtfulError as exc:
        begun = begun_since(workspace, run.run_id, before=run.repair_id, sleep=sleep)
        if begun is not None:
            return begun
        raise PermanentError(
            f"Databricks did not say whether the repair of run {run.run_id} began, and the "
            "run's history shows none. Look at the run before asking again."
        ) from exc


def begun_since(
    workspace: Workspace,
    run_id: RunId,
    *,
    before: RepairId | None,
    sleep: Callable[[timedelta], None],
) -> RepairId | None:
    """The latest repair, if there is a newer one than `before`.

    Raises DoubtfulError when the history cannot be read.
    """
    unread: TransientError | None = None
    for look in range(LOOKS):
        if look:
            sleep(BETWEEN_LOOKS)
        try:
            known = [item.repair_id for item in workspace.repairs(run_id)]
        except TransientError as exc:
            unread = exc
            continue
        unread = None
        if known and known[-1] != before:
            return known[-1]
    if unread is not None:
        raise DoubtfulError(
            f"whether the repair of run {run_id} has begun is not known: {unread}. Look at the "
            "run before you ask again"
        ) from unread
    return None
