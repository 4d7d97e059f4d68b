"""Send what waits in the outbox: claim, send, record; look before repeating a doubtful one."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from jobmon.digest import Delivery, DeliveryKind, Destination, DestinationKind, Receipt
from jobmon.errors import (
    ContentError,
    CredentialError,
    DestinationError,
    DoubtfulError,
    MessageGone,
    TransientError,
)
from jobmon.ports.notifier import Notifier
from jobmon.ports.queue import Lease, Transaction, WorkKind
from jobmon.ports.store import ClaimState
from workers.job import work
from workers.outbox import deliveries_of, post
from workers.route import default_destinations
from workers.services import Services

log = structlog.get_logger()

RECONCILE_AFTER = timedelta(seconds=5)
SHORT_WAIT = timedelta(seconds=1)
# https://docs.slack.dev/apis/web-api/rate-limits: a message a second and channel, with bursts;
# fifty edits a minute.
POSTS_A_SECOND, POST_BURST = 1.0, 6
EDITS_A_SECOND, EDIT_BURST = 50 / 60, 12


def run(key: str) -> None:
    """RQ job: send what waits for one incident and destination."""
    work(WorkKind.DELIVER, key, deliver_all)


def deliver_all(services: Services, lease: Lease) -> None:
    """Send the deliveries of a mailbox in order; states that were overtaken are left out."""
    deliveries = deliveries_of(lease)
    for delivery in coalesced(deliveries):
        try:
            _deliver(services, delivery)
        except (CredentialError, DestinationError, ContentError) as exc:
            _fall_back(services, delivery, exc)
            raise
    services.queue.done(lease)


def coalesced(deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Only the newest state of the root message, in the place and by the id of the oldest.

    By the oldest id, because that one may have been sent before a crash.
    """
    waiting = list(deliveries)
    roots = [item for item in waiting if item.kind is DeliveryKind.ROOT]
    notes = [item for item in waiting if item.kind is DeliveryKind.NOTE]
    if not roots:
        return tuple(notes)
    return (replace(roots[-1], delivery_id=roots[0].delivery_id), *notes)


def _deliver(services: Services, delivery: Delivery) -> None:
    notifier = services.notifier(delivery.destination)
    incident_id = delivery.digest.incident.incident_id
    root = services.store.root_receipt(incident_id, delivery.destination)
    if root is not None and _is_edit(delivery):
        _edit(services, notifier, delivery, root)
        return
    now = services.now()
    claim = services.store.claim(delivery.delivery_id, owner="worker", now=now)
    if claim.state is ClaimState.SENT:
        return
    if claim.state is ClaimState.DOUBTFUL:
        found = notifier.find(delivery, root=root, since=claim.since or now)
        if found is not None:
            log.info("delivery.reconciled", destination=str(delivery.destination))
            _record(services, delivery, found)
            return
    _send(services, notifier, delivery, root)


def _is_edit(delivery: Delivery) -> bool:
    return delivery.kind is DeliveryKind.ROOT and delivery.destination.kind is DestinationKind.SLACK


def _edit(services: Services, notifier: Notifier, delivery: Delivery, root: Receipt) -> None:
    """Show the present state in the message that is there; post it anew if somebody removed it."""
    try:
        _send(services, notifier, delivery, root)
    except MessageGone:
        log.warning("delivery.root_gone", destination=str(delivery.destination))
        incident_id = delivery.digest.incident.incident_id

        def forget(tx: Transaction) -> None:
            services.store.forget_root(tx, incident_id, delivery.destination)

        services.store.transact([], forget)
        anew = replace(delivery, delivery_id=f"{delivery.delivery_id}-anew")
        _deliver(services, anew)


def _send(services: Services, notifier: Notifier, delivery: Delivery, root: Receipt | None) -> None:
    _wait_for_turn(services, delivery, edits=root is not None and _is_edit(delivery))
    began = services.now()
    try:
        receipt = notifier.send(delivery, root=root)
    except DoubtfulError as exc:
        _count(services, delivery, "doubtful")
        raise TransientError(str(exc), retry_after=RECONCILE_AFTER) from exc
    except TransientError as exc:
        services.store.release(delivery.delivery_id)
        _count(services, delivery, "postponed")
        _pause_if_asked(services, delivery.destination, exc)
        raise
    except (CredentialError, DestinationError, ContentError):
        services.store.release(delivery.delivery_id)
        raise
    _record(services, delivery, receipt, began=began)


def _record(
    services: Services, delivery: Delivery, receipt: Receipt, *, began: datetime | None = None
) -> None:
    incident_id = delivery.digest.incident.incident_id

    def body(tx: Transaction) -> None:
        services.store.record_receipt(
            tx, incident_id=incident_id, delivery=delivery, receipt=receipt
        )

    services.store.transact([], body)
    services.store.note_last("delivery", services.now().isoformat())
    _count(services, delivery, "degraded" if receipt.degraded else "delivered")
    now = services.now()
    received = delivery.digest.timing.received_at
    log.info(
        "digest.delivered",
        destination=str(delivery.destination),
        kind=delivery.kind.value,
        reason=delivery.digest.reason.value,
        send_ms=_ms(now - began) if began else None,
        since_event_ms=_ms(now - received) if received else None,
    )


def _fall_back(services: Services, delivery: Delivery, error: Exception) -> None:
    """Tell it elsewhere, with the reason, since this destination cannot take it."""
    _count(services, delivery, "refused")
    services.store.note_last("delivery_error", f"{services.now().isoformat()} {error}")
    log.error("delivery.refused", destination=str(delivery.destination), reason=str(error))
    if delivery.kind is not DeliveryKind.ROOT:
        return
    others = [
        name
        for name in (*default_destinations(services.settings), "console:")
        if Destination.parse(name).kind is not delivery.destination.kind
        and name not in delivery.digest.incident.destinations
    ]
    if not others:
        return
    note = f"Sent here because {delivery.destination} could not be reached: {error}"
    diagnosis = replace(delivery.digest.diagnosis, notes=(*delivery.digest.diagnosis.notes, note))
    elsewhere = replace(
        delivery,
        destination=Destination.parse(others[0]),
        digest=replace(delivery.digest, diagnosis=diagnosis),
        delivery_id=f"{delivery.delivery_id}-fallback",
    )
    post(services.queue, elsewhere)


def _wait_for_turn(services: Services, delivery: Delivery, *, edits: bool) -> None:
    """Keep Slack's rates for all processes together; a long wait gives the worker free.

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
        raise TransientError("waiting for Slack's rate limit", retry_after=wait)
    if wait > timedelta(0):
        services.sleep(wait)


def _pause_if_asked(services: Services, destination: Destination, error: TransientError) -> None:
    if destination.kind is DestinationKind.SLACK and error.retry_after:
        services.limiter.pause(_bucket(destination), error.retry_after)


def _bucket(destination: Destination) -> str:
    return f"slack-post-{destination.address}"


def _count(services: Services, delivery: Delivery, outcome: str) -> None:
    services.store.count("deliveries", destination=delivery.destination.kind.value, outcome=outcome)


def _ms(duration: timedelta) -> int:
    return round(duration.total_seconds() * 1000)
