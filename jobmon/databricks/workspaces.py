"""The configured workspaces, each connected when it is first needed."""

import os
from collections.abc import Sequence
from threading import Lock

from databricks.sdk.clock import Clock, RealClock

from jobmon.databricks.api import Api
from jobmon.databricks.client import build_client
from jobmon.databricks.faults import Attempted, translated
from jobmon.databricks.workspace import SdkWorkspace
from jobmon.errors import JobmonError, PermanentError
from jobmon.ports.notifier import RateLimiter
from jobmon.run import WorkspaceId
from jobmon.settings import WorkspaceSettings


class SdkWorkspaces:
    """Implements `jobmon.ports.workspace.Workspaces`; may be shared by threads.

    Clients are built in the process that uses them: one inherited through a fork would share its
    sockets and locks with the parent.
    """

    def __init__(
        self,
        settings: Sequence[WorkspaceSettings],
        *,
        limiter: RateLimiter,
        clock: Clock | None = None,
        read_job_tags: bool = False,
    ) -> None:
        self._settings = tuple(settings)
        self._limiter = limiter
        self._clock = clock or RealClock()
        self._read_job_tags = read_job_tags
        self._lock = Lock()
        self._pid = os.getpid()
        self._connected: dict[str, SdkWorkspace] = {}

    def get(self, workspace_id: WorkspaceId | None) -> SdkWorkspace:
        """The workspace with this id; the only one when the id is None."""
        if workspace_id is None:
            if len(self._settings) != 1:
                msg = "several workspaces are configured: say which one is meant"
                raise PermanentError(msg)
            return self._connect(self._settings[0])
        for settings in self._settings:
            if settings.workspace_id == workspace_id:
                return self._connect(settings)
        return self._by_asking(workspace_id)

    def all(self) -> tuple[SdkWorkspace, ...]:
        """Every configured workspace."""
        return tuple(self._connect(settings) for settings in self._settings)

    def _by_asking(self, workspace_id: WorkspaceId) -> SdkWorkspace:
        unreachable: JobmonError | None = None
        for settings in self._settings:
            if settings.workspace_id is not None:
                continue
            try:
                workspace = self._connect(settings)
            except JobmonError as exc:
                unreachable = exc
                continue
            if workspace.workspace_id == workspace_id:
                return workspace
        if unreachable is not None:
            raise unreachable
        msg = (
            f"workspace {workspace_id} is not configured: "
            "set DATABRICKS_HOST for it, or add it to the [[workspaces]] of jobmon.toml"
        )
        raise PermanentError(msg)

    def _connect(self, settings: WorkspaceSettings) -> SdkWorkspace:
        with self._lock:
            if self._pid != os.getpid():
                self._connected.clear()
                self._pid = os.getpid()
            known = self._connected.get(settings.name)
            if known is None:
                known = self._connected[settings.name] = self._new(settings)
            return known

    def _new(self, settings: WorkspaceSettings) -> SdkWorkspace:
        client = build_client(settings, clock=self._clock)
        host = str(client.config.host).rstrip("/")
        workspace_id = settings.workspace_id
        if workspace_id is None:
            with translated("the workspace's id", host, Attempted.READ):
                workspace_id = client.get_workspace_id()
        return SdkWorkspace(
            Api(client.api_client, host=host),
            workspace_id=WorkspaceId(workspace_id),
            limiter=self._limiter,
            clock=self._clock,
            environment=settings.environment,
            read_job_tags=self._read_job_tags,
        )
