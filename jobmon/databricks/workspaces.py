"""The configured workspaces, each connected when it is first needed."""

import os
from collections.abc import Sequence
from threading import Lock

from databricks.sdk import WorkspaceClient
from databricks.sdk.clock import Clock, RealClock
from databricks.sdk.errors.base import DatabricksError

from jobmon.databricks.api import Api
from jobmon.databricks.client import Patience, build_client
from jobmon.databricks.workspace import SdkWorkspace
from jobmon.errors import PermanentError
from jobmon.ports.notifier import RateLimiter
from jobmon.run import WorkspaceId
from jobmon.settings import WorkspaceSettings

UNKNOWN_WORKSPACE = WorkspaceId(0)
"""The id of a workspace that did not say it, until an event does.

It has one, which is not known, while `jobmon.run.NO_WORKSPACE` is for what belongs to none.
"""


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
        patience: Patience = Patience.WORKER,
    ) -> None:
        self._settings = tuple(settings)
        self._limiter = limiter
        self._clock = clock or RealClock()
        self._read_job_tags = read_job_tags
        self._patience = patience
        self._lock = Lock()
        self._pid = os.getpid()
        self._connected: dict[str, SdkWorkspace] = {}

    def get(self, workspace_id: WorkspaceId | None) -> SdkWorkspace:
        """The workspace with this id; the only one when the id is None.

        A single workspace without an id in the settings is taken at the event's word: the event was
        authenticated, and asking would cost a call. If Databricks says another id, it is refused.
        """
        if workspace_id is None:
            if len(self._settings) != 1:
                msg = "several workspaces are configured: say which one is meant"
                raise PermanentError(msg)
            return self._connect(self._settings[0])
        for settings in self._settings:
            if settings.workspace_id == workspace_id:
                return self._connect(settings)
        if len(self._settings) == 1 and self._settings[0].workspace_id is None:
            workspace = self._connect(self._settings[0], assumed=workspace_id)
            if workspace.workspace_id == workspace_id:
                return workspace
        raise _not_configured(workspace_id)

    def all(self) -> tuple[SdkWorkspace, ...]:
        """Every configured workspace."""
        return tuple(self._connect(settings) for settings in self._settings)

    def _connect(
        self, settings: WorkspaceSettings, *, assumed: WorkspaceId | None = None
    ) -> SdkWorkspace:
        with self._lock:
            if self._pid != os.getpid():
                self._connected.clear()
                self._pid = os.getpid()
            known = self._connected.get(settings.name)
            if known is None or (assumed and known.workspace_id == UNKNOWN_WORKSPACE):
                known = self._connected[settings.name] = self._new(settings, assumed=assumed)
            return known

    def _new(self, settings: WorkspaceSettings, *, assumed: WorkspaceId | None) -> SdkWorkspace:
        client = build_client(settings, clock=self._clock, patience=self._patience)
        host = str(client.config.host).rstrip("/")
        workspace_id = settings.workspace_id or _said_by_host(client) or assumed
        return SdkWorkspace(
            Api(client.api_client, host=host),
            workspace_id=WorkspaceId(workspace_id or _asked(client)),
            limiter=self._limiter,
            clock=self._clock,
            environment=settings.environment,
            read_job_tags=self._read_job_tags,
        )


def _said_by_host(client: WorkspaceClient) -> int | None:
    """The id in the host's own description, which the SDK has read already."""
    said = str(client.config.workspace_id or "")
    return int(said) if said.isdecimal() else None


def _asked(client: WorkspaceClient) -> WorkspaceId:
    try:
        return WorkspaceId(client.get_workspace_id())
    except (DatabricksError, OSError, TypeError, ValueError):
        return UNKNOWN_WORKSPACE


def _not_configured(workspace_id: WorkspaceId) -> PermanentError:
    return PermanentError(
        f"workspace {workspace_id} is not configured: "
        "set DATABRICKS_HOST for it, or add it to the [[workspaces]] of jobmon.toml"
    )
