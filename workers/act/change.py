"""Change an incident because of what a person did, and show it everywhere it was told."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobmon.action import Action
from jobmon.digest import Delivery, DeliveryKind, Destination, Digest, Note
from jobmon.incident import Incident, IncidentState
from jobmon.incident_event import Acknowledged, Muted, RepairStarted, Unmuted
from jobmon.ports.queue import Transaction
from jobmon.transition import transition
from notifiers.slack.mrkdwn import escape, person
from notifiers.text import plain
from workers.act.answer import ActedOn
from workers.outbox import post
from workers.services import Services
from workers.tell import delivery_of, editable_places

SAME_TERM = timedelta(minutes=5)
"""Mutes that end this close together are the same wish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Whether a person's event changed the incident; else why not, in mrkdwn."""

    already: str = ""


def change_incident(
    services: Services, incident: Incident, event: ActedOn, *, action: Action, said: str
) -> Changed:
    """Apply an event to the incident as it is now; its messages follow in the same transaction.

    Of two people who ask for the same at once one changes it, and the other learns who.
    """
    now = services.now()

    def body(tx: Transaction) -> Changed:
        current = services.store.current_incident(incident.workspace_id, incident.job_key)
        if current is None or current.incident_id != incident.incident_id:
            return Changed(already="This incident is over, another one has begun.")
        already = already_so(current, event, now=now)
        if already:
            return Changed(already=already)
        change = transition(current, event, now=now)
        newer = replace(change.incident or current, untold=False)
        services.store.save_incident(tx, newer)
        digest = services.store.digest(incident.incident_id)
        if digest is None:
            return Changed()
        digest = replace(digest, incident=newer, reason=change.reason, at=now)
        services.store.save_digest(tx, digest)
        for destination in editable_places(newer):
            post(services.queue, delivery_of(digest, destination, DeliveryKind.ROOT), tx=tx)
            post(services.queue, _note(digest, destination, action=action, said=said), tx=tx)
        return Changed()

    watch = [services.store.incident_key(incident.workspace_id, incident.job_key)]
    return services.store.transact(watch, body)


def already_so(incident: Incident, event: ActedOn, *, now: datetime) -> str:
    """Say why an event changes nothing; empty when it does. In mrkdwn."""
    if isinstance(event, RepairStarted):
        return ""  # it runs, whatever the incident says: it has to be shown
    if incident.state is IncidentState.RESOLVED:
        return "It has been resolved meanwhile."
    match event:
        case Acknowledged():
            who = incident.acknowledged_by
            return f"{_who(who, event.by)} it already." if who else ""
        case Muted():
            if not incident.is_muted(now) or not _covers(incident, event):
                return ""
            return f"It is muted already, by {_by(incident.muted_by, event.by)}."
        case Unmuted():
            return "" if incident.is_muted(now) else "It is not muted."


def note_in_thread(services: Services, incident: Incident, *, action: Action, said: str) -> None:
    """Say in the incident's threads what was asked and what came of it."""
    digest = services.store.digest(incident.incident_id)
    if digest is None:
        return
    for destination in editable_places(incident):
        post(services.queue, _note(digest, destination, action=action, said=said))


def _note(digest: Digest, destination: Destination, *, action: Action, said: str) -> Delivery:
    text = f"{person(action.actor.user_id)} {escape(plain(said))}"
    note = Note(text=text, markup=True)
    part = f"said-{action.action_id}"
    return delivery_of(digest, destination, DeliveryKind.NOTE, note=note, part=part)


def _covers(incident: Incident, event: Muted) -> bool:
    """Whether the mute there is lasts as long as the one that is asked for."""
    if incident.muted_until_changed or event.until is None:
        return incident.muted_until_changed and event.until is None
    return incident.muted_until is not None and incident.muted_until >= event.until - SAME_TERM


def _who(first: str, asking: str) -> str:
    return "You look after" if first == asking else f"{person(first)} looks after"


def _by(first: str, asking: str) -> str:
    return "you" if first == asking else person(first)
