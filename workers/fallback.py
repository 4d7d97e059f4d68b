"""Tell elsewhere what a destination cannot take."""

from dataclasses import replace

from jobmon.digest import Delivery, Destination
from workers.outbox import post
from workers.route import default_destinations
from workers.services import Services

SUFFIX = "-fallback"


def fall_back(services: Services, delivery: Delivery, reason: str) -> None:
    """Put the delivery into the outbox of another medium, with the reason; the log at the last.

    A destination of the incident's own is told anyway, so it is not another one.
    """
    names = (*default_destinations(services.settings), "console:")
    others = [
        name
        for name in names
        if Destination.parse(name).kind is not delivery.destination.kind
        and name not in delivery.digest.incident.destinations
    ]
    if not others or delivery.delivery_id.count(SUFFIX) >= len(names):
        return
    note = f"Sent here because {delivery.destination} could not be reached: {reason}"
    diagnosis = replace(delivery.digest.diagnosis, notes=(*delivery.digest.diagnosis.notes, note))
    elsewhere = replace(
        delivery,
        destination=Destination.parse(others[0]),
        digest=replace(delivery.digest, diagnosis=diagnosis),
        delivery_id=f"{delivery.delivery_id}{SUFFIX}",
    )
    post(services.queue, elsewhere)
