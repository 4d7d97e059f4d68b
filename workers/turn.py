"""Keep Slack's rates for all processes together."""

from datetime import timedelta

from jobmon.digest import Delivery, DeliveryKind, Destination, DestinationKind
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
    bucket, rate, burst = _bucket(delivery.destination), POSTS_A_SECOND, POST_BURST
    if edits:
        bucket, rate, burst = "slack-edit", EDITS_A_SECOND, EDIT_BURST
    elif delivery.kind is DeliveryKind.NOTE:
        burst = 1
    wait = services.limiter.reserve(bucket, rate=rate, burst=burst, at_most=SHORT_WAIT)
    if wait > SHORT_WAIT:
        # Each in its turn: all of them at once would take each other's place again and again.
        line = f"{bucket}-{delivery.kind}-line"
        in_line = services.limiter.reserve(line, rate=rate, burst=1)
        raise NotYet("waiting for Slack's rate limit", retry_after=max(wait, in_line))
    if wait > timedelta(0):
        services.sleep(wait)


def pause_if_asked(services: Services, destination: Destination, error: TransientError) -> None:
    """Hold back everything for this destination for as long as Slack asked for."""
    if destination.kind is DestinationKind.SLACK and error.retry_after:
        services.limiter.pause(_bucket(destination), error.retry_after)


def _bucket(destination: Destination) -> str:
    return f"slack-post-{destination.address}"
