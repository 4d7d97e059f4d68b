"""The Jobs API, version 2.2, as far as jobmon speaks it."""

from jobmon.demo.workspace.answers import ApiError, Body, Request, invalid, missing
from jobmon.demo.workspace.attempts import Attempts
from jobmon.demo.workspace.content import Content
from jobmon.demo.workspace.limits import GetOutputLimit

PAGE = 100
MULTIPLE_TASKS = (
    "Retrieving the output of runs with multiple tasks is not supported. "
    "Please retrieve the output of each individual task run instead."
)


class JobsApi:
    """Reads of runs and jobs."""

    def __init__(self, content: Content, attempts: Attempts, limit: GetOutputLimit) -> None:
        self._content = content
        self._attempts = attempts
        self._limit = limit

    def runs_get(self, request: Request) -> Body:
        """One run with a page of its tasks; a for-each task run with a page of iterations."""
        run_id = request.number("run_id")
        if run_id not in self._content.runs:
            return self._task_run(run_id, request)
        run = dict(self._content.run(run_id))
        history = run.pop("repair_history", [])
        if request.flag("include_history"):
            run["repair_history"] = history
        return _paged({**run, "job_run_id": run_id}, "tasks", request)

    def runs_get_output(self, request: Request) -> Body:
        """What a task run left behind."""
        self._limit.take()
        run_id = request.number("run_id")
        if run_id in self._content.runs and self._content.runs[run_id].get("tasks"):
            raise invalid(MULTIPLE_TASKS)
        output = self._content.outputs.get(run_id)
        found = self._content.task_run(run_id)
        if output is None and found is None and run_id not in self._content.runs:
            msg = f"Run {run_id} does not exist."
            raise invalid(msg)
        if isinstance(output, ApiError):
            raise output
        if found or run_id in self._content.runs:
            metadata = {"run_type": "JOB_RUN", **(found[1] if found else self._content.run(run_id))}
        else:
            metadata = {"run_type": "WORKFLOW_RUN", "run_id": run_id}
        return {**(output or {}), "metadata": metadata}

    def runs_list(self, request: Request) -> Body:
        """Runs, newest first, without their tasks."""
        limit = int(request.text("limit", "20"))
        if not 0 < limit <= 25:  # noqa: PLR2004 (the documented page size)
            msg = f"limit must be between 1 and 25, was {limit}"
            raise invalid(msg)
        runs = [run for run in self._content.runs.values() if self._is_listed(run, request)]
        runs.sort(key=lambda run: (run["start_time"], run["run_id"]), reverse=True)
        start = int(request.text("page_token", "0"))
        hidden = ("tasks", "repair_history")
        page = [
            {key: value for key, value in run.items() if key not in hidden}
            for run in runs[start : start + limit]
        ]
        answer: Body = {"runs": page, "has_more": len(runs) > start + limit}
        if answer["has_more"]:
            answer["next_page_token"] = str(start + limit)
        return answer

    def jobs_get(self, request: Request) -> Body:
        """One job."""
        job_id = request.number("job_id")
        if job_id not in self._content.jobs:
            msg = f"Job {job_id} does not exist."
            raise invalid(msg)
        return self._content.jobs[job_id]

    def jobs_list(self, request: Request) -> Body:
        """Jobs, by name if one is given; names are compared without regard to case."""
        name = request.text("name").lower()
        jobs = self._content.jobs.values()
        return {
            "jobs": [job for job in jobs if name in ("", job["settings"]["name"].lower())],
            "has_more": False,
        }

    def permissions(self, request: Request) -> Body:
        """Who may do what with a job."""
        job_id = int(request.rest)
        if job_id not in self._content.jobs:
            msg = f"Job {job_id} does not exist."
            raise missing(msg)
        return {
            "object_id": f"/jobs/{job_id}",
            "object_type": "job",
            "access_control_list": self._content.permissions.get(job_id, []),
        }

    def _task_run(self, run_id: int, request: Request) -> Body:
        found = self._content.task_run(run_id)
        if found is None:
            msg = f"Run {run_id} does not exist."
            raise invalid(msg)
        run, task = found
        body = {**task, "job_id": run.get("job_id"), "job_run_id": run["run_id"], "tasks": [task]}
        body["run_name"] = task["task_key"]
        iterations = self._content.iterations.get(run_id)
        if iterations is None:
            return body
        return _paged({**body, "iterations": list(iterations)}, "iterations", request)

    def _is_listed(self, run: Body, request: Request) -> bool:
        job_id = request.text("job_id")
        active = self._attempts.is_active(run)
        return (
            job_id in ("", str(run.get("job_id")))
            and not (request.flag("completed_only") and active)
            and not (request.flag("active_only") and not active)
            and run["start_time"] >= int(request.text("start_time_from", "0"))
            and run["start_time"] <= int(request.text("start_time_to", str(2**63)))
        )


def _paged(body: Body, key: str, request: Request) -> Body:
    entries = body.get(key, [])
    start = int(request.text("page_token", "0"))
    page = {**body, key: entries[start : start + PAGE]}
    if len(entries) > start + PAGE:
        page["next_page_token"] = str(start + PAGE)
    return page
