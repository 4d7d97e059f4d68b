"""What jobmon does to runs: repair, run now, cancel. A doubtful request is never sent twice."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from jobmon.databricks.api import JOBS, Api
from jobmon.databricks.fields import Json, integer, mappings, moment, text
from jobmon.databricks.run_reader import repair_ids, repair_items
from jobmon.errors import DoubtfulError
from jobmon.ports.workspace import Repair
from jobmon.run import JobId, RepairId, Run, RunId

MAX_TOKEN = 64  # https://docs.databricks.com/api/workspace/jobs/runnow


class Actions:
    """Sends the requests that change something."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def repairs(self, run_id: RunId) -> tuple[Repair, ...]:
        """The repairs of a run, oldest first."""
        return tuple(
            Repair(repair_id=RepairId(repair_id), started_at=moment(item, "start_time"))
            for item in repair_items(self._history(run_id))
            if (repair_id := integer(item, "id")) is not None
        )

    def repair(
        self, run: Run, *, tasks: Sequence[str], parameters: Mapping[str, str] | None
    ) -> RepairId:
        """Repair a run in place, naming the latest repair as Databricks wants it."""
        history = self._history(run.run_id)
        body: dict[str, object] = {"run_id": run.run_id, "rerun_dependent_tasks": True}
        if tasks:
            # Databricks refuses a key that is named twice.
            body["rerun_tasks"] = list(dict.fromkeys(tasks))
        else:
            body["rerun_all_failed_tasks"] = True
        if repairs := repair_ids(history):
            body["latest_repair_id"] = repairs[-1]
        # A repair sees the job's defaults instead of the run's own parameters unless it is told:
        # https://github.com/apache/airflow/issues/64828
        if kept := {**_job_parameters(history), **(parameters or {})}:
            body["job_parameters"] = kept
        what = f"the repair of run {run.run_id}"
        answer = self._api.post_once(f"{JOBS}/runs/repair", body, what=what)
        repair_id = integer(answer, "repair_id")
        if repair_id is None:
            msg = f"{self._api.host} answered {what} without an id: it may or may not be done"
            raise DoubtfulError(msg)
        return RepairId(repair_id)

    def run_now(self, job_id: JobId, *, token: str, parameters: Mapping[str, str] | None) -> RunId:
        """Start a run; the token makes repeating the request harmless."""
        body: dict[str, object] = {"job_id": job_id, "idempotency_token": _fitting(token)}
        if parameters:
            body["job_parameters"] = dict(parameters)
        what = f"a new run of job {job_id}"
        run_id = integer(self._api.post(f"{JOBS}/run-now", body, what=what), "run_id")
        if run_id is None:
            msg = f"{self._api.host} answered {what} without an id: it may or may not be started"
            raise DoubtfulError(msg)
        return RunId(run_id)

    def cancel(self, run_id: RunId) -> None:
        """Ask a run to stop; asking twice is harmless."""
        self._api.post(f"{JOBS}/runs/cancel", {"run_id": run_id}, what=f"run {run_id}")

    def _history(self, run_id: RunId) -> tuple[Json, ...]:
        query = {"run_id": run_id, "include_history": True}
        return tuple(self._api.pages(f"{JOBS}/runs/get", query, what=f"run {run_id}"))


def _job_parameters(pages: Sequence[Json]) -> dict[str, str]:
    return {
        name: text(parameter, "default" if parameter.get("value") is None else "value")
        for page in pages
        for parameter in mappings(page, "job_parameters")
        if (name := text(parameter, "name"))
    }


def _fitting(token: str) -> str:
    return token if len(token) <= MAX_TOKEN else sha256(token.encode()).hexdigest()
