"""The HTTP side: one thread for each connection, kept alive as the SDK expects."""

import base64
import json
import socket
import struct
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from jobmon.demo.workspace.answers import Answer, ApiError, Body, Request
from jobmon.demo.workspace.faults import Fault, FaultKind

SIGN_IN_PATH = "/oidc/v1/token"
REFUSED_CLIENT = b'{"error": "invalid_client", "error_description": "Client authentication failed"}'
"""As OAuth words it, not the REST API: https://www.rfc-editor.org/rfc/rfc6749#section-5.2"""
OPEN_PATHS = ("/.well-known/", "/oidc/.well-known/")


class Front(Protocol):
    """What a connection needs of the workspace behind it."""

    def arrived(self, request: Request) -> Fault | None:
        """Note a call; the fault that happens to it, if any."""

    def knows(self, authorization: str, path: str) -> bool:
        """Whether the credentials of a call are good."""

    def serve(self, request: Request) -> Body | Answer:
        """Answer a call."""


class Server(ThreadingHTTPServer):
    """Listens on the loopback interface."""

    daemon_threads = True
    # Many clients connect at once when outputs are read side by side.
    request_queue_size = 128

    def __init__(self, front: Front, port: int) -> None:
        self.front = front
        super().__init__(("127.0.0.1", port), Connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are no concern of a pretend workspace."""


class Connection(BaseHTTPRequestHandler):
    """One connection of a client."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a read."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a change."""
        self._answer()

    def do_HEAD(self) -> None:
        """Answer with the headers only."""
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet: the workspace has its own list of calls."""

    def _answer(self) -> None:
        request = self._request()
        fault = self.server.front.arrived(request)
        if fault is not None and self._break(fault, request):
            return
        self._send(self._result(lambda: self._served(request)))

    def _request(self) -> Request:
        place = urlsplit(self.path)
        query = {k: v[0] if len(v) == 1 else v for k, v in parse_qs(place.query).items()}
        return Request(
            method=self.command,
            path=place.path,
            parameters={**query, **self._body()},
            headers=dict(self.headers.items()),
        )

    def _body(self) -> Body:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not data:
            return {}
        if "json" in self.headers.get("Content-Type", ""):
            return dict(json.loads(data))
        return {key: values[0] for key, values in parse_qs(data.decode()).items()}

    def _served(self, request: Request) -> Body | Answer:
        known = self.server.front.knows(self.headers.get("Authorization", ""), request.path)
        if not known and request.path == SIGN_IN_PATH:
            return Answer(data=REFUSED_CLIENT, status=401)
        if not known and not request.path.startswith(OPEN_PATHS):
            raise ApiError(401, "UNAUTHENTICATED", "Invalid access token.")
        return self.server.front.serve(request)

    def _result(self, serve: Callable[[], Body | Answer]) -> Answer:
        try:
            served = serve()
        except ApiError as error:
            body = {"error_code": error.code, "message": error.message}
            data = json.dumps(body).encode()
            return Answer(data=data, status=error.status, headers=error.headers)
        return served if isinstance(served, Answer) else Answer(data=json.dumps(served).encode())

    def _break(self, fault: Fault, request: Request) -> bool:
        if fault.takes_effect:
            self._result(lambda: self._served(request))
        match fault.kind:
            case FaultKind.DROP | FaultKind.DROP_AFTER:
                self._reset()
            case FaultKind.NONSENSE:
                self._send(Answer(data=b"<html>nonsense</html>"))
            case FaultKind.STATUS:
                wait = fault.retry_after
                headers = {} if wait is None else {"Retry-After": str(wait)}
                error = ApiError(fault.status, "INTERNAL_ERROR", "Made up.", headers=headers)
                self._send(self._result(_raising(error)))
            case FaultKind.SLOW:
                sleep(fault.seconds)
                return False
        return True

    def _reset(self) -> None:
        # Lingering for no time makes the kernel send a reset instead of an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        headers = {"Content-Type": "application/json", **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.data)


def _raising(error: ApiError) -> Callable[[], Body]:
    def serve() -> Body:
        raise error

    return serve


def basic(user: str, password: str) -> str:
    """The value of a Basic `Authorization` header."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"
