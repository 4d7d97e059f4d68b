"""Clients that are slow, or stay after their last answer, hold nobody up."""

import socket
import threading
from contextlib import ExitStack

import pytest

from tests.support.waiting import wait_until
from tests.webhook.raw_http import lives
from tests.webhook.test_auth import basic

GOOD = basic("databricks:secret").encode()
SLOW = {
    "nothing": b"",
    "headers": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ",
    "body": b"POST /webhooks/databricks HTTP/1.1\r\nHost: x\r\nAuthorization: " + GOOD + b"\r\n"
    b"Content-Length: 1000\r\n\r\n",
}
MANY = 64  # sixteen times as many as there are threads


@pytest.mark.parametrize("head", SLOW.values(), ids=list(SLOW))
def test_slow_clients_are_hung_up_on_and_others_are_served(port: int, head: bytes) -> None:
    stop = threading.Event()
    with ExitStack() as stack:
        clients = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            for _ in range(MANY)
        ]
        for client in clients:
            client.sendall(head)
        thread = threading.Thread(target=drip, args=(clients, stop))
        thread.start()
        stack.callback(thread.join)
        stack.callback(stop.set)

        assert wait_until(lambda: lives(port), within=10)


STAYING = {
    "refused": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "asked to close": b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("raw", STAYING.values(), ids=list(STAYING))
def test_clients_that_stay_after_their_last_answer_hold_nobody_up_and_are_hung_up_on(
    port: int, raw: bytes
) -> None:
    with ExitStack() as stack:
        clients = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            for _ in range(MANY)
        ]
        for client in clients:
            client.sendall(raw)

        assert wait_until(lambda: lives(port), within=10)
        assert all(client.recv(4096).startswith(b"HTTP/1.1 ") for client in clients)
        assert wait_until(lambda: all(map(is_gone, clients)), within=10)


def is_gone(client: socket.socket) -> bool:
    """Whether the other side takes nothing any more."""
    try:
        client.sendall(b"a")
    except OSError:
        return True
    return False


def drip(clients: list[socket.socket], stop: threading.Event) -> None:
    """A byte from each now and then: no single wait is ever long."""
    while not stop.wait(0.2):
        for client in clients:
            try:
                client.sendall(b"a")
            except OSError:
                continue
