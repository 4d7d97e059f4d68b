"""Socket Mode: the same requests over a connection that jobmon opens, from behind a firewall.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from jobmon.errors import SettingsError, TransientError
from jobmon.ports.queue import JobQueue
from jobmon.settings import SlackSettings
from jobmon.start import Environ
from jobmon.variables import Variables
from notifiers.slack.web import silent_logger, translated, web_client
from webhook.aside import Aside
from webhook.asked import ANSWER_WITHIN, asked_by_click, asked_by_command, take
from webhook.in_time import InTime

log = structlog.get_logger()

LOOK_EVERY = timedelta(seconds=1)
PATIENCE = timedelta(minutes=2)
"""The SDK connects again every few seconds and says nothing of why it cannot; a new start does."""
NOTHING_TO_CONNECT_WITH = (
    "SLACK_APP_TOKEN is not set: make an app-level token (xapp-…) with the scope "
    "connections:write under Basic Information"
)
LOST = "the connection to Slack was lost and could not be opened again: start anew"


class SocketMode:
    """One connection to Slack. Slack's own server vouches for what comes in over it."""

    def __init__(
        self, settings: SlackSettings, queue: JobQueue, *, patience: timedelta = PATIENCE
    ) -> None:
        self._queue = queue
        self._patience = patience
        self._in_time = InTime(ANSWER_WITHIN)
        self._aside = Aside(api_url=settings.api_url)
        self._client = SocketModeClient(
            app_token=settings.app_token.reveal(),
            web_client=web_client(settings.api_url),
            logger=silent_logger(),
        )
        self._client.socket_mode_request_listeners.append(self._take)

    def run(self, stop: threading.Event) -> None:
        """Answer until told to stop; a lost connection is opened again.

        Raises CredentialError and its like when Slack does not let us in, TransientError when a
        lost connection does not come back.
        """
        translated("", self._client.connect)
        log.info("socket.connected")
        watch(self._client.is_connected, stop, patience=self._patience)
        self.close()
        log.info("socket.closed")

    def close(self) -> None:
        """Leave Slack. It waits for an attempt to connect, which may take long."""
        self._client.close()

    def _take(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        text = self._answer_to(request)
        payload = {"text": text} if text else None
        client.send_socket_mode_response(
            SocketModeResponse(envelope_id=request.envelope_id, payload=payload)
        )

    def _answer_to(self, request: SocketModeRequest) -> str:
        """Queue what an envelope asks for; gives what to acknowledge it with."""
        now = datetime.now(UTC)
        match request.type:
            case "slash_commands":
                asked = asked_by_command(request.payload, now=now)
                return take(self._queue, asked, self._in_time)
            case "interactive":
                clicked = asked_by_click(request.payload, now=now)
                self._aside(clicked, take(self._queue, clicked, self._in_time))
        return ""


def watch(
    is_connected: Callable[[], bool],
    stop: threading.Event,
    *,
    patience: timedelta,
    every: timedelta = LOOK_EVERY,
    clock: Callable[[], float] = monotonic,
) -> None:
    """Look at a connection until told to stop, and log when it is lost and when it is back.

    Raises TransientError when it has been lost for longer than `patience`.
    """
    lost_at: float | None = None
    while not stop.wait(every.total_seconds()):
        if is_connected():
            if lost_at is not None:
                log.info("socket.connected")
            lost_at = None
        elif lost_at is None:
            lost_at = clock()
            log.warning("socket.lost")
        elif clock() - lost_at > patience.total_seconds():
            raise TransientError(LOST)


def look_at_token(environ: Environ) -> None:
    """There has to be a token to connect with."""
    if not Variables(environ).secret("SLACK_APP_TOKEN"):
        raise SettingsError((NOTHING_TO_CONNECT_WITH,))
