"""Tell somebody who clicked what became of it, beside the request.

Slack shows a command's answer from the body of the response, and nothing of a click's: that one
goes to the `response_url`. https://docs.slack.dev/interactivity/handling-user-interaction
"""

import json
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.request import Request, urlopen

import structlog

from jobmon.address import takes_answers
from webhook.asked import Asked, Said

log = structlog.get_logger()

THREADS = 4
TIMEOUT_SECONDS = 10.0


class Aside:
    """Posts in threads of its own: Slack waits for no answer of its own to be posted."""

    def __init__(self, *, api_url: str) -> None:
        self._api_url = api_url
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="aside")

    def __call__(self, asked: Asked | Said, text: str) -> None:
        """Tell a text to the person alone, once; what cannot be posted is logged."""
        url = asked.action.response_url if isinstance(asked, Asked) else ""
        if text and takes_answers(url, api_url=self._api_url):
            self._threads.submit(_post, url, text)


def _post(url: str, text: str) -> None:
    body = json.dumps({"response_type": "ephemeral", "text": text}).encode()
    request = Request(url, data=body, headers={"Content-Type": "application/json"})  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 (Slack's)
            answer.read(1)
    except (OSError, HTTPException) as exc:
        log.warning("slack.not_answered", reason=type(exc).__name__)  # the address is a secret
