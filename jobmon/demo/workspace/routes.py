"""Every call the pretend workspace knows, and the parameters each may have."""

from collections.abc import Callable
from dataclasses import dataclass

from jobmon.demo.workspace.answers import Answer, ApiError, Body, Request, invalid
from jobmon.demo.workspace.compute_api import ComputeApi
from jobmon.demo.workspace.identity_api import IdentityApi
from jobmon.demo.workspace.jobs_api import JobsApi
from jobmon.demo.workspace.runs_api import RunsApi

Serve = Callable[[Request], Body | Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One call; a path that ends in `*` stands for all below it."""

    method: str
    path: str
    serve: Serve
    parameters: str = ""

    def fits(self, method: str, path: str) -> bool:
        """Whether a call goes here."""
        if self.path.endswith("*"):
            return method == self.method and path.startswith(self.path[:-1])
        return (method, path) == (self.method, self.path)


class Routes:
    """Finds the route of a call and refuses parameters the API does not have."""

    def __init__(
        self, *, jobs: JobsApi, runs: RunsApi, compute: ComputeApi, identity: IdentityApi
    ) -> None:
        jobs_path, scim = "/api/2.2/jobs", "/api/2.0/preview/scim/v2"
        self._routes = (
            Route("GET", "/.well-known/databricks-config", identity.discovery),
            Route("GET", "/oidc/.well-known/oauth-authorization-server", identity.oidc),
            Route("POST", "/oidc/v1/token", identity.oidc_token, "grant_type scope"),
            Route("GET", f"{scim}/Me", identity.me),
            Route("GET", f"{scim}/Users", identity.users, "filter attributes"),
            Route(
                "GET",
                f"{jobs_path}/runs/get",
                jobs.runs_get,
                "run_id include_history include_resolved_values page_token",
            ),
            Route("GET", f"{jobs_path}/runs/get-output", jobs.runs_get_output, "run_id"),
            Route(
                "GET",
                f"{jobs_path}/runs/list",
                jobs.runs_list,
                "job_id active_only completed_only limit page_token start_time_from start_time_to"
                " expand_tasks run_type",
            ),
            Route(
                "POST",
                f"{jobs_path}/runs/repair",
                runs.repair,
                "run_id rerun_tasks rerun_all_failed_tasks rerun_dependent_tasks latest_repair_id"
                " job_parameters",
            ),
            Route("POST", f"{jobs_path}/runs/cancel", runs.cancel, "run_id"),
            Route(
                "POST",
                f"{jobs_path}/run-now",
                runs.run_now,
                "job_id idempotency_token job_parameters only queue",
            ),
            Route("GET", f"{jobs_path}/get", jobs.jobs_get, "job_id page_token"),
            Route("GET", f"{jobs_path}/list", jobs.jobs_list, "name limit page_token expand_tasks"),
            Route("GET", "/api/2.0/permissions/jobs/*", jobs.permissions),
            Route("GET", "/api/2.1/clusters/get", compute.cluster, "cluster_id"),
            Route("GET", "/api/2.0/dbfs/get-status", compute.dbfs_status, "path"),
            Route("GET", "/api/2.0/dbfs/read", compute.dbfs_read, "path offset length"),
            Route("GET", "/api/2.0/fs/files/*", compute.volume_file),
            Route("HEAD", "/api/2.0/fs/files/*", compute.volume_file),
            Route(
                "GET",
                "/api/2.0/pipelines/*",
                compute.pipeline_events,
                "filter order_by max_results page_token",
            ),
        )

    def serve(self, request: Request) -> Body | Answer:
        """Answer a call."""
        for route in self._routes:
            if not route.fits(request.method, request.path):
                continue
            allowed = route.parameters.split()
            if unknown := [name for name in request.parameters if name not in allowed]:
                msg = f"Unknown parameter {unknown[0]} for {request.path}"
                raise invalid(msg)
            rest = request.path.removeprefix(route.path[:-1]) if route.path[-1] == "*" else ""
            return route.serve(_with_rest(request, rest))
        raise ApiError(404, "ENDPOINT_NOT_FOUND", f"No API found for '{request.path}'")


def _with_rest(request: Request, rest: str) -> Request:
    return Request(
        method=request.method,
        path=request.path,
        parameters=request.parameters,
        headers=request.headers,
        rest=rest,
    )
