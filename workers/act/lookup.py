"""Find jobs and runs by what people type, in all workspaces."""

from jobmon.errors import NotFound, PermanentError
from jobmon.ports.workspace import Job
from jobmon.run import Run, RunId, WorkspaceId
from workers.act.unknown import unknown_job
from workers.services import Services


def find_job(services: Services, name: str) -> tuple[WorkspaceId, Job]:
    """The one job with this id or exact name.

    Raises NotFound when no workspace has it, PermanentError when several have.
    """
    found: list[tuple[WorkspaceId, Job]] = []
    for workspace in services.workspaces.all():
        try:
            found.append((workspace.workspace_id, workspace.job(name)))
        except NotFound:
            continue
    if len(found) > 1:
        raise PermanentError("several workspaces have such a job: name one of its runs instead")
    if not found:
        open_ones = services.store.incidents(open_only=True)
        raise unknown_job(name, hosts(services), known=(item.job_name for item in open_ones))
    return found[0]


def hosts(services: Services) -> tuple[str, ...]:
    """Where jobmon looks for runs and jobs.

    Raises NotFound where that is nowhere.
    """
    found = tuple(workspace.host for workspace in services.workspaces.all())
    if not found:
        raise NotFound("no workspace is configured, see `jobmon check`")
    return found


def find_run(services: Services, run_id: RunId) -> Run | None:
    """The run with this number; a task run's number gives the run it belongs to."""
    for workspace in services.workspaces.all():
        try:
            return workspace.run(run_id)
        except NotFound:
            continue
    return None


def latest_run_of(services: Services, workspace_id: WorkspaceId, job: Job) -> Run:
    """The newest run of a job, with its tasks."""
    workspace = services.workspaces.get(workspace_id)
    for run in workspace.runs_of(job.job_id, limit=1):
        return workspace.run(run.run_id)
    raise NotFound("this job has no runs yet")
