"""Send what waits in the outbox: claim, send, record; look before repeating a doubtful one."""

from dataclasses import replace
from datetime import timedelta

import redis.exceptions
import structlog
from rq.timeouts import JobTimeoutException

from jobmon.digest import Delivery, DeliveryKind, Receipt
from jobmon.errors import (
    DoubtfulError,
    MessageGone,
    NotYet,
    PermanentError,
    TransientError,
)
from jobmon.ports.queue import Lease, LeaseLost, WorkKind
from jobmon.ports.store import ClaimState
from jobmon.readiness import OLDEST_UNDELIVERED_SECONDS
from workers.delivered import count, record
from workers.fallback import fall_back
from workers.job import GIVE_UP_AFTER, TOO_LONG, bury, tried_for, work
from workers.outbox import coalesced, deliveries_of, is_editable, messages_of, parts_of
from workers.rootless import set_aside
from workers.services import Services
from workers.turn import pause_if_asked, wait_for_turn

log = structlog.get_logger()

ANEW = "-anew"
NOT_THE_DELIVERYS = (
    TransientError,
    DoubtfulError,
    redis.exceptions.RedisError,
    JobTimeoutException,
)
"""What says nothing against a delivery: it is tried again."""
RECONCILE_AFTER = timedelta(seconds=5)
PATIENCE = timedelta(seconds=OLDEST_UNDELIVERED_SECONDS)
"""As long as `/readyz` and the alarm have: then a message is told elsewhere too."""


def run(key: str) -> None:
    """RQ job: send what waits for one incident and destination."""
    work(WorkKind.DELIVER, key, deliver_all, parts=parts_of)


def deliver_all(services: Services, lease: Lease) -> None:
    """Send the deliveries of a mailbox in order; states that were overtaken are left out.

    What cannot be sent, be it for a defect of ours, becomes a dead letter and is told elsewhere;
    the others go on. What was sent is not looked at again when one after it has to wait.
    """
    waiting = list(coalesced(deliveries_of(lease)))
    sent: list[str] = []
    try:
        while waiting:
            delivery = _as_it_is_now(services, waiting[0])
            try:
                _deliver(services, lease, delivery)
                sent += messages_of(lease, delivery)
            except PermanentError as exc:
                _refused(services, lease, delivery, exc, reason=str(exc))
            except NOT_THE_DELIVERYS:
                raise
            except Exception as exc:
                # A defect of ours: another medium may not have it.
                log.exception("delivery.crashed", destination=str(delivery.destination))
                reason = f"{type(exc).__name__}, see the log"
                _refused(services, lease, delivery, exc, reason=reason)
            del waiting[0]
    except LeaseLost:
        raise
    except (TransientError, DoubtfulError, JobTimeoutException) as exc:
        services.queue.drop(lease, sent)
        _tell_elsewhere(services, lease, waiting, exc)
        raise
    services.queue.done(lease)


def give_up_unsent(services: Services, lease: Lease, reason: str) -> None:
    """Tell elsewhere what a mailbox that kills its workers has not sent; make dead letters of that.

    One that was worked off in vain has been told elsewhere by then.
    """
    for delivery in coalesced(deliveries_of(lease)):
        if _has_arrived(services, delivery):
            services.queue.drop(lease, messages_of(lease, delivery))
        else:
            fall_back(services, _as_it_is_now(services, delivery), reason)
    bury(services, lease, reason)


def _tell_elsewhere(
    services: Services, lease: Lease, waiting: list[Delivery], error: Exception
) -> None:
    """Nobody waits for hours: what is not taken for long is told elsewhere, and tried on here."""
    patience = GIVE_UP_AFTER if isinstance(error, NotYet) else PATIENCE
    if tried_for(services, lease) < patience:
        return
    reason = TOO_LONG if isinstance(error, JobTimeoutException) else str(error)
    for delivery in waiting:
        fall_back(services, _as_it_is_now(services, delivery), reason)


def _deliver(services: Services, lease: Lease, delivery: Delivery) -> None:
    root = _root(services, delivery)
    if delivery.kind is DeliveryKind.NOTE and root is None and not delivery.broadcast:
        set_aside(services, lease, delivery)
        return
    try:
        if root is None or not is_editable(delivery):
            _send_once(services, lease, delivery, root)
        elif delivery.digest.incident.version > root.version:
            _edit(services, lease, delivery, root)
    except MessageGone:
        _post_anew(services, lease, delivery)


