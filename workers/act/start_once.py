"""Ask Databricks for a new run, once.

While it is not known whether a run has begun, who asks for the same, by its name, asks with the
same token: Databricks then names the run that has begun, or begins the one that has not. A rerun
has one name for everybody; of `run` the person and the parameters are part of the name, since what
two people ask for are two runs.
"""

from collections.abc import Mapping

from jobmon.errors import DoubtfulError, JobmonError
from jobmon.ports.workspace import Workspace
from jobmon.run import JobId, RunId
from workers.act.once import EFFECT_MEMORY
from workers.services import Services

TRIES = 2


def token_in_doubt(services: Services, name: str) -> str:
    """The token of an earlier request of this name whose outcome is not known; empty if none."""
    return services.store.recall_once(_doubt(name)) or ""


def keep_in_doubt(services: Services, name: str, token: str) -> None:
    """Let who asks next ask with this token."""
    services.store.remember_once(_doubt(name), ttl=EFFECT_MEMORY, value=token)


def start_once(
    services: Services,
    workspace: Workspace,
    job_id: JobId,
    *,
    name: str,
    token: str,
    parameters: Mapping[str, str],
) -> RunId:
    """Start a run of a job, or find the one that the token has started already.

    Raises DoubtfulError when that is not known in the end; then the token is kept.
    """
    doubt: JobmonError | None = None
    was_in_doubt = bool(token_in_doubt(services, name))
    for _ in range(TRIES):
        try:
            run_id = workspace.run_now(job_id, token=token, parameters=dict(parameters) or None)
        except JobmonError as exc:
            if not (doubt or was_in_doubt or isinstance(exc, DoubtfulError)):
                raise
            doubt = exc
        else:
            services.store.forget_once(_doubt(name))
            return run_id
    keep_in_doubt(services, name, token)
    minutes = round(EFFECT_MEMORY.total_seconds() / 60)
    raise DoubtfulError(
        f"whether a new run of job {job_id} has begun is not known: {doubt}. Ask again within "
        f"{minutes} minutes to find out: that starts no second one"
    ) from doubt


def _doubt(name: str) -> str:
    return f"doubt-{name}"
