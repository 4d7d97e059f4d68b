"""Build the SDK's client from settings, with budgets that nest inside a job's time."""

import logging
from enum import StrEnum
from typing import Any

from databricks.sdk import WorkspaceClient
from databricks.sdk.clock import Clock, RealClock
from databricks.sdk.core import Config

from jobmon.databricks.profiles import host_of
from jobmon.databricks.reach import require_answer
from jobmon.errors import CredentialError, JobmonError, NotSetUp, TransientError
from jobmon.settings import WorkspaceSettings

SOCKET_TIMEOUT_SECONDS = 10
"""How long one request may wait for bytes."""

RETRY_BUDGET_SECONDS = 30
"""How long the SDK repeats a request; longer waits are the queue's."""

DISCOVERY_TIMEOUT_SECONDS = 3
DISCOVERY_BUDGET_SECONDS = 1
"""A new client asks its host who it is; a dead host may not hold a worker for long."""

CONNECTIONS = 100
"""The SDK keeps 20 connections by itself, and calls beyond them wait unseen."""


NOTHING_ELSE = {"profile": "", "account_id": "", "group_id": "", "discovery_url": ""}
"""Set to nothing, so that the environment cannot set them."""


class Patience(StrEnum):
    """Who is waiting: a person, who is told at once when a host is not there, or a worker."""

    PERSON = "person"
    WORKER = "worker"


class CappedClock(Clock):
    """Sleeps no longer than the budget: the SDK obeys any `Retry-After`, however long.

    What remains of a longer one reaches the queue with the error.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def time(self) -> float:
        """Seconds since the epoch."""
        return self._clock.time()

    def sleep(self, seconds: float) -> None:
        """Wait, up to the budget."""
        self._clock.sleep(min(seconds, RETRY_BUDGET_SECONDS))


def build_client(
    settings: WorkspaceSettings, *, clock: Clock, patience: Patience
) -> WorkspaceClient:
    """A client for one workspace. Makes a request or two, so build it after forking.

    Raises CredentialError when the settings are not enough to authenticate, and for a person
    TransientError when the host does not answer.
    """
    # Its warnings tell in its own words what our errors tell in ours.
    logging.getLogger("databricks.sdk").setLevel(logging.ERROR)
    arguments = credentials(settings)
    host = settings.host if "auth_type" in arguments else host_of(settings)
    if host and patience is Patience.PERSON:
        require_answer(host, key=_key_of_host(settings))
    try:
        config = Config(
            product="jobmon",
            clock=CappedClock(clock),
            http_timeout_seconds=DISCOVERY_TIMEOUT_SECONDS,
            retry_timeout_seconds=DISCOVERY_BUDGET_SECONDS,
            max_connection_pools=CONNECTIONS,
            max_connections_per_pool=CONNECTIONS,
            **arguments,
        )
    except ValueError as exc:
        # The SDK's message shows its whole configuration, so it is not passed on.
        if settings.client_id and settings.client_secret:
            msg = f"cannot sign in to {settings.host} as a service principal: check its secret"
            raise TransientError(msg) from exc
        refusal = CredentialError if settings.is_set else NotSetUp
        raise refusal(_how_to_sign_in(settings)) from exc
    except OSError as exc:
        msg = f"cannot reach the sign-in service of workspace {settings.name}"
        raise TransientError(msg) from exc
    config.http_timeout_seconds = SOCKET_TIMEOUT_SECONDS
    config.retry_timeout_seconds = RETRY_BUDGET_SECONDS
    return WorkspaceClient(config=config)


def is_set_up(settings: WorkspaceSettings) -> bool:
    """Whether anything says how to sign in; nothing is tried where the settings do."""
    if settings.is_set:
        return True
    try:
        build_client(settings, clock=RealClock(), patience=Patience.WORKER)
    except NotSetUp:
        return False
    except JobmonError:
        return True  # it is met again, and told, by whoever needs the workspace
    return True


def credentials(settings: WorkspaceSettings) -> dict[str, Any]:
    """The arguments that name host and credentials.

    With an explicit host everything is explicit, `auth_type` too: the SDK would let
    `DATABRICKS_*` variables win over what belongs to this workspace.
    """
    found = {"config_file": str(settings.config_file)}
    found |= {"profile": settings.profile} if settings.profile else {}
    if not settings.host:
        return found
    known_id = "" if settings.workspace_id is None else str(settings.workspace_id)
    named = {"host": settings.host, "workspace_id": known_id}
    if settings.token:
        return named | {"token": settings.token.reveal(), "auth_type": "pat"} | NOTHING_ELSE
    if settings.client_id and settings.client_secret:
        secret = settings.client_secret.reveal()
        named |= {"client_id": settings.client_id, "client_secret": secret}
        return named | {"auth_type": "oauth-m2m"} | NOTHING_ELSE
    return named | found


def _key_of_host(settings: WorkspaceSettings) -> str:
    """What to change when the host is wrong."""
    if settings.host:
        return settings.host_key
    profile = f"profile {settings.profile}" if settings.profile else "the default profile"
    return f"the host of {profile} in {settings.config_file}"


def _how_to_sign_in(settings: WorkspaceSettings) -> str:
    if settings.in_file:
        return (
            f"no usable credentials for workspace {settings.name}: give it in jobmon.toml a host "
            "with token_env, or with client_id and client_secret_env, or a profile"
        )
    return (
        f"no usable credentials for workspace {settings.name}: set DATABRICKS_HOST with "
        "DATABRICKS_TOKEN, or with DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or name a "
        "profile in DATABRICKS_CONFIG_PROFILE"
    )
