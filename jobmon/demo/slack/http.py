"""The wire: HTTP requests in, JSON out, files and response addresses on the side."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from jobmon.demo.slack.api import Answer, Service, instead
from jobmon.demo.slack.hooks import RESPONSE_URL, respond
from jobmon.demo.slack.team import JSONObject

MAX_BODY = 10_000_000
HTML = b"<html><body>upstream trouble</body></html>"
STRUCTURED = frozenset({"blocks", "metadata", "files", "view", "attachments"})


class SlackServer(ThreadingHTTPServer):
    """Listens on loopback for one service."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, service: Service, *, port: int) -> None:
        super().__init__(("127.0.0.1", port), SlackRequest)
        self.service = service

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class SlackRequest(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self) -> None:
        """Answer an API call, take a file, or take an answer to an interaction."""
        path = urlsplit(self.path)
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY))
        if path.path.startswith("/api/"):
            arguments = _arguments(body, self.headers.get("Content-Type") or "", path.query)
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            method = path.path.removeprefix("/api/")
            self._send(self._service.answer(method, arguments, token=token))
        elif path.path.startswith("/upload/"):
            self._take_file(path.path.removeprefix("/upload/"), body)
        elif path.path.startswith("/hooks/"):
            self._take_answer(path.path.removeprefix("/hooks/"), body)
        else:
            self._reply(404, b"", "text/plain")

    def do_GET(self) -> None:
        """Slack takes its methods by GET as well."""
        self.do_POST()

    def _take_file(self, file_id: str, body: bytes) -> None:
        upload = self._service.team.uploads.get(file_id)
        if upload is None:
            self._reply(404, b"", "text/plain")
            return
        upload.content = body
        self._reply(200, f"OK - {len(body)}".encode(), "text/plain")

    def _take_answer(self, hook: str, body: bytes) -> None:
        if fault := self._service.faults.next_for(RESPONSE_URL):
            self._send(instead(fault))
            return
        status = 200 if respond(self._service.team, hook, body) else 404
        self._reply(status, b"ok", "text/plain")

    def _send(self, answer: Answer) -> None:
        if answer.drop:
            self.close_connection = True
            return
        if answer.html:
            self._reply(answer.status, HTML, "text/html")
            return
        body = json.dumps(answer.body).encode()
        self._reply(answer.status, body, "application/json", retry_after=answer.retry_after)

    def _reply(
        self, status: int, body: bytes, kind: str, *, retry_after: int | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self._service.team.scopes:
            self.send_header("X-OAuth-Scopes", self._service.team.scopes)
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Say nothing: the call log is for asking."""

    @property
    def _service(self) -> Service:
        if not isinstance(self.server, SlackServer):
            msg = "SlackRequest answers for a SlackServer only"
            raise TypeError(msg)
        return self.server.service


def _arguments(body: bytes, content_type: str, query: str) -> JSONObject:
    arguments: JSONObject = dict(parse_qsl(query))
    if content_type.startswith("application/json"):
        found = json.loads(body or b"{}")
        return arguments | (found if isinstance(found, dict) else {})
    arguments |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    for name in STRUCTURED & arguments.keys():
        arguments[name] = _parsed(arguments[name])
    return arguments


def _parsed(value: object) -> object:
    try:
        return json.loads(str(value))
    except json.JSONDecodeError:
        return value
