"""Whether a host answers at all, asked before a person is left waiting for it."""

import re
from collections.abc import Iterator

import requests
from urllib3.exceptions import ConnectTimeoutError

from jobmon.errors import TransientError

CONNECT_SECONDS = 3
ANSWER_SECONDS = 7
PATH = "/.well-known/databricks-config"
"""Said to anybody, without credentials."""


def require_answer(host: str, *, key: str) -> None:
    """Ask a host once for anything.

    Raises TransientError that says why there is no answer, and that `key` names the host.
    """
    url = host if "://" in host else f"https://{host}"
    try:
        with requests.Session() as session:
            session.get(
                url.rstrip("/") + PATH,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                stream=True,  # any answer will do, whatever it says
                allow_redirects=False,
            ).close()
    except (requests.RequestException, ValueError) as exc:
        raise TransientError(f"no answer from {url}: {_reason(exc)}. Check {key}.") from exc


def _reason(exc: Exception) -> str:
    match exc:
        case requests.exceptions.ProxyError():
            return "the proxy does not let the request through (HTTPS_PROXY, NO_PROXY)"
        case requests.exceptions.SSLError():
            return "its certificate is not trusted (REQUESTS_CA_BUNDLE names your own authority)"
        case requests.ConnectTimeout():
            return f"no connection within {CONNECT_SECONDS} s, it timed out"
        case requests.Timeout():
            return f"it took the connection and said nothing for {ANSWER_SECONDS} s"
        case requests.ConnectionError():
            return _of_connection(exc)
        case _:
            return "this is no address that can be asked"


def _of_connection(exc: requests.ConnectionError) -> str:
    names = {type(item).__name__ for item in _chain(exc)}
    if names & {"NameResolutionError", "gaierror"}:
        return "there is no such name (DNS)"
    if "ConnectionRefusedError" in names:
        return "it refused the connection"
    if any(isinstance(item, ConnectTimeoutError) for item in _chain(exc)):
        return f"no connection within {CONNECT_SECONDS} s, it timed out"
    said = re.search(r"\[Errno -?\d+\] ([A-Za-z ]+)", str(exc))
    return said[1].strip().lower() if said else "the connection broke off"


def _chain(exc: BaseException | None) -> Iterator[BaseException]:
    """An error and what it was made of: `requests` keeps that in the arguments."""
    while exc is not None:
        yield exc
        inner = exc.args[0] if exc.args and isinstance(exc.args[0], BaseException) else None
        exc = getattr(exc, "reason", None) or inner or exc.__cause__ or exc.__context__
