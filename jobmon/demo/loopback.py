"""A pretend service's HTTP server, answering beside whoever started it."""

import threading
from http.server import ThreadingHTTPServer
from typing import Self

POLL_SECONDS = 0.02


class Loopback:
    """Runs a server in a thread from `start` to `stop`; a context manager.

    The port is taken at once, so that `address` can be handed out before anything is answered.
    """

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": POLL_SECONDS}, daemon=True
        )

    @property
    def address(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> Self:
        """Answer from now on."""
        if not self._thread.is_alive():
            self._thread.start()
        return self

    def stop(self) -> None:
        """Answer no more, and give the port back."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
