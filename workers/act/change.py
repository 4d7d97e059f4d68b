"""Change an incident because of what a person did, and show it everywhere it was told."""

from dataclasses import replace

from jobmon.digest import Delivery, DeliveryKind, Destination, DestinationKind, Note
from jobmon.incident import Incident, NotifyReason
from jobmon.incident_event import Acknowledged, Change, Muted, RepairStarted, Unmuted
from jobmon.ports.queue import Transaction
from jobmon.transition import transition
from workers.outbox import post
from workers.services import Services
from workers.tell import delivery_of


def change_incident(
    services: Services,
    incident: Incident,
    event: Acknowledged | RepairStarted | Muted | Unmuted,
    *,
    said: str,
) -> Change:
    """Apply an event to the incident as it is now; its messages follow in the same transaction."""
    now = services.now()

    def body(tx: Transaction) -> Change:
        current = services.store.current_incident(incident.workspace_id, incident.job_key)
        if current is None or current.incident_id != incident.incident_id:
            return Change(incident=current, reason=NotifyReason.NOTHING_NEW)
        change = transition(current, event, now=now)
        if change.reason is NotifyReason.NOTHING_NEW or change.incident is None:
            return change
        services.store.save_incident(tx, change.incident)
        digest = services.store.digest(incident.incident_id)
        if digest is not None:
            digest = replace(digest, incident=change.incident, reason=change.reason, at=now)
            services.store.save_digest(tx, digest)
            for name in change.incident.destinations:
                destination = Destination.parse(name)
                if destination.kind is DestinationKind.SLACK:
                    post(services.queue, delivery_of(digest, destination, DeliveryKind.ROOT), tx=tx)
                    post(services.queue, _note(services, change.incident, destination, said), tx=tx)
        return change

    watch = [services.store.incident_key(incident.workspace_id, incident.job_key)]
    return services.store.transact(watch, body)


def note_in_thread(services: Services, incident: Incident, said: str) -> None:
    """Say in the incident's threads what was asked and what came of it."""
    for name in incident.destinations:
        destination = Destination.parse(name)
        if destination.kind is DestinationKind.SLACK and services.store.digest(
            incident.incident_id
        ):
            post(services.queue, _note(services, incident, destination, said))


def _note(services: Services, incident: Incident, destination: Destination, said: str) -> Delivery:
    digest = services.store.digest(incident.incident_id)
    if digest is None:
        raise RuntimeError("an incident with messages has a digest")
    stamp = f"{services.now():%Y%m%d%H%M%S%f}"
    return delivery_of(
        replace(digest, incident=incident),
        destination,
        DeliveryKind.NOTE,
        note=Note(text=said, markup=True),
        part=f"said-{stamp}",
    )
