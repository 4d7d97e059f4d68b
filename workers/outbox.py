"""The outbox: deliveries as messages of a mailbox for each incident and destination.

One mailbox is worked off by one job at a time, so the order of an incident's messages at a
destination is kept.
"""

import hashlib
from datetime import timedelta

import msgspec

from jobmon.digest import Delivery
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
