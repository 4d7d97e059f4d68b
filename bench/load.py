"""A small HTTP load generator: keep-alive connections, one request at a time on each.

A connection is replaced by a new one every hundred requests. Who accepts a connection keeps it: of
connections that last, one of the server's processes may have most, and the others idle.

As fast as the server answers, or at a fixed rate, where a request's time counts from the moment
it was due: a server that stalls cannot hide it.
"""

import selectors
import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

from bench.measure import percentile

REQUESTS_A_CONNECTION = 100


@dataclass(slots=True)
class Measured:
    """What became of the requests."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.times) / self.seconds

    def ms(self, share: float) -> float:
        """A percentile of the times, in milliseconds."""
        return percentile(self.times, share) * 1000


@dataclass(slots=True, eq=False)
class _Connection:
    port: int
    sock: socket.socket
    left: int
    due: float = 0.0
    got: bytes = b""


def drive(
    port: int,
    requests: Iterator[bytes],
    *,
    seconds: float,
    connections: int = 16,
    rate: float | None = None,
) -> Measured:
    """Send requests for a while; answers other than 2xx are counted as refused."""
    measured = Measured()
    selector = selectors.DefaultSelector()
    # First in, first out: a server closes a connection that is idle for long.
    idle = deque(
        _Connection(port, _connect(port), left=REQUESTS_A_CONNECTION * (number + 1) // connections)
        for number in range(connections)
    )
    for connection in idle:
        selector.register(connection.sock, selectors.EVENT_READ, connection)
    began = perf_counter()
    due, end, busy = began, began + seconds, 0
    while True:
        now = perf_counter()
        while idle and now < end and (rate is None or due <= now):
            connection = idle.popleft()
            if not connection.left:
                _renew(connection, selector)
            connection.left -= 1
            connection.due = now if rate is None else due
            due += 0 if rate is None else 1 / rate
            connection.sock.sendall(next(requests))
            busy += 1
        if not busy and now >= end:
            break
        wait = 1.0 if rate is None or not idle else min(1.0, max(0.0, min(due, end) - now))
        for key, _ in selector.select(wait):
            busy -= _take(key.data, measured, idle)
    measured.seconds = perf_counter() - began
    for connection in idle:
        connection.sock.close()
    return measured


def post(path: str, body: bytes, *, authorization: str = "") -> bytes:
    """The bytes of a request."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    if authorization:
        lines.append(f"Authorization: {authorization}")
    return "\r\n".join((*lines, "", "")).encode() + body


def _connect(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _renew(connection: _Connection, selector: selectors.BaseSelector) -> None:
    selector.unregister(connection.sock)
    connection.sock.close()
    connection.sock, connection.left = _connect(connection.port), REQUESTS_A_CONNECTION
    selector.register(connection.sock, selectors.EVENT_READ, connection)


def _take(connection: _Connection, measured: Measured, idle: deque[_Connection]) -> int:
    data = connection.sock.recv(65536)
    if not data:
        raise ConnectionError("the server closed a connection in the middle of the measurement")
    connection.got += data
    head, mark, body = connection.got.partition(b"\r\n\r\n")
    if not mark or len(body) < _length(head):
        return 0
    if head[9:10] == b"2":
        measured.times.append(perf_counter() - connection.due)
    else:
        measured.refused += 1
    connection.got = b""
    idle.append(connection)
    return 1


def _length(head: bytes) -> int:
    _, mark, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if mark else 0
