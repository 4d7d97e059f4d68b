"""The pretend workspace itself: what tests and the demo hold in their hands."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic, sleep, time

from jobmon.demo.loopback import Loopback
from jobmon.demo.workspace import webhooks
from jobmon.demo.workspace.answers import Answer, Body, Request
from jobmon.demo.workspace.attempts import Attempts, Plan
from jobmon.demo.workspace.compute_api import ComputeApi
from jobmon.demo.workspace.content import Content, PretendRun
from jobmon.demo.workspace.faults import Fault, Faults
from jobmon.demo.workspace.http import SIGN_IN_PATH, Server, basic
from jobmon.demo.workspace.identity_api import IdentityApi
from jobmon.demo.workspace.jobs_api import JobsApi
from jobmon.demo.workspace.limits import GetOutputLimit
from jobmon.demo.workspace.routes import Routes
from jobmon.demo.workspace.runs_api import RunsApi

WORKSPACE_ID = 7474651234567890
TOKEN = "pretend-workspace-token"  # noqa: S105 (opens nothing but this server)
CLIENT_ID = "5b1f0c2e-pretend-principal"
CLIENT_SECRET = "pretend-client-secret"  # noqa: S105
FIRST_NEW_ID = 990_000_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that came in; `at` is on the monotonic clock."""

    method: str
    path: str
    at: float
    parameters: dict[str, object]


class PretendWorkspace(Loopback):
    """A Databricks workspace on the loopback interface; a context manager.

    `latency` is added to every call; `enforce_limits` refuses get-output calls beyond 20 a
    second, as Databricks does. By `clock`, in seconds, runs begin and end.
    """

    def __init__(
        self,
        *,
        latency: float = 0.0,
        enforce_limits: bool = False,
        workspace_id: int = WORKSPACE_ID,
        token: str = TOKEN,
        port: int = 0,
        clock: Callable[[], float] = time,
    ) -> None:
        self.workspace_id = workspace_id
        self.token = token
        self.client_id = CLIENT_ID
        self.client_secret = CLIENT_SECRET
        self.content = Content()
        self._latency = latency
        self._faults = Faults()
        self._attempts = Attempts(self.content, first_id=FIRST_NEW_ID, clock=clock)
        self._routes = self._make_routes(enforce_limits=enforce_limits)
        self._calls: list[Call] = []
        self._calls_lock = Lock()
        super().__init__(Server(self, port))

    @property
    def url(self) -> str:
        """The host to configure."""
        return self.address

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call so far, in order."""
        with self._calls_lock:
            return tuple(self._calls)

    def calls_to(self, path: str) -> tuple[Call, ...]:
        """The calls whose path ends with `path`."""
        return tuple(call for call in self.calls if call.path.endswith(path))

    def add(self, run: PretendRun) -> PretendRun:
        """Take a run in, as a copy; gives the run back."""
        self.content.add(copy.deepcopy(run))
        return run

    def fail(self, fault: Fault) -> None:
        """Let a fault happen to coming calls."""
        self._faults.plan(fault)

    def recover(self) -> None:
        """Let no fault happen any more."""
        self._faults.forget()

    def repair_outcome(self, job_id: int, *, succeeds: bool = True, takes: float = 0.0) -> None:
        """Decide how the job's next repairs and runs end, and after how many seconds."""
        with self.content.lock:
            self._attempts.plan(job_id, Plan(succeeds=succeeds, takes=takes))

    def allow(self, job_id: int, *, level: str, user: str = "", group: str = "") -> None:
        """Give a user or a group a permission level on a job."""
        entry: Body = {"all_permissions": [{"permission_level": level, "inherited": False}]}
        entry |= {"user_name": user} if user else {"group_name": group}
        with self.content.lock:
            self.content.permissions.setdefault(job_id, []).append(entry)

    def add_user(self, name: str, *, groups: Sequence[str] = ()) -> None:
        """Let a user exist."""
        with self.content.lock:
            self.content.groups[name] = tuple(groups)

    def tag_job(self, job_id: int, **tags: str) -> None:
        """Set tags of a job."""
        with self.content.lock:
            self.content.jobs[job_id]["settings"]["tags"].update(tags)

    def event(
        self,
        run_id: int,
        *,
        kind: str = "jobs.on_failure",
        task_key: str = "",
        ids_as_text: bool = False,
    ) -> Body:
        """What Databricks would post about a run, or about one of its tasks."""
        with self.content.lock:
            run = self.content.runs[run_id]
            wid = self.workspace_id
            if not task_key:
                return webhooks.job_event(run, workspace_id=wid, kind=kind, ids_as_text=ids_as_text)
            task = webhooks.latest_task(run["tasks"], task_key)
            return webhooks.task_event(
                run, task, workspace_id=wid, kind=kind, ids_as_text=ids_as_text
            )

    def post_webhook(
        self,
        url: str,
        *,
        run: PretendRun | int,
        user: str = "",
        password: str = "",
        kind: str = "jobs.on_failure",
        task_key: str = "",
        ids_as_text: bool = False,
    ) -> int:
        """Post an event about a run; the status of the answer."""
        run_id = run if isinstance(run, int) else run.run_id
        body = self.event(run_id, kind=kind, task_key=task_key, ids_as_text=ids_as_text)
        return webhooks.post(url, body, user=user, password=password)

    def arrived(self, request: Request) -> Fault | None:
        """Note a call; the fault that happens to it, if any."""
        call = Call(
            method=request.method,
            path=request.path,
            at=monotonic(),
            parameters=dict(request.parameters),
        )
        with self._calls_lock:
            self._calls.append(call)
        if self._latency:
            sleep(self._latency)
        return self._faults.next_for(request.path)

    def knows(self, authorization: str, path: str) -> bool:
        """Whether the credentials of a call are good."""
        if path == SIGN_IN_PATH:
            return authorization == basic(self.client_id, self.client_secret)
        return authorization == f"Bearer {self.token}"

    def serve(self, request: Request) -> Body | Answer:
        """Answer a call."""
        with self.content.lock:
            self._attempts.settle()
            served = self._routes.serve(request)
            # What is sent may not change while it is written out.
            return copy.deepcopy(served) if isinstance(served, dict) else served

    def _make_routes(self, *, enforce_limits: bool) -> Routes:
        content, limit = self.content, GetOutputLimit(enforced=enforce_limits)
        return Routes(
            jobs=JobsApi(content, self._attempts, limit),
            runs=RunsApi(content, self._attempts),
            compute=ComputeApi(content),
            identity=IdentityApi(content, workspace_id=self.workspace_id, token=self.token),
        )
