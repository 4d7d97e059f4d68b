"""A limiter and a clock that tests can look at, and ways to connect to a pretend workspace."""

from datetime import UTC, datetime, timedelta

from databricks.sdk.clock import Clock

from jobmon.databricks.workspace import SdkWorkspace
from jobmon.databricks.workspaces import SdkWorkspaces
from jobmon.demo.scenarios import SCENARIOS
from jobmon.demo.scenarios.building import RunBuilder
from jobmon.demo.workspace import PretendWorkspace
from jobmon.diagnosis import TaskFailure
from jobmon.run import RunId
from jobmon.settings import Secret, WorkspaceSettings

STARTED_AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
RUN_ID = 884_213_907_455_120


class CountingLimiter:
    """Grants every slot at once, or after `wait`."""

    def __init__(self, wait: timedelta = timedelta(0)) -> None:
        self.wait = wait
        self.reserved: list[tuple[str, float, int]] = []
        self.paused: list[tuple[str, timedelta]] = []

    def reserve(
        self, bucket: str, *, rate: float, burst: int, at_most: timedelta | None = None
    ) -> timedelta:
        self.reserved.append((bucket, rate, burst))
        return self.wait

    def pause(self, bucket: str, duration: timedelta) -> None:
        self.paused.append((bucket, duration))


class SteppingClock(Clock):
    """Moves only when somebody sleeps."""

    def __init__(self, now: datetime = STARTED_AT + timedelta(days=1)) -> None:
        self.now = now.timestamp()
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def connected(
    pretend: PretendWorkspace,
    *,
    limiter: CountingLimiter | None = None,
    clock: Clock | None = None,
    read_job_tags: bool = False,
) -> SdkWorkspace:
    """The real adapter, connected to a pretend workspace."""
    settings = WorkspaceSettings(host=pretend.url, token=Secret(pretend.token))
    workspaces = SdkWorkspaces(
        [settings],
        limiter=limiter or CountingLimiter(),
        clock=clock or SteppingClock(),
        read_job_tags=read_job_tags,
    )
    return workspaces.get(None)


def a_run_builder(run_id: int = RUN_ID, *, job_id: int = 42, name: str = "etl") -> RunBuilder:
    """A run to add tasks to."""
    return RunBuilder(run_id=run_id, job_id=job_id, name=name, started_at=STARTED_AT)


def failures_of(pretend: PretendWorkspace, scenario: str) -> list[TaskFailure]:
    """What the adapter reads of a scenario's failed tasks."""
    pretend.add(SCENARIOS[scenario](RUN_ID, STARTED_AT))
    workspace = connected(pretend)
    run = workspace.run(RunId(RUN_ID))
    return list(workspace.failures(run, run.failed_tasks))
