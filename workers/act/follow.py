"""Look at a run again soon after a person set it going: its outcome belongs in the thread."""

from datetime import timedelta

from jobmon.run import Run, RunEvent, RunEventKind
from workers.diagnose import follow_up
from workers.services import Services

FIRST_LOOK = timedelta(seconds=10)


def follow(services: Services, run: Run) -> None:
    """Ask for the first look; each look asks for the next until the run has ended."""
    now = services.now()
    event = RunEvent(
        kind=RunEventKind.FOLLOWED,
        workspace_id=run.workspace_id,
        run_id=run.run_id,
        job_id=run.job_id,
        job_name=run.job_name,
        received_at=now,
    )
    services.queue.put(follow_up(run, at=now, event=event), delay=FIRST_LOOK)
