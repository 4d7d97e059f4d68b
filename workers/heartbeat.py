"""Call an address while all is well, so that somebody outside notices when it stops."""

import threading
from http.client import HTTPMessage
from typing import IO
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import structlog

from jobmon.settings import Secret

log = structlog.get_logger()

TIMEOUT_SECONDS = 5.0


class _StayThere(HTTPRedirectHandler):
    """The address is configured: an answer that names another one is a failure."""

    def redirect_request(  # noqa: PLR0917
        self,
        req: Request,  # noqa: ARG002 (the standard library's)
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: HTTPMessage,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        return None


class Heart:
    """Beats in a thread of its own: a dead address never holds up the scheduler."""

    def __init__(self, url: Secret) -> None:
        self._url = url
        self._beating: threading.Thread | None = None

    def beat(self) -> threading.Thread | None:
        """Call the address; None without one, or while the last call is not over."""
        if not self._url or (self._beating and self._beating.is_alive()):
            return None
        self._beating = threading.Thread(target=call, args=(self._url,), daemon=True, name="heart")
        self._beating.start()
        return self._beating


def call(url: Secret) -> bool:
    """Whether the address took it. The address is a secret: it is in no log and no error."""
    try:
        with build_opener(_StayThere).open(url.reveal(), timeout=TIMEOUT_SECONDS) as answer:
            answer.read(1)
    except (URLError, OSError, ValueError) as exc:
        log.warning("heartbeat.failed", reason=type(exc).__name__)
        return False
    return True
