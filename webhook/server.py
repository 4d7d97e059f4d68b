"""How gunicorn serves the app: `gunicorn -c python:webhook.server "webhook.app:create_app()"`.

Everything that comes from outside is bounded here before the app sees it: lines, headers, and how
long one request may take to arrive. The size of a body is the app's to bound.
"""

import socket
from time import monotonic
from typing import Any

from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import TConn, ThreadWorker

worker_class = "webhook.server.BoundedThreadWorker"
workers = 2
threads = 16
worker_connections = 500
backlog = 1024
timeout = 30
graceful_timeout = 20
keepalive = 5
limit_request_line = 2048
limit_request_fields = 64
limit_request_field_size = 8190
loglevel = "warning"
control_socket_disable = True

REQUEST_SECONDS = 20.0
"""From a request's first byte to our answer: Databricks and Slack need a tenth of a second."""


class BoundedThreadWorker(ThreadWorker):  # type: ignore[misc]
    """Hangs up on who is too slow: gunicorn's threads wait for a slow client without end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (gunicorn's signature)
        super().__init__(*args, **kwargs)
        self._since: dict[TConn, float] = {}

    def handle(self, conn: TConn) -> object:
        """Work on one request in a thread, while the main loop keeps an eye on the time."""
        self._since[conn] = monotonic()
        try:
            return super().handle(conn)
        finally:
            self._since.pop(conn, None)

    def _keepalive_after(self, conn: TConn, keepalive: object) -> bool:
        """Hang up where the rest of a body is no HTTP: its request has been answered already."""
        try:
            return bool(super()._keepalive_after(conn, keepalive))
        except ParseException:
            return False

    def murder_pending(self) -> None:
        """Called by the main loop every second or more often."""
        super().murder_pending()
        latest = monotonic() - REQUEST_SECONDS
        for conn, since in list(self._since.items()):
            if since < latest:
                hang_up(conn)


def hang_up(conn: TConn) -> None:
    """End the connection: the thread that waits for it reads its end."""
    try:
        conn.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended already
