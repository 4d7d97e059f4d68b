"""How runs go on: repairs and new runs take a while, then end as planned."""

from collections.abc import Callable
from dataclasses import dataclass

from jobmon.demo.workspace.answers import Body
from jobmon.demo.workspace.content import Content
from jobmon.demo.workspace.states import RUNNING, ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the next attempts of a job's runs end, and how long they take."""

    succeeds: bool = True
    takes: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Attempts that are running."""

    run_id: int
    task_run_ids: tuple[int, ...]
    due: float
    succeeds: bool
    repair_id: int | None = None


class Attempts:
    """Starts attempts, and ends those that are due."""

    def __init__(self, content: Content, *, first_id: int, clock: Callable[[], float]) -> None:
        self._content = content
        self._clock = clock
        self._next_id = first_id
        self._plans: dict[int, Plan] = {}
        self._pending: list[Pending] = []

    def plan(self, job_id: int, plan: Plan) -> None:
        """Decide how a job's next attempts end."""
        self._plans[job_id] = plan

    def new_id(self) -> int:
        """An id nobody has; less than the ones before, for Databricks promises no order."""
        self._next_id -= 1
        return self._next_id

    def now(self) -> int:
        """The workspace's time, as its API writes it: in milliseconds."""
        return int(self._clock() * 1000)

    def is_active(self, run: Body) -> bool:
        """Whether a run has not ended."""
        return bool(run["status"]["state"] != "TERMINATED")

    def start(self, run: Body, keys: list[str], *, repair_id: int | None = None) -> list[int]:
        """Begin another attempt of the tasks with these keys."""
        latest = {task["task_key"]: task for task in run["tasks"]}
        started = [self._attempt(latest[key]) for key in keys]
        run["tasks"] = [*run["tasks"], *started]
        run.update(RUNNING, end_time=0)
        plan = self._plans.get(run.get("job_id", 0), Plan())
        self._pending.append(
            Pending(
                run_id=run["run_id"],
                task_run_ids=tuple(task["run_id"] for task in started),
                due=self._clock() + plan.takes,
                succeeds=plan.succeeds,
                repair_id=repair_id,
            )
        )
        return [task["run_id"] for task in started]

    def settle(self) -> None:
        """End what is due."""
        now = self._clock()
        due = [pending for pending in self._pending if pending.due <= now]
        self._pending = [pending for pending in self._pending if pending.due > now]
        for pending in due:
            self._end(pending, int(now * 1000))

    def cancel(self, run: Body) -> None:
        """End a run as cancelled."""
        self._pending = [one for one in self._pending if one.run_id != run["run_id"]]
        now = self.now()
        for body in (run, *run["tasks"]):
            if body["status"]["state"] != "TERMINATED":
                body.update(ended("CANCELED", "Run cancelled."), end_time=now)

    def _attempt(self, before: Body) -> Body:
        run_id = self.new_id()
        self._content.outputs[run_id] = self._content.outputs.get(before["run_id"], {})
        now = self.now()
        again = {**before, "run_id": run_id, "start_time": now, "end_time": 0, **RUNNING}
        again["attempt_number"] = before.get("attempt_number", 0) + 1
        again["before"] = {"state": before["state"], "status": before["status"]}
        return again

    def _end(self, pending: Pending, now: int) -> None:
        run = self._content.runs[pending.run_id]
        for task in run["tasks"]:
            if task["run_id"] not in pending.task_run_ids:
                continue
            before = task.pop("before")
            if pending.succeeds:
                task.update(ended("SUCCESS"))
                self._content.outputs[task["run_id"]] = {}
            else:
                task.update(before)
            task["end_time"] = now
        failed = any(_is_failed(task) for task in _latest(run))
        run.update(ended("RUN_FAILED" if failed else "SUCCESS"), end_time=now)
        for item in run.get("repair_history", ()):
            if item.get("id") == pending.repair_id:
                item.update(end_time=now, status=run["status"], state=run["state"])


def _latest(run: Body) -> list[Body]:
    return list({task["task_key"]: task for task in run["tasks"]}.values())


def _is_failed(task: Body) -> bool:
    return task["state"].get("result_state") in ("FAILED", "TIMEDOUT", "UPSTREAM_FAILED")
