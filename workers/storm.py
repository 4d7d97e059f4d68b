"""Storms: many jobs that fail with one cause are told in one message."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
import structlog

from jobmon.cause_group import RunDiagnosis
from jobmon.digest import Delivery, DeliveryKind, Destination, DestinationKind, Digest, Note
from jobmon.incident import MEANING_CHANGED, Incident, IncidentState, Member, NotifyReason
from jobmon.platform_incident import PLATFORM, gather, platform_key
from jobmon.ports.queue import Lease, Message, Transaction, WorkKind
from jobmon.quiet import held_for
from workers.job import work
from workers.outbox import post
from workers.services import Services
from workers.tell import deliveries_for, delivery_of

log = structlog.get_logger()

MAX_NAMES = 12
MAX_NOTES_AT_ONCE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A job's incident that belongs to a storm, and where it would have been told."""

    member: Member
    digest: Digest
    destinations: tuple[str, ...]


def run(key: str) -> None:
    """RQ job: bring the platform incident of one cause up to date."""
    work(WorkKind.STORM, key, gather_all)


def is_storm(
    services: Services, incident: Incident, diagnosis: RunDiagnosis, *, now: datetime
) -> str:
    """The platform incident's key when enough jobs fail with this cause just now; else empty."""
    if not diagnosis.groups:
        return ""
    fingerprint = diagnosis.groups[0].fingerprint
    policy = services.settings.policy
    since = now - policy.platform_incident_window
    jobs = set(services.store.jobs_with(fingerprint, since=since))
    jobs.add((str(incident.workspace_id), incident.job_key))
    return platform_key(fingerprint) if len(jobs) >= policy.platform_incident_jobs else ""


def folded(
    services: Services, incident: Incident, reason: NotifyReason, diagnosis: RunDiagnosis,
    *, now: datetime,
) -> Incident:  # fmt: skip
    """Decide whether an incident is told by itself, or as one of many."""
    if reason not in MEANING_CHANGED:
        return incident
    return replace(incident, platform_key=is_storm(services, incident, diagnosis, now=now))


def join(
    services: Services, tx: Transaction, digest: Digest, destinations: tuple[str, ...]
) -> None:
    """Ask for the platform incident to be brought up to date with this one."""
    incident = digest.incident
    joined = Joined(
        member=Member(
            incident_id=incident.incident_id,
            job_name=incident.job_name or incident.job_key,
            is_open=incident.state is not IncidentState.RESOLVED,
        ),
        digest=digest,
        destinations=destinations,
    )
    message = Message(
        kind=WorkKind.STORM,
        key=incident.platform_key,
        message_id=f"j-{incident.incident_id}-{incident.version}",
        body=msgspec.json.encode(joined),
    )
    services.queue.put(message, tx=tx)


def gather_all(services: Services, lease: Lease) -> None:
    """Apply what joined or got well to the platform incident, and tell it once."""
    joined = [msgspec.json.decode(message.body, type=Joined) for message in lease.messages]
    now = services.now()
    policy = services.settings.policy

    def body(tx: Transaction) -> None:
        before = services.store.current_incident(PLATFORM, lease.key)
        change = gather(
            before,
            [item.member for item in joined],
            key=lease.key,
            window=policy.regression_window,
            now=now,
        )
        if change.incident is not None and change.reason is not NotifyReason.NOTHING_NEW:
            _tell(services, tx, change.incident, change.reason, joined, before=before, now=now)
        services.queue.done(lease, tx=tx)

    services.store.transact([services.store.incident_key(PLATFORM, lease.key)], body)
    log.info("storm.gathered", jobs=len(joined))


def _tell(
    services: Services,
    tx: Transaction,
    platform: Incident,
    reason: NotifyReason,
    joined: list[Joined],
    *,
    before: Incident | None,
    now: datetime,
) -> None:
    latest = joined[-1]
    places = (*platform.destinations, *(name for item in joined for name in item.destinations))
    platform = replace(platform, destinations=tuple(dict.fromkeys(places)))
    previous = services.store.digest(platform.incident_id)
    shown = previous.diagnosis if previous else latest.digest.diagnosis
    digest = replace(
        latest.digest,
        incident=platform,
        run=replace(latest.digest.run, tasks=(), url=""),
        diagnosis=replace(
            shown,
            groups=shown.groups[:1],
            failed_count=len(platform.members),
            downstream_count=0,
            pending_count=0,
        ),
        reason=reason,
        at=now,
        history=_in_words(platform.members),
        actions_enabled=False,
    )
    services.store.save_incident(tx, platform)
    services.store.save_digest(tx, digest)
    policy = services.settings.policy
    delay = held_for(policy.quiet_hours, job_name=latest.digest.run.job_name, now=now)
    for delivery in (
        *deliveries_for(digest, (), policy=policy),
        *_notes(digest, joined, before=before),
    ):
        post(services.queue, delivery, tx=tx, delay=delay)


def _notes(digest: Digest, joined: list[Joined], *, before: Incident | None) -> Iterable[Delivery]:
    """Under the platform's message: who joined, who got well."""
    known = {member.incident_id: member.is_open for member in before.members} if before else {}
    news = [
        item for item in joined if known.get(item.member.incident_id) is not item.member.is_open
    ]
    for name in digest.incident.destinations:
        destination = Destination.parse(name)
        if destination.kind is not DestinationKind.SLACK:
            continue
        for number, text in enumerate(_lines(news)):
            yield delivery_of(
                digest, destination, DeliveryKind.NOTE, note=Note(text=text), part=f"job{number}"
            )


def _lines(news: list[Joined]) -> Iterable[str]:
    for item in news[:MAX_NOTES_AT_ONCE]:
        verb = "fails with the same cause" if item.member.is_open else "is well again"
        yield f"{item.member.job_name} {verb}. {item.digest.run.url}".rstrip()
    rest = news[MAX_NOTES_AT_ONCE:]
    if rest:
        yield f"And {len(rest)} more: {', '.join(item.member.job_name for item in rest)}"


def _in_words(members: tuple[Member, ...]) -> str:
    failing = [member.job_name for member in members if member.is_open]
    names = ", ".join(failing[:MAX_NAMES])
    more = f" and {len(failing) - MAX_NAMES} more" if len(failing) > MAX_NAMES else ""
    well = len(members) - len(failing)
    again = f"; {well} well again" if well else ""
    return f"One cause in {len(members)} jobs. Failing: {names or 'none'}{more}{again}"
