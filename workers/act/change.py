"""Change an incident because of what a person did, and show it everywhere it was told."""

from dataclasses import replace
from datetime import datetime, timedelta

from jobmon.action import Action
from jobmon.digest import Delivery, DeliveryKind, Destination, Digest, Note
from jobmon.incident import Incident, IncidentState
from jobmon.incident_event import Acknowledged, Muted, RepairStarted, Unmuted
from jobmon.outdated import changed_since
from jobmon.ports.queue import Transaction
from jobmon.transition import transition
from notifiers.slack.mrkdwn import escape, person
from notifiers.text import one_line
from workers.act.answer import ActedOn, Answer, not_done, refused
from workers.outbox import post
from workers.services import Services
from workers.tell import delivery_of, editable_places

OVER = "This incident is over, another one of the job has begun."
SAME_TERM = timedelta(minutes=5)
"""Mutes that end this close together are the same wish."""


def change_incident(
    services: Services,
    incident: Incident,
    event: ActedOn,
    *,
    action: Action,
    said: str,
    tx: Transaction,
) -> Answer | None:
    """Apply an event to the incident as it is now, or say why not.

    Its messages follow in the same transaction, which watches the incident: of two people who
    ask for the same at once one changes it, and the other learns who.
    """
    now = services.now()
    current = services.store.current_incident(incident.workspace_id, incident.job_key)
    is_over = current is None or current.incident_id != incident.incident_id
    if is_over and isinstance(event, RepairStarted):
        note_in_thread(services, incident, action=action, said=said, tx=tx)
        return None
    refusal = _why_not(incident, current, event, action=action, now=now)
    if refusal is not None or current is None:
        return refusal
    change = transition(current, event, now=now)
    newer = replace(change.incident or current, untold=False)
    services.store.save_incident(tx, newer)
    digest = services.store.digest(incident.incident_id)
    if digest is None:
        return None
    digest = replace(digest, incident=newer, reason=change.reason, at=now)
    services.store.save_digest(tx, digest)
    for destination in editable_places(newer):
        post(services.queue, delivery_of(digest, destination, DeliveryKind.ROOT), tx=tx)
        post(services.queue, _note(digest, destination, action=action, said=said), tx=tx)
    return None


def change_now(
    services: Services, incident: Incident, event: ActedOn, *, action: Action, said: str
) -> None:
    """The same by itself, for an incident that the action concerns among others."""

    def body(tx: Transaction) -> None:
        change_incident(services, incident, event, action=action, said=said, tx=tx)

    watch = [services.store.incident_key(incident.workspace_id, incident.job_key)]
    services.store.transact(watch, body)


def outdated(what: str, *, action: Action) -> Answer:
    """Refuse a click on a message that showed something else."""
    return refused(
        f"Nothing was done: {escape(what)}. Look at the message as it is now, and click again.",
        said=f"clicked {action.kind} on what the message showed before, and nothing was done: "
        f"{what}.",
        in_thread=True,
    )


def _why_not(
    incident: Incident,
    current: Incident | None,
    event: ActedOn,
    *,
    action: Action,
    now: datetime,
) -> Answer | None:
    if current is None or current.incident_id != incident.incident_id:
        return not_done(action, OVER)
    if isinstance(event, RepairStarted):
        return None  # it runs, whatever the incident says: it has to be shown
    if current.state is IncidentState.RESOLVED:
        return not_done(action, "It has been resolved meanwhile.")
    what = changed_since(current, action.incident_version, action.kind)
    if what:
        return outdated(what, action=action)
    already = already_so(current, event, now=now)
    return refused(already) if already else None


def already_so(incident: Incident, event: ActedOn, *, now: datetime) -> str:
    """Say why an event changes nothing; empty when it does. In mrkdwn."""
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
        case RepairStarted():
            return ""


def note_in_thread(
    services: Services, incident: Incident, *, action: Action, said: str, tx: Transaction
) -> None:
    """Say in the incident's threads what was asked and what came of it."""
    digest = services.store.digest(incident.incident_id)
    if digest is None:
        return
    for destination in editable_places(incident):
        post(services.queue, _note(digest, destination, action=action, said=said), tx=tx)


def _note(digest: Digest, destination: Destination, *, action: Action, said: str) -> Delivery:
    text = f"{person(action.actor.user_id)} {escape(one_line(said))}"
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
