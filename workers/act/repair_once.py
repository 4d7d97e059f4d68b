"""Ask Databricks for a repair, once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from jobmon.errors import DoubtfulError, PermanentError, TransientError
from jobmon.ports.workspace import Workspace
from jobmon.run import RepairId, Run

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
    PermanentError when the history shows no new repair.
    """
    try:
        return workspace.repair(run, tasks=tasks, parameters=parameters or None)
    except DoubtfulError as exc:
        for look in range(LOOKS):
            if look:
                sleep(BETWEEN_LOOKS)
            latest = _latest(workspace, run)
            if latest is not None:
                return latest
        raise PermanentError(
            f"Databricks did not say whether the repair of run {run.run_id} began, and the "
            "run's history shows none. Look at the run before asking again."
        ) from exc


def _latest(workspace: Workspace, run: Run) -> RepairId | None:
    """The repair that is newer than what was known; None as well while nobody can tell."""
    try:
        known = [item.repair_id for item in workspace.repairs(run.run_id)]
    except TransientError:
        return None
    newest = known[-1] if known else None
    return newest if newest != run.repair_id else None
