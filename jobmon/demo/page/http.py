"""The page's wire: a few addresses, strict headers, and no request from other sites."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Protocol, cast
from urllib.parse import urlsplit

from jobmon.demo.slack.team import Refusal, mapping

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost"})
MAX_BODY = 10_000


class Page(Protocol):
    """What the wire needs of a page."""

    def page(self) -> str:
        """The whole page."""

    def content(self) -> str:
        """Only what changes."""

    def mail_html(self, number: int) -> str:
        """The HTML of one mail."""

    def static(self, name: str) -> tuple[str, str] | None:
        """A file, with its media type."""

    def click(self, channel: str, ts: str, action_id: str, option: str) -> str:
        """Click; gives what went wrong, or nothing."""

    def command(self, channel: str, text: str) -> str:
        """Type a command; gives what went wrong, or nothing."""


class PageRequest(BaseHTTPRequestHandler):
    """One request of the browser."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Show the page or a part of it."""
        path = urlsplit(self.path).path
        page = self._page
        if not self._is_local():
            self._reply(403, "This page answers to 127.0.0.1 only.")
        elif path == "/":
            self._reply(200, page.page(), kind="text/html", policy=PAGE_POLICY)
        elif path == "/content":
            self._reply(200, page.content(), kind="text/html", policy=PAGE_POLICY)
        elif path.startswith("/mail/") and path.removeprefix("/mail/").isdigit():
            html = page.mail_html(int(path.removeprefix("/mail/")))
            self._reply(200, html, kind="text/html", policy=MAIL_POLICY)
        elif (found := page.static(path.removeprefix("/"))) is not None:
            self._reply(200, found[0], kind=found[1])
        else:
            self._reply(404, "Nothing here.")

    def do_POST(self) -> None:
        """Pass a click or a command on."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MAX_BODY))
        # A page of another site can't set this header without being asked first.
        if not self._is_local() or self.headers.get("X-Jobmon-Demo") != "1":
            self._reply(403, "This page answers to itself only.")
            return
        try:
            trouble = self._passed_on(mapping(json.loads(body)))
        except (ValueError, LookupError, Refusal) as exc:
            self._reply(400, str(exc))
            return
        self._reply(502 if trouble else 200, trouble)

    def _passed_on(self, asked: object) -> str:
        given = {key: str(value) for key, value in mapping(asked).items()}
        channel = given.get("channel", "")
        match urlsplit(self.path).path:
            case "/click":
                action, option = given.get("action_id", ""), given.get("option", "")
                return self._page.click(channel, given.get("ts", ""), action, option)
            case "/command":
                return self._page.command(channel, given.get("text", ""))
            case _:
                msg = "Nothing here."
                raise LookupError(msg)

    def _is_local(self) -> bool:
        return (self.headers.get("Host") or "").rpartition(":")[0] in LOCAL_HOSTS

    @property
    def _page(self) -> Page:
        return cast("Page", self.server.page)  # type: ignore[attr-defined]

    def _reply(self, status: int, text: str, *, kind: str = "text/plain", policy: str = "") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        """Say nothing: a page that refreshes itself would fill the terminal."""
