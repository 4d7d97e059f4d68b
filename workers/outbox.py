"""The outbox: deliveries as messages of a mailbox for each incident and destination.

One mailbox is worked off by one job at a time, so the order of an incident's messages at a
destination is kept.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
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
    place = " ".join((str(delivery.destination), *delivery.only_for))
    where = hashlib.sha256(place.encode()).hexdigest()[:12]
    message = Message(
        kind=WorkKind.DELIVER,
        key=f"{incident_id}-{where}",
        message_id=delivery.delivery_id,
        body=msgspec.json.encode(delivery),
    )
    queue.put(message, tx=tx, delay=delay)


def rest_of(delivery: Delivery, addresses: tuple[str, ...]) -> Delivery:
    """The same mail for those who were refused for now, in a mailbox where it holds none up."""
    part = hashlib.sha256(" ".join(addresses).encode()).hexdigest()[:8]
    return replace(delivery, delivery_id=f"{delivery.delivery_id}-{part}", only_for=addresses)


def deliveries_of(lease: Lease) -> tuple[Delivery, ...]:
    """The deliveries waiting in a mailbox, oldest first."""
    return tuple(delivery_in(message) for message in lease.messages)


def delivery_in(message: Message) -> Delivery:
    """The delivery that a message asks for.

    Raises msgspec.DecodeError for a message that is none of the outbox's.
    """
    return msgspec.json.decode(message.body, type=Delivery)


def coalesced(deliveries: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Where messages can be edited only the newest state, before the rest, by the oldest one's id.

    By the oldest id, because that one may have been sent before a crash; with the people whom any
    of them calls. What is replayed comes in any order, so the incident's version says what is new.
    """
    waiting = tuple(deliveries)
    roots = sorted((item for item in waiting if is_editable(item)), key=_version)
    others = tuple(item for item in waiting if not is_editable(item))
    if not roots:
        return others
    called = dict.fromkeys(person for item in roots for person in item.digest.mentions)
    newest = replace(roots[-1].digest, mentions=tuple(called))
    return (replace(roots[-1], digest=newest, delivery_id=roots[0].delivery_id), *others)


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


def parts_of(lease: Lease) -> Iterator[tuple[str, ...]]:
    """The ids of a lease's messages, by the delivery that they stand for."""
    for delivery in coalesced(deliveries_of(lease)):
        yield messages_of(lease, delivery)


def _version(delivery: Delivery) -> int:
    return delivery.digest.incident.version
