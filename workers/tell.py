"""What a change is worth: which messages, to whom, how loudly. Pure."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import replace

from jobmon.cause_group import TaskDiagnosis
from jobmon.digest import Delivery, DeliveryKind, Destination, DestinationKind, Digest, Note
from jobmon.incident import MEANING_CHANGED, Incident, IncidentState, NotifyReason
from jobmon.settings import Policy
from notifiers.standing import standing_line_of

MAX_DETAIL_NOTES = 5
MAILED = MEANING_CHANGED | {
    NotifyReason.LATE_CAUSE,
    NotifyReason.STILL_FAILING,
    NotifyReason.RESOLVED,
}
"""What is worth a mail of its own: a mail cannot be edited."""

_THREAD_WORDS = {
    NotifyReason.NEW_CAUSE: "A new cause appeared.",
    NotifyReason.REGRESSED: "It failed again after it had been resolved.",
    NotifyReason.STILL_FAILING: "It failed again with the same cause.",
    NotifyReason.REPAIRING: "A repair is running.",
    NotifyReason.REPAIR_STOPPED: "The repair was cancelled.",
}


def deliveries_for(
    digest: Digest,
    details: tuple[TaskDiagnosis, ...],
    *,
    policy: Policy,
    told: Collection[str],
) -> tuple[Delivery, ...]:
    """Plan the deliveries of a change, in the order they should arrive.

    The incident's one message shows the present state; what happened goes into its thread.
    A muted incident is kept current but says nothing, and nowhere appears for the first time.
    `told` names the destinations that know of it: for another one any failure is news.
    """
    if digest.incident.untold:
        return ()
    muted = digest.incident.is_muted(digest.at)
    return tuple(
        delivery
        for name in digest.incident.destinations
        for delivery in _for_destination(
            digest,
            details,
            Destination.parse(name),
            policy=policy,
            muted=muted,
            is_known=name in told,
        )
    )


def _for_destination(
    digest: Digest,
    details: tuple[TaskDiagnosis, ...],
    destination: Destination,
    *,
    policy: Policy,
    muted: bool,
    is_known: bool,
) -> Iterator[Delivery]:
    can_edit = destination.kind is DestinationKind.SLACK
    if muted and not is_known:
        return
    if can_edit or (not muted and (digest.reason in MAILED or not is_known)):
        yield delivery_of(digest, destination, DeliveryKind.ROOT)
    if not can_edit or muted:
        return
    words = _thread_words(digest)
    if digest.mentions and is_known:
        words = words or "More has failed."  # an edited message calls nobody
    if words:
        yield delivery_of(
            digest,
            destination,
            DeliveryKind.NOTE,
            note=Note(text=words),
            broadcast=_is_broadcast(digest, policy),
            part=digest.reason.value,
        )
    quiet = replace(digest, mentions=())
    for number, note in enumerate(detail_notes(details)):
        yield delivery_of(quiet, destination, DeliveryKind.NOTE, note=note, part=f"detail{number}")


def editable_places(incident: Incident) -> Iterator[Destination]:
    """Where its one message can be brought up to date."""
    for name in incident.destinations:
        destination = Destination.parse(name)
        if destination.kind is DestinationKind.SLACK:
            yield destination


def detail_notes(details: tuple[TaskDiagnosis, ...]) -> tuple[Note, ...]:
    """One note with the full text for each of the first causes, and one that lists the others."""
    by_cause = {item.diagnosis.fingerprint: item for item in reversed(details)}
    firsts = [item for item in details if by_cause[item.diagnosis.fingerprint] is item]
    notes = []
    for item in firsts[:MAX_DETAIL_NOTES]:
        failure = item.failure
        error = "" if failure.error.strip() in failure.trace else failure.error
        full = "\n\n".join(text for text in (error, failure.trace, failure.logs) if text)
        if not full:
            continue
        where = f"{failure.task_key} ({failure.origin})" if failure.origin else failure.task_key
        notes.append(
            Note(
                text=f"The full error of {where}:",
                attachment=full,
                attachment_name=f"{_file_name(failure.task_key)}.txt",
            )
        )
    rest = firsts[MAX_DETAIL_NOTES:]
    if rest:
        notes.append(
            Note(
                text=f"The other causes, each with its first task ({len(rest)}):",
                attachment="\n".join(_in_a_line(item) for item in rest),
                attachment_name="other-causes.txt",
            )
        )
    return tuple(notes)


def _in_a_line(item: TaskDiagnosis) -> str:
    finding = item.diagnosis.finding
    what = f"{finding.summary} " if finding else ""
    return f"{item.failure.task_key}: {what}{item.diagnosis.headline}"


def _file_name(task_key: str) -> str:
    return "".join(char if char.isalnum() or char in "-_." else "_" for char in task_key)[:80]


def _thread_words(digest: Digest) -> str:
    """What has happened, for the thread; empty where the message itself is the news."""
    words = _THREAD_WORDS.get(digest.reason, "")
    if (
        digest.incident.state is IncidentState.RESOLVED
        and digest.reason is not NotifyReason.FIRST_FAILURE
    ):
        return f"{words} {standing_line_of(digest)}.".lstrip()
    return words


def _is_broadcast(digest: Digest, policy: Policy) -> bool:
    if policy.broadcast == "thread_only":
        return False
    if policy.broadcast == "always":
        return True
    if digest.incident.state is IncidentState.RESOLVED:
        return policy.broadcast_resolved
    return digest.reason in MEANING_CHANGED - {NotifyReason.FIRST_FAILURE}


def delivery_of(
    digest: Digest,
    destination: Destination,
    kind: DeliveryKind,
    *,
    note: Note | None = None,
    broadcast: bool = False,
    part: str = "",
) -> Delivery:
    """Make a delivery; the same state and part give the same id."""
    incident = digest.incident
    identity = f"{incident.incident_id}/{destination}/{kind}/{incident.version}/{part}"
    return Delivery(
        delivery_id="d-" + hashlib.sha256(identity.encode()).hexdigest()[:24],
        destination=destination,
        kind=kind,
        digest=digest,
        note=note,
        broadcast=broadcast,
    )
