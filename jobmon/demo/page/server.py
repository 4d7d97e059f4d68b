"""The page's server: loopback only, no assets from elsewhere, everything escaped."""

from collections.abc import Mapping
from functools import cache
from http.server import ThreadingHTTPServer
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from jobmon.demo.loopback import Loopback
from jobmon.demo.mailbox import Mailbox
from jobmon.demo.page.http import PageRequest
from jobmon.demo.page.view import channels_of, mails_of
from jobmon.demo.slack.person import Acknowledgement
from jobmon.demo.slack.server import PretendSlack

STATIC: Mapping[str, str] = {"style.css": "text/css", "page.js": "text/javascript"}
HTTP_OK = 200


class DemoPage(Loopback):
    """Shows a pretend Slack and, if given, a mailbox.

    With the address of jobmon's web process, buttons and commands work: they reach it signed, as
    Slack's do.
    """

    def __init__(
        self,
        slack: PretendSlack,
        mailbox: Mailbox | None = None,
        *,
        app_url: str = "",
        port: int = 0,
    ) -> None:
        self._slack = slack
        self._mailbox = mailbox
        self._app_url = app_url.rstrip("/")
        super().__init__(_Server(self, port))

    @property
    def url(self) -> str:
        """Where to look."""
        return f"{self.address}/"

    def page(self) -> str:
        """The whole page."""
        return self._render("page.html.j2")

    def content(self) -> str:
        """Only what changes."""
        return self._render("content.html.j2")

    def mail_html(self, number: int) -> str:
        """The HTML of one mail, as it was sent."""
        mails = self._mailbox.messages if self._mailbox else ()
        return mails[number].html if 0 <= number < len(mails) else ""

    def static(self, name: str) -> tuple[str, str] | None:
        """A file of the page, with its media type."""
        if name not in STATIC:
            return None
        return (files(__package__) / "static" / name).read_text(encoding="utf-8"), STATIC[name]

    def click(self, channel: str, ts: str, action_id: str, option: str) -> str:
        """Click for the person at the page; gives what went wrong, or nothing."""
        if not self._app_url:
            return "No jobmon is listening to this page."
        team = self._slack.team
        with team.lock:
            message = team.message(team.channel(channel), ts)
        url = f"{self._app_url}/slack/interactions"
        return _trouble(self._slack.person().click(url, message, action_id, option=option))

    def command(self, channel: str, text: str) -> str:
        """Type a command for the person at the page."""
        if not self._app_url:
            return "No jobmon is listening to this page."
        url = f"{self._app_url}/slack/commands"
        person = self._slack.person()
        answer = person.type_command(url, text, channel=channel)
        person.see(answer, channel=channel)
        return _trouble(answer)

    def _render(self, name: str) -> str:
        return (
            _templates()
            .get_template(name)
            .render(
                channels=channels_of(self._slack.team),
                mails=mails_of(self._mailbox.messages) if self._mailbox else None,
                interactive=bool(self._app_url),
            )
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, page: DemoPage, port: int) -> None:
        self.page = page
        super().__init__(("127.0.0.1", port), PageRequest)


def _trouble(answer: Acknowledgement) -> str:
    if answer.status == HTTP_OK:
        return ""
    return f"jobmon did not take it (HTTP {answer.status or 'no answer'})."


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("jobmon.demo.page"), autoescape=True, undefined=StrictUndefined
    )
