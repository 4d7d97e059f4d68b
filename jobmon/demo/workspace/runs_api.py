"""The part of the Jobs API that changes runs."""

from jobmon.demo.workspace.answers import Body, Request, invalid
from jobmon.demo.workspace.attempts import Attempts
from jobmon.demo.workspace.content import Content
from jobmon.demo.workspace.states import RUNNING

MAX_TOKEN = 64
UNSUCCESSFUL = ("FAILED", "TIMEDOUT", "CANCELED", "UPSTREAM_FAILED", "UPSTREAM_CANCELED")


class RunsApi:
    """Repair, run now and cancel, with the rules the documentation states."""

    def __init__(self, content: Content, attempts: Attempts) -> None:
        self._content = content
        self._attempts = attempts

    def repair(self, request: Request) -> Body:
        """Run failed or chosen tasks again in the same run."""
        run = self._content.run(request.number("run_id"))
        if self._attempts.is_active(run):
            msg = f"Run {run['run_id']} cannot be repaired while it is active."
            raise invalid(msg)
        keys = self._keys(run, request)
        history = run.setdefault("repair_history", [_original(run)])
        known = [item["id"] for item in history if "id" in item]
        if known and str(request.parameters.get("latest_repair_id")) != str(known[-1]):
            msg = "The latest repair ID needs to be provided in order to create a new repair"
            raise invalid(msg)
        repair_id = self._attempts.new_id()
        task_run_ids = self._attempts.start(run, keys, repair_id=repair_id)
        now = self._attempts.now()
        item = {"type": "REPAIR", "id": repair_id, "start_time": now, "end_time": 0}
        history.append({**item, "task_run_ids": task_run_ids, **RUNNING})
        run["repaired_with"] = dict(request.parameters)
        return {"repair_id": repair_id}

    def run_now(self, request: Request) -> Body:
        """Start a run like the job's latest; the same token gives the same run."""
        job_id = request.number("job_id")
        token = request.text("idempotency_token")
        if len(token) > MAX_TOKEN:
            msg = f"idempotency_token is longer than {MAX_TOKEN} characters"
            raise invalid(msg)
        if token and token in self._content.idempotency:
            return {"run_id": self._content.idempotency[token]}
        known = [run for run in self._content.runs.values() if run.get("job_id") == job_id]
        if not known:
            msg = f"Job {job_id} does not exist."
            raise invalid(msg)
        run_id = self._new_run(known[-1], request)
        if token:
            self._content.idempotency[token] = run_id
        return {"run_id": run_id, "number_in_job": run_id}

    def cancel(self, request: Request) -> Body:
        """Stop a run; one that has ended stays as it is."""
        self._attempts.cancel(self._content.run(request.number("run_id")))
        return {}

    def _keys(self, run: Body, request: Request) -> list[str]:
        latest = {task["task_key"]: task for task in run["tasks"]}
        named = request.parameters.get("rerun_tasks")
        all_failed = request.flag("rerun_all_failed_tasks")
        if bool(named) == all_failed:
            msg = "Exactly one of rerun_tasks and rerun_all_failed_tasks has to be given."
            raise invalid(msg)
        if named and len(set(named)) != len(named):
            msg = "rerun_tasks cannot contain duplicate task keys."
            raise invalid(msg)
        if unknown := [key for key in named or () if key not in latest]:
            msg = f"Task {unknown[0]} does not exist in run {run['run_id']}."
            raise invalid(msg)
        failed = [k for k, task in latest.items() if _result(task) in UNSUCCESSFUL]
        keys = list(named) if named else failed
        if not keys:
            msg = f"Run {run['run_id']} has no failed tasks to repair."
            raise invalid(msg)
        return _with_dependents(latest, keys) if request.flag("rerun_dependent_tasks") else keys

    def _new_run(self, like: Body, request: Request) -> int:
        run_id = self._attempts.new_id()
        latest = {task["task_key"]: task for task in like["tasks"]}
        run = {key: value for key, value in like.items() if key != "repair_history"}
        run.update(run_id=run_id, start_time=self._attempts.now(), tasks=list(latest.values()))
        run["started_with"] = dict(request.parameters)
        self._content.runs[run_id] = run
        self._attempts.start(run, list(latest))
        # A new run has first attempts only.
        run["tasks"] = [{**task, "attempt_number": 0} for task in run["tasks"][len(latest) :]]
        return run_id


def _original(run: Body) -> Body:
    return {
        "type": "ORIGINAL",
        "start_time": run["start_time"],
        "end_time": run.get("end_time", 0),
        "state": run["state"],
        "status": run["status"],
        "task_run_ids": [task["run_id"] for task in run["tasks"]],
    }


def _result(task: Body) -> str:
    return str(task["state"].get("result_state", ""))


def _with_dependents(latest: dict[str, Body], keys: list[str]) -> list[str]:
    chosen = dict.fromkeys(keys)
    for key, task in latest.items():
        if any(above["task_key"] in chosen for above in task.get("depends_on", ())):
            chosen.setdefault(key)
    return list(chosen) if len(chosen) == len(keys) else _with_dependents(latest, list(chosen))
