"""Slack's side of Socket Mode, as small as it gets: opens a connection, sends envelopes."""

import base64
import hashlib
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


@dataclass(kw_only=True)
class SocketModeServer:
    """What is sent to whoever connects, and what came back."""

    envelopes: list[dict[str, Any]]
    url: str = ""
    hangs_up: bool = False
    """Whether a connection is closed as soon as everything was sent."""
    answers: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    """What was posted to the `response_url` of this server."""


@contextmanager
def socket_mode(*envelopes: dict[str, Any]) -> Iterator[SocketModeServer]:
    """A server on loopback that sends these envelopes to each connection."""
    state = SocketModeServer(envelopes=list(envelopes))
    with _Server(state) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield state
        server.shutdown()
        thread.join()


class _Handler(socketserver.StreamRequestHandler):
    @property
    def state(self) -> SocketModeServer:
        return self.server.state  # type: ignore[attr-defined, no-any-return]

    def handle(self) -> None:
        path, headers, body = self._head()
        if path.startswith("/api/"):
            self.state.tokens.append(headers.get("authorization", ""))
            self._json({"ok": True, "url": self.state.url.replace("http", "ws") + "/link"})
            return
        if path.startswith("/hooks/"):
            self.state.told.append(json.loads(body))
            self._json({"ok": True})
            return
        accept = hashlib.sha1((headers["sec-websocket-key"] + GUID).encode())  # noqa: S324
        self.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: "
            + base64.b64encode(accept.digest())
            + b"\r\n\r\n"
        )
        self._send(TEXT, json.dumps({"type": "hello"}).encode())
        for envelope in self.state.envelopes:
            self._send(TEXT, json.dumps(envelope).encode())
        if self.state.hangs_up:
            self._send(CLOSE, (1000).to_bytes(2, "big"))
        while self._receive():
            pass

    def _head(self) -> tuple[str, dict[str, str], bytes]:
        path = self.rfile.readline().decode().split(" ")[1]
        headers = {}
        while line := self.rfile.readline().decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return path, headers, self.rfile.read(int(headers.get("content-length", 0)))

    def _json(self, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}"
        self.wfile.write(head.encode() + b"\r\nConnection: close\r\n\r\n" + raw)

    def _send(self, kind: int, data: bytes) -> None:
        size = len(data)
        length = bytes([size]) if size < 126 else bytes([126]) + size.to_bytes(2, "big")
        self.wfile.write(bytes([0x80 | kind]) + length + data)

    def _receive(self) -> bool:
        head = self.rfile.read(2)
        if len(head) < 2:
            return False
        size = head[1] & 0x7F
        if size == 126:
            size = int.from_bytes(self.rfile.read(2), "big")
        mask = self.rfile.read(4)
        data = bytes(b ^ mask[i % 4] for i, b in enumerate(self.rfile.read(size)))
        kind = head[0] & 0x0F
        if kind == PING:
            self._send(PONG, data)
        elif kind == TEXT:
            self.state.answers.append(json.loads(data))
        return kind != CLOSE


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, state: SocketModeServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = state
        state.url = f"http://127.0.0.1:{self.server_address[1]}"
