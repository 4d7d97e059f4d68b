"""What to cancel asks to stop: a job's run, and no run of which only a task was named. Pure."""

from jobmon.errors import PermanentError
from jobmon.run import Run


def require_whole(run: Run, number: int) -> None:
    """Refuse the number of a task's run: to stop its job's run stops the other tasks, too.

    Raises PermanentError that names the number of the whole.
    """
    if number != run.run_id:
        raise PermanentError(
            f"{number} is the run of one task: `cancel {run.run_id}` stops the whole run that it "
            "belongs to"
        )