def _has_arrived(services: Services, delivery: Delivery) -> bool:
    """Whether a worker sent it that was killed before it could say so of its mailbox."""
    root = _root(services, delivery)
    if root is not None and is_editable(delivery):
        return root.version >= delivery.digest.incident.version
    return services.store.is_sent(delivery.delivery_id)


def _as_it_is_now(services: Services, delivery: Delivery) -> Delivery:
    """What can be edited shows the present state: a delivery may have waited for long."""
    if not is_editable(delivery) or delivery.tried:
        return delivery
    known = services.store.digest(delivery.digest.incident.incident_id)
    if known is None or known.incident.version <= delivery.digest.incident.version:
        return delivery
    return replace(delivery, digest=replace(known, mentions=delivery.digest.mentions))


def _send_once(services: Services, lease: Lease, delivery: Delivery, root: Receipt | None) -> None:
    """Send what may not be sent twice; a doubtful attempt is looked up first."""
    claim = services.store.claim(delivery.delivery_id, now=services.now())
    if claim.state is ClaimState.SENT:
        return
    if claim.state is ClaimState.DOUBTFUL:
        notifier = services.notifier(delivery.destination)
        services.queue.hold(lease)
        found = notifier.find(delivery, root=root, since=claim.since or services.now())
        if found is not None:
            log.info("delivery.reconciled", destination=str(delivery.destination))
            record(services, delivery, found)
            if is_editable(delivery):
                _edit(services, lease, delivery, found)  # the state may be newer than what was sent
            return
    try:
        wait_for_turn(services, delivery, edits=False)
    except TransientError:
        if claim.state is ClaimState.GO:  # nothing was tried, so there is nothing to look up
            services.store.release(delivery.delivery_id)
        raise
    _send(services, lease, delivery, root)


def _post_anew(services: Services, lease: Lease, delivery: Delivery) -> None:
    """Somebody removed the incident's message: show its present state in a new one, once."""
    if delivery.delivery_id.endswith(ANEW):
        return
    log.warning("delivery.root_gone", destination=str(delivery.destination))
    anew = replace(
        delivery,
        kind=DeliveryKind.ROOT,
        note=None,
        broadcast=False,
        delivery_id=f"{delivery.delivery_id}{ANEW}",
    )
    _send_once(services, lease, _as_it_is_now(services, anew), None)
    if delivery.kind is DeliveryKind.NOTE:
        _send_once(services, lease, delivery, _root(services, delivery))


def _edit(services: Services, lease: Lease, delivery: Delivery, root: Receipt) -> None:
    wait_for_turn(services, delivery, edits=True)
    _send(services, lease, delivery, root)


def _send(services: Services, lease: Lease, delivery: Delivery, root: Receipt | None) -> None:
    services.queue.hold(lease)
    began = services.now()
    try:
        receipt = services.notifier(delivery.destination).send(delivery, root=root)
    except DoubtfulError as exc:
        count(services, delivery, "doubtful", error=exc)
        wait = exc.retry_after or RECONCILE_AFTER
        raise TransientError(str(exc), retry_after=wait) from exc
    except TransientError as exc:
        services.store.release(delivery.delivery_id)
        count(services, delivery, "postponed", error=exc)
        edits = root is not None and is_editable(delivery)
        pause_if_asked(services, delivery, exc, edits=edits)
        raise
    except PermanentError:
        services.store.release(delivery.delivery_id)
        raise
    shown = replace(receipt, version=delivery.digest.incident.version)
    record(services, delivery, shown, began=began)


def _root(services: Services, delivery: Delivery) -> Receipt | None:
    incident_id = delivery.digest.incident.incident_id
    return services.store.root_receipt(incident_id, delivery.destination)


def _refused(
    services: Services, lease: Lease, delivery: Delivery, error: Exception, *, reason: str
) -> None:
    """Keep it as a dead letter, and tell it elsewhere: this destination cannot take it."""
    count(services, delivery, "refused", error=error)
    services.store.note_last("delivery_error", f"{services.now().isoformat()} {reason}")
    log.error("delivery.refused", destination=str(delivery.destination), reason=reason)
    fall_back(services, delivery, reason)
    bury(services, lease, reason, messages_of(lease, delivery))
