"""The outbox: deliveries as messages of a mailbox for each incident and destination.

One mailbox is worked off by one job at a time, so the order of an incident's messages at a
destination is kept.
"""

import hashlib
from datetime import timedelta

import msgspec

from jobmon.digest import Delivery, DeliveryKind, DestinationKind
from jobmon.ports.queue import JobQueue, Lease, Message, Transaction, WorkKind


def post(
    queue: JobQueue,
    delivery: Delivery,
    *,
    tx: Transaction | None = None,
    delay: timedelta = timedelta(0),
) -> None:
    """Put a delivery into the outbox; the same delivery a second time changes nothing."""
    incident_id = delivery.digest.incident.incident_id
    where = hashlib.sha256(str(delivery.destination).encode()).hexdigest()[:12]
    message = Message(
        kind=WorkKind.DELIVER,
        key=f"{incident_id}-{where}",
        message_id=delivery.delivery_id,
        body=msgspec.json.encode(delivery),
    )
    queue.put(message, tx=tx, delay=delay)


def deliveries_of(lease: Lease) -> tuple[Delivery, ...]:
    """The deliveries waiting in a mailbox, oldest first."""
    return tuple(msgspec.json.decode(message.body, type=Delivery) for message in lease.messages)


def is_editable(delivery: Delivery) -> bool:
    """Whether a delivery edits the incident's message where there is one already."""
    return delivery.kind is DeliveryKind.ROOT and delivery.destination.kind is DestinationKind.SLACK


def messages_of(lease: Lease, delivery: Delivery) -> tuple[str, ...]:
    """The ids of a lease's messages that a delivery stands for: newer states of it too."""
    return tuple(
        message.message_id
        for message, waiting in zip(lease.messages, deliveries_of(lease), strict=True)
        if waiting.delivery_id == delivery.delivery_id
        or (delivery.kind is DeliveryKind.ROOT and is_editable(waiting))
    )
