"""Storms: many jobs that fail with one cause are told in one message."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
import structlog

from jobmon.cause_group import RunDiagnosis
from jobmon.digest import DeliveryKind, Digest, Note
from jobmon.incident import MEANING_CHANGED, Incident, IncidentState, Member, NotifyReason
from jobmon.platform_incident import cause_of, gather, is_over, platform_key
from jobmon.ports.queue import Lease, Message, Transaction, WorkKind
from jobmon.recording import causes_of
from jobmon.run import NO_WORKSPACE, WorkspaceId
from jobmon.shared_cause import can_be_shared
from workers.job import work
from workers.outbox import post
from workers.services import Services
from workers.storm_news import Joined, tell
from workers.tell import delivery_of, editable_places

log = structlog.get_logger()

MOST_EARLIER = 50
FOLDED = "Other jobs fail with the same cause: one message of its own tells of all of them."


def run(key: str) -> None:
    """RQ job: bring the platform incident of one cause up to date."""
    work(WorkKind.STORM, key, gather_all)


def is_storm(
    services: Services, incident: Incident, diagnosis: RunDiagnosis, *, now: datetime
) -> str:
    """The platform incident's key when enough jobs fail with one cause just now; else empty."""
    if not diagnosis.groups or not can_be_shared(diagnosis.groups[0]):
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
    is_over = incident.state is IncidentState.RESOLVED
    if reason not in MEANING_CHANGED or is_over or incident.is_muted(now):
        return incident
    return replace(incident, platform_key=is_storm(services, incident, diagnosis, now=now))


def follow_storm(
    services: Services,
    tx: Transaction,
    digest: Digest,
    destinations: tuple[str, ...],
    *,
    before: Incident | None,
) -> None:
    """Have the platform incidents know of this one: it joined, got well, or has left."""
    key = digest.incident.platform_key
    if key:
        _ask(services, tx, _joined(digest, destinations), key)
    if before is not None and before.platform_key not in {"", key}:
        member = replace(_joined(digest, ()).member, is_open=False)
        _ask(services, tx, Joined(member=member, digest=digest, left=True), before.platform_key)


def gather_all(services: Services, lease: Lease) -> None:
    """Apply what joined or got well to the platform incident, and tell it once."""
    news = [msgspec.json.decode(message.body, type=Joined) for message in lease.messages]
    store, policy, now = services.store, services.settings.policy, services.now()
    jobs = store.jobs_with(cause_of(lease.key), since=now - policy.platform_incident_window)
    earlier = [(WorkspaceId(int(workspace)), key) for workspace, key in jobs[:MOST_EARLIER]]

    def body(tx: Transaction) -> None:
        before = store.current_incident(NO_WORKSPACE, lease.key)
        joined = news
        if before is None or is_over(before, window=policy.regression_window, now=now):
            joined = [*_fold_earlier(services, tx, lease.key, earlier, now=now), *news]
        change = gather(
            before,
            [item.member for item in joined],
            key=lease.key,
            window=policy.regression_window,
            now=now,
        )
        if change.incident is not None and change.reason is not NotifyReason.NOTHING_NEW:
            tell(services, tx, change.incident, change.reason, joined, before=before, now=now)
        services.queue.done(lease, tx=tx)

    watch = [store.incident_key(*job) for job in ((NO_WORKSPACE, lease.key), *earlier)]
    store.transact(watch, body)
    log.info("storm.gathered", jobs=len(news))


def _fold_earlier(
    services: Services,
    tx: Transaction,
    key: str,
    jobs: Sequence[tuple[WorkspaceId, str]],
    *,
    now: datetime,
) -> list[Joined]:
    """The jobs that were told by themselves before it was a storm: they are members, too."""
    folded_now = []
    for workspace_id, job_key in jobs:
        incident = services.store.current_incident(workspace_id, job_key)
        if incident is None or not _belongs(incident, key, now=now):
            continue
        digest = services.store.digest(incident.incident_id)
        if digest is None:
            continue
        digest = replace(digest, incident=replace(incident, platform_key=key), at=now)
        services.store.save_incident(tx, digest.incident)
        services.store.save_digest(tx, digest)
        for place in editable_places(incident):
            note = delivery_of(
                digest, place, DeliveryKind.NOTE, note=Note(text=FOLDED), part="folded"
            )
            post(services.queue, note, tx=tx)
        folded_now.append(_joined(digest, incident.destinations))
    return folded_now


def _belongs(incident: Incident, key: str, *, now: datetime) -> bool:
    return (
        incident.state is not IncidentState.RESOLVED
        and not incident.platform_key
        and not incident.is_muted(now)
        and cause_of(key) in causes_of(incident)
    )


def _joined(digest: Digest, destinations: tuple[str, ...]) -> Joined:
    incident = digest.incident
    member = Member(
        incident_id=incident.incident_id,
        job_name=incident.job_name or incident.job_key,
        is_open=incident.state is not IncidentState.RESOLVED,
    )
    return Joined(member=member, digest=digest, destinations=destinations)


def _ask(services: Services, tx: Transaction, joined: Joined, key: str) -> None:
    incident = joined.digest.incident
    message = Message(
        kind=WorkKind.STORM,
        key=key,
        message_id=f"j-{incident.incident_id}-{incident.version}-{key}",
        body=msgspec.json.encode(joined),
    )
    services.queue.put(message, tx=tx)
