"""Keep Slack's rates for all processes together."""

from datetime import timedelta

from jobmon.digest import Delivery, DeliveryKind, DestinationKind
from jobmon.errors import NotYet, TransientError
from workers.services import Services

SHORT_WAIT = timedelta(seconds=1)
# https://docs.slack.dev/apis/web-api/rate-limits: a message a second and channel, with bursts;
# fifty edits a minute.
POSTS_A_SECOND, POST_BURST = 1.0, 6
EDITS_A_SECOND, EDIT_BURST = 50 / 60, 12


def wait_for_turn(services: Services, delivery: Delivery, *, edits: bool) -> None:
    """Wait for a short time; raises NotYet for a long one, which gives the worker free.

    Notes leave the burst to the messages that people wait for.
    """
    if delivery.destination.kind is not DestinationKind.SLACK:
        return
    bucket = _bucket(delivery, edits=edits)
    rate, burst = (EDITS_A_SECOND, EDIT_BURST) if edits else (POSTS_A_SECOND, POST_BURST)
    if delivery.kind is DeliveryKind.NOTE:
        burst = 1
    wait = services.limiter.reserve(bucket, rate=rate, burst=burst, at_most=SHORT_WAIT)
    if wait > SHORT_WAIT:
        # Each in its turn: all of them at once would take each other's place again and again.
        line = f"{bucket}-{delivery.kind}-line"
        in_line = services.limiter.reserve(line, rate=rate, burst=1)
        raise NotYet("waiting for Slack's rate limit", retry_after=max(wait, in_line))
    if wait > timedelta(0):
        services.sleep(wait)


def pause_if_asked(
    services: Services, delivery: Delivery, error: TransientError, *, edits: bool
) -> None:
    """Hold back what goes the same way, posts or edits, for as long as Slack asked for."""
    if delivery.destination.kind is DestinationKind.SLACK and error.retry_after:
        services.limiter.pause(_bucket(delivery, edits=edits), error.retry_after)


def _bucket(delivery: Delivery, *, edits: bool) -> str:
    return "slack-edit" if edits else f"slack-post-{delivery.destination.address}"
