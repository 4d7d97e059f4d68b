"""How gunicorn serves the app: `gunicorn -c python:webhook.server "webhook.app:create_app()"`.

Everything that comes from outside is bounded here before the app sees it: lines, headers, and how
long one request may take to arrive. The size of a body is the app's to bound.
"""

import os
import selectors
import socket
import sys
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Any

import msgspec
from gunicorn import util
from gunicorn.arbiter import Arbiter
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import TConn, ThreadWorker

from jobmon.errors import SettingsError
from webhook.start import settings_of_web

worker_class = "webhook.server.BoundedThreadWorker"
logger_class = "webhook.server_log.ServerLog"
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

HEADER_SECONDS = 5.0
"""From the connection, or its next request, to complete headers; the wait for a thread counts."""
REQUEST_SECONDS = 20.0
"""From there to the end of our answer: Databricks and Slack need a tenth of a second."""

FAREWELL_SECONDS = 2.0
"""For a client to hang up after its last answer: hung up on before, it may lose the answer."""

STATUSES: Mapping[type[Exception], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}
"""What is said of a request that is no HTTP, or none for us; of all others that it is bad."""

READ_BYTES = 65536
UNREAD_SECONDS, UNREAD_BYTES = 5.0, 16 * 1024 * 1024
"""What is read of a body that was refused, so that its sender reads why."""


def on_starting(server: Arbiter) -> None:
    """What is wrong is said once, not by every worker that it would keep from starting.

    gunicorn ends with a trace of its own where two of them fail at once.
    """
    try:
        settings_of_web(os.environ)
    except SettingsError:
        server.log.exception("the settings are wrong")
        sys.exit(Arbiter.WORKER_BOOT_ERROR)


class BoundedThreadWorker(ThreadWorker):  # type: ignore[misc]
    """Hangs up on who is too slow: gunicorn's threads wait for a slow client without end.

    A connection gets a thread when its first byte is there, and its time runs whether it has one
    or waits for one: many slow clients cost no more time than one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (gunicorn's signature)
        super().__init__(*args, **kwargs)
        self._until: dict[TConn, float] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """Called by the main loop for a new connection, and for one with something to read."""
        self._until.setdefault(conn, monotonic() + HEADER_SECONDS)
        if conn.initialized or conn.data_ready:
            super().enqueue_req(conn)
        else:
            self._wait_for_the_first_byte(conn)

    def handle(self, conn: TConn) -> object:
        """Work on one request in a thread, while the main loop keeps an eye on the time."""
        try:
            return super().handle(conn)
        finally:
            self._until.pop(conn, None)

    def handle_request(self, req: object, conn: TConn) -> object:
        """Called when the headers are complete."""
        self._until[conn] = monotonic() + REQUEST_SECONDS
        return super().handle_request(req, conn)

    def finish_request(self, conn: TConn, fs: Future[object]) -> None:
        """Called by the main loop when a thread is done with a connection."""
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
        else:
            self._see_off(conn)

    def handle_error(
        self, req: object, client: socket.socket, addr: object, exc: Exception
    ) -> None:
        """Answer what is no HTTP in JSON, as everything else is answered."""
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Invalid request: %s", type(exc).__name__)
        status = STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST)
        with suppress(OSError):  # the client has gone
            util.write_nonblock(client, _refusal(status))

    def murder_pending(self) -> None:
        """Called by the main loop every second or more often."""
        super().murder_pending()
        now = monotonic()
        for conn, until in list(self._until.items()):
            if until < now:
                hang_up(conn)
                self._until.pop(conn, None)

    def _wait_for_the_first_byte(self, conn: TConn) -> None:
        """As gunicorn does it with those whose first byte has not come within five seconds."""
        conn.sock.settimeout(0)
        conn.timeout = self._until[conn]
        self.pending_conns.append(conn)
        readable = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)

    def _see_off(self, conn: TConn) -> None:
        """Hang up when the client has, or after some time; gunicorn's main loop waits for that."""
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:  # it has ended already
            self._end(conn)
            return
        self._until[conn] = monotonic() + FAREWELL_SECONDS
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._read_to_the_end, conn))

    def _read_to_the_end(self, conn: TConn, sock: socket.socket) -> None:
        try:
            if sock.recv(READ_BYTES):
                return
        except BlockingIOError:
            return
        except OSError:  # it has ended without a farewell
            pass
        self.poller.unregister(sock)
        self._until.pop(conn, None)
        self._end(conn)

    def _end(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()

    def _keepalive_after(self, conn: TConn, keepalive: object) -> bool:
        """Read what nobody has read of a body: hung up on before that, its sender reads no answer.

        Hang up where it is endless, or no HTTP.
        """
        until = monotonic() + UNREAD_SECONDS
        try:
            is_read = conn.parser.finish_body(deadline=until, max_bytes=UNREAD_BYTES)
        except ParseException:
            return False
        return bool(keepalive and is_read)


def _refusal(status: HTTPStatus) -> bytes:
    body = msgspec.json.encode({"error": status.phrase})
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def hang_up(conn: TConn) -> None:
    """End the connection: the thread that has it, or will, reads its end."""
    try:
        conn.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended already
