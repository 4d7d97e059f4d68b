"""Translate the SDK's errors into jobmon's.

The SDK appends its configuration to some messages, so none of its texts is passed on as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum

import requests
from databricks.sdk import errors as sdk
from databricks.sdk.errors.base import DatabricksError

from jobmon.databricks.bounds import clean
from jobmon.errors import (
    CredentialError,
    DoubtfulError,
    JobmonError,
    NotAllowed,
    NotFound,
    PermanentError,
    TransientError,
)

MAX_QUOTED = 300
NO_SUCH_CALL = "ENDPOINT_NOT_FOUND"
REFUSED_SIGN_IN = ("invalid_client", "unauthorized_client", "access_denied")
"""How the SDK's error begins when it is given no token for an id and a secret (RFC 6749, 5.2)."""


class Attempted(StrEnum):
    """What a request does: a read may be repeated, an effect may not."""

    READ = "read"
    EFFECT = "effect"


@contextmanager
def translated(what: str, host: str, attempted: Attempted) -> Iterator[None]:
    """Raise jobmon's errors in place of the SDK's, the transport's and the parser's."""
    try:
        yield
    except JobmonError:
        raise
    except (OSError, ValueError) as exc:
        # requests' errors, the SDK's and its time-out are all OSErrors; a body that is not JSON
        # is a ValueError.
        raise _translation(exc, what, host, attempted) from exc


def _translation(exc: Exception, what: str, host: str, attempted: Attempted) -> JobmonError:
    match exc:
        case DatabricksError():
            return _api_error(exc, what, host, attempted)
        case TimeoutError() if isinstance(exc.__cause__, Exception):
            return _translation(exc.__cause__, what, host, attempted)
        case requests.ConnectionError() if _never_connected(exc):
            return TransientError(f"cannot connect to {host} for {what}")
        case ValueError() if str(exc).startswith(REFUSED_SIGN_IN):
            msg = f"{host} refuses jobmon's service principal for {what}: check its id and secret"
            return CredentialError(msg)
        case _ if attempted is Attempted.EFFECT:
            return DoubtfulError(f"{host} did not confirm {what}: it may or may not be done")
        case requests.JSONDecodeError() | ValueError():
            return TransientError(f"{host} sent an unreadable answer for {what}")
        case _:
            return TransientError(f"{host} did not answer for {what}")


def _api_error(exc: DatabricksError, what: str, host: str, attempted: Attempted) -> JobmonError:
    match exc:
        case sdk.Unauthenticated():
            msg = f"{host} refuses jobmon's credentials for {what}: renew the token or secret"
            return CredentialError(msg)
        case sdk.PermissionDenied():
            return NotAllowed(f"{host} does not give jobmon access to {what}: grant it")
        case sdk.NotFound() if exc.error_code == NO_SUCH_CALL:
            return no_workspace(what, host)
        case sdk.NotFound():
            why = "it may be of another one, or deleted (Databricks keeps runs for 60 days)"
            return NotFound(f"{what} is unknown to workspace {host}: {why}")
        case sdk.TooManyRequests():
            return TransientError(f"{host} is throttling {what}", retry_after=_wait(exc))
        case sdk.BadRequest() | sdk.ResourceConflict() | sdk.Aborted() | sdk.AlreadyExists():
            return PermanentError(f"{host} refused {what}: {_quoted(exc)}")
        case _:
            return _server_error(what, host, attempted, _wait(exc))


def no_workspace(what: str, host: str) -> PermanentError:
    """A host that does not know what every workspace knows."""
    return PermanentError(
        f"{host} answers, but not as a Databricks workspace: it does not know {what}. Check the "
        "workspace's address: it is what a browser shows before /jobs, not the account's"
    )


def _server_error(
    what: str, host: str, attempted: Attempted, wait: timedelta | None
) -> JobmonError:
    if attempted is Attempted.EFFECT:
        return DoubtfulError(f"{host} had an error at {what}: it may or may not be done")
    return TransientError(f"{host} had an error at {what}", retry_after=wait)


def _wait(exc: DatabricksError) -> timedelta | None:
    seconds = exc.retry_after_secs
    return timedelta(seconds=seconds) if seconds is not None else None


def _quoted(exc: DatabricksError) -> str:
    # Only 401 and 403 carry the configuration; the cut is for a server that quotes it.
    said = str(exc).partition(" Config: ")[0]
    return clean(said, MAX_QUOTED).replace("\n", " ")


def _never_connected(exc: requests.ConnectionError) -> bool:
    if isinstance(exc, requests.ConnectTimeout):
        return True
    reason = getattr(exc.args[0] if exc.args else None, "reason", None)
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError"}
