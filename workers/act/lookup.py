"""Find jobs and runs by what people type, in all workspaces."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

from jobmon.errors import JobmonError, NotFound, PermanentError
from jobmon.ids import id_in
from jobmon.ports.workspace import Job
from jobmon.run import Run, RunId, WorkspaceId
from workers.act.everywhere import Said, ask_each
from workers.act.unknown import unknown_job
from workers.services import Services

T = TypeVar("T")


def find_job(services: Services, name: str) -> tuple[WorkspaceId, Job]:
    """The one job with this id or exact name.

    Raises NotFound when no workspace has it, PermanentError when several have, or may have; and
    where none has it what one raised that did not answer.
    """
    said = tuple(ask_each(services, lambda workspace: workspace.job(name)))
    found = [(item.workspace.workspace_id, item.answer) for item in said if item.answer]
    faults = _faults(said)
    if len(found) > 1:
        raise PermanentError("several workspaces have such a job: name one of its runs instead")
    if found and faults and id_in(name) is None:
        workspace_id, job = found[0]
        raise PermanentError(
            f"{faults[0]}, so it may have a job of this name, too. The one on "
            f"{services.workspaces.get(workspace_id).host} has the id {job.job_id}: name that"
        )
    if found:
        return found[0]
    if faults:
        raise faults[0]
    open_ones = services.store.incidents(open_only=True)
    raise unknown_job(name, hosts(services), known=(item.job_name for item in open_ones))


def hosts(services: Services) -> tuple[str, ...]:
    """Where jobmon looks for runs and jobs.

    Raises NotFound where that is nowhere.
    """
    found = tuple(workspace.host for workspace in services.workspaces.all())
    if not found:
        raise NotFound("no workspace is configured, see `jobmon check`")
    return found


def find_run(services: Services, run_id: RunId) -> Run | None:
    """The run with this number; a task run's number gives the run it belongs to.

    Raises what a workspace raised that did not answer, where none of the others has it.
    """
    silent = []
    for said in ask_each(services, lambda workspace: workspace.run(run_id)):
        if said.answer is not None:
            return said.answer
        silent.append(said)
    faults = _faults(silent)
    if faults:
        raise faults[0]
    return None


def newest_runs(services: Services, *, limit: int) -> tuple[tuple[Run, ...], tuple[str, ...]]:
    """The newest runs of each workspace, newest first, and which workspaces did not say theirs.

    Raises what one of them raised where none answers.
    """
    share = max(limit // max(len(services.workspaces.all()), 1), 1)
    said = tuple(ask_each(services, lambda workspace: workspace.runs_of(None, limit=share)))
    faults = _faults(said)
    if faults and len(faults) == len(said):
        raise faults[0]
    found = sorted((run for item in said for run in item.answer or ()), key=_began, reverse=True)
    return tuple(found), tuple(sorted(str(fault) for fault in faults))


def latest_run_of(services: Services, workspace_id: WorkspaceId, job: Job) -> Run:
    """The newest run of a job, with its tasks."""
    workspace = services.workspaces.get(workspace_id)
    for run in workspace.runs_of(job.job_id, limit=1):
        return workspace.run(run.run_id)
    raise NotFound("this job has no runs yet")


def _began(run: Run) -> tuple[datetime, RunId]:
    return run.started_at or datetime.min.replace(tzinfo=UTC), run.run_id


def _faults(said: Iterable[Said[T]]) -> list[JobmonError]:
    return [item.fault for item in said if item.fault]
