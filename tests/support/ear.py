"""Somebody who listens for heartbeats."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from jobmon.settings import Secret


class Ear:
    """Hears heartbeats; answers with what it is told to."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.status = 200
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                ear.heard.append(self.path)
                self.send_response(ear.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quietly."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = Secret(f"http://127.0.0.1:{self._server.server_port}/ping/secret-uuid")
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
