"""Tell elsewhere what a destination does not take."""

from dataclasses import replace

from jobmon.digest import Delivery, DeliveryKind, Destination, DestinationKind
from jobmon.incident import FAILING, NotifyReason
from jobmon.settings import Settings
from workers.outbox import post
from workers.route import default_destinations
from workers.services import Services
from workers.tell import delivery_of

CONSOLE = Destination(kind=DestinationKind.CONSOLE)
TOLD_ELSEWHERE = FAILING | {NotifyReason.RESOLVED}


def fall_back(services: Services, delivery: Delivery, reason: str) -> None:
    """Put an incident's message into the outbox of the next place, with the reason.

    The same state is told there once, however often this is called. What changes nothing of the
    failure is told only where nobody has heard of it. Nor is it told elsewhere for some addresses
    alone: the others have it.
    """
    place = next_place(services.settings, delivery)
    if delivery.kind is not DeliveryKind.ROOT or delivery.only_for or place is None:
        return
    if delivery.digest.reason not in TOLD_ELSEWHERE and _is_known(services, delivery, place):
        return
    note = f"Sent here because {reason}; {delivery.destination} could not be reached"
    # First: of many notes a message shows only the first.
    diagnosis = replace(delivery.digest.diagnosis, notes=(note, *delivery.digest.diagnosis.notes))
    elsewhere = delivery_of(
        replace(delivery.digest, diagnosis=diagnosis),
        place,
        DeliveryKind.ROOT,
        part=f"instead of {delivery.destination}",
    )
    tried = (*delivery.tried, str(delivery.destination))
    post(services.queue, replace(elsewhere, tried=tried))


def next_place(settings: Settings, delivery: Delivery) -> Destination | None:
    """Where to go on: another medium first, for what ails a place may ail its medium; then the log.

    A destination of the incident's own is told anyway, so it is no other place.
    """
    known = {str(delivery.destination), *delivery.tried, *delivery.digest.incident.destinations}
    names = dict.fromkeys((*default_destinations(settings), str(CONSOLE)))
    places = [Destination.parse(name) for name in names if name not in known]
    kind = delivery.destination.kind
    return min(places, key=lambda place: (place == CONSOLE, place.kind is kind), default=None)


def _is_known(services: Services, delivery: Delivery, place: Destination) -> bool:
    incident_id = delivery.digest.incident.incident_id
    store = services.store
    return any(store.root_receipt(incident_id, item) for item in (delivery.destination, place))
