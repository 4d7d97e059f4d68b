"""How every call to Slack is made: one attempt, nothing logged, its failure translated."""

import logging
from collections.abc import Callable
from http.client import HTTPException
from typing import TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from jobmon.errors import DoubtfulError
from notifiers.slack.errors import from_answer, from_failure

TIMEOUT_SECONDS = 10

T = TypeVar("T")


def web_client(api_url: str, token: str = "", *, timeout: int = TIMEOUT_SECONDS) -> WebClient:
    """A client of Slack's Web API that tries once."""
    # The SDK's default handlers post again after a dropped connection: two messages.
    return WebClient(
        token=token or None,
        base_url=api_url.rstrip("/") + "/",
        timeout=timeout,
        retry_handlers=[],
        logger=silent_logger(),
    )


def translated(channel: str, call: Callable[[], T]) -> T:
    """Make a call, about a channel or none; what goes wrong becomes one of `jobmon.errors`."""
    try:
        return call()
    except SlackApiError as exc:
        raise from_answer(exc, channel=channel) from None
    except OSError as exc:
        raise from_failure(exc) from None
    except (HTTPException, SlackClientError, UnicodeDecodeError) as exc:
        msg = f"Slack's answer could not be read ({type(exc).__name__})"
        raise DoubtfulError(msg) from None


def silent_logger() -> logging.Logger:
    """The SDK logs what it could not send, addresses included; our errors say it without them."""
    logger = logging.getLogger("notifiers.slack.sdk")
    logger.disabled = True
    return logger
