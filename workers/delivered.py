"""What became of a delivery: remembered, counted and logged."""

import re
from datetime import datetime, timedelta

import structlog

from jobmon.digest import Delivery, Receipt
from jobmon.ports.queue import Transaction
from workers.failing import note_arrival, note_trouble
from workers.outbox import post, rest_of
from workers.services import Services

log = structlog.get_logger()


def record(
    services: Services, delivery: Delivery, receipt: Receipt, *, began: datetime | None = None
) -> None:
    """Remember what was sent, and have it tried again for those who were refused for now."""
    incident_id = delivery.digest.incident.incident_id

    def body(tx: Transaction) -> None:
        services.store.record_receipt(
            tx, incident_id=incident_id, delivery=delivery, receipt=receipt
        )
        if receipt.refused_for_now:
            post(services.queue, rest_of(delivery, receipt.refused_for_now), tx=tx)

    services.store.transact([], body)
    now = services.now()
    services.store.note_last("delivery", now.isoformat())
    note_arrival(services.store, delivery.destination, at=now)
    count(services, delivery, "degraded" if receipt.degraded else "delivered")
    if receipt.degraded:
        services.store.note_last("delivery_error", f"{now.isoformat()} {receipt.degraded}")
        log.warning(
            "delivery.degraded", destination=str(delivery.destination), lost=receipt.degraded
        )
    received = delivery.digest.timing.received_at
    log.info(
        "digest.delivered",
        destination=str(delivery.destination),
        kind=delivery.kind.value,
        reason=delivery.digest.reason.value,
        send_ms=_ms(now - began) if began else None,
        since_event_ms=_ms(now - received) if received else None,
    )


def count(
    services: Services, delivery: Delivery, outcome: str, *, error: Exception | None = None
) -> None:
    """Count an attempt by its outcome, and remember when a place did not take it."""
    if error is not None:
        note_trouble(services.store, delivery.destination, at=services.now())
    services.store.count(
        "deliveries",
        destination=delivery.destination.kind.value,
        outcome=outcome,
        reason=_reason(error),
    )


def _reason(error: Exception | None) -> str:
    """`credential_error`, `transient_error` …: the kind of an error, as a label."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower() if error else "none"


def _ms(duration: timedelta) -> int:
    return round(duration.total_seconds() * 1000)
