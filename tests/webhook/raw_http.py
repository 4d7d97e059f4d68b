"""Bytes sent to a server as they are, without a client that would mend them."""

import socket


def lives(port: int) -> bool:
    try:
        return b" 200 " in ask(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", within=5)
    except OSError:
        return False


def ask_all(port: int, raw: bytes) -> bytes:
    """Send bytes and no more; everything that comes until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(raw)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(4096), b""))


def ask(port: int, raw: bytes, *, within: float = 10.0) -> bytes:
    """Send bytes; the first line of the answer, empty when it hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=within) as client:
        try:
            client.sendall(raw)
            return client.recv(4096).split(b"\r\n", 1)[0]
        except (ConnectionResetError, BrokenPipeError):
            return b""
