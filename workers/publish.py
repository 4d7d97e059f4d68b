"""Make a look at a run known: the incident, what is remembered, and whom to tell, all at once."""

from dataclasses import replace
from datetime import datetime

import structlog

from jobmon.conditions import facts_of
from jobmon.incident import FAILING, Incident, IncidentState, NotifyReason, job_key
from jobmon.incident_event import Change, RunObserved
from jobmon.ports.queue import Lease, Transaction
from jobmon.quiet import held_for
from jobmon.recording import causes_of, known_run
from jobmon.transition import transition
from workers.compose import digest_of
from workers.hush import hushed
from workers.job_runs import remember_job_run
from workers.look import Look
from workers.outbox import post
from workers.quiet_ends import told_quiet_ends
from workers.route import Routed, routed
from workers.services import Services
from workers.storm import folded, follow_storm
from workers.stray import find, keys_of, settle
from workers.tell import deliveries_for

log = structlog.get_logger()


def publish(services: Services, look: Look, *, lease: Lease | None) -> Change:
    """Change the job's incident by this look, remember it, and put the tellings in the outbox.

    All of it happens in one Redis transaction, with the end of the lease when one is given; a
    look that says nothing new changes nothing.
    """
    run = look.run
    now = services.now()

    def body(tx: Transaction) -> Change:
        found = find(services, run)
        settle(services, tx, found, run, now=now)
        change = transition(found.incident, _observed(services, look), now=now)
        if change.incident is not None and change.reason is not NotifyReason.NOTHING_NEW:
            _remember(services, tx, look, before=found.incident, change=change, now=now)
        if lease is not None:
            services.store.remember_run(tx, run)
            remember_job_run(services, tx, look, now=now)
            services.queue.done(lease, tx=tx)
        return change

    good = services.store.last_good_key(run.workspace_id, job_key(run))
    change = services.store.transact([*keys_of(services, run), good], body)
    log.info(
        "run.looked_at",
        run_id=run.run_id,
        reason=change.reason.value,
        incident_id=change.incident.incident_id if change.incident else None,
        failed=look.diagnosis.failed_count,
        pending=look.diagnosis.pending_count,
    )
    return change


def _observed(services: Services, look: Look) -> RunObserved:
    policy = services.settings.policy
    return RunObserved(
        run=look.run,
        diagnosis=look.diagnosis,
        tell_quiet_ends=look.run.outcome in told_quiet_ends(policy),
        regression_window=policy.regression_window,
        last_good=services.store.last_good(look.run.workspace_id, job_key(look.run)),
    )


def _remember(
    services: Services,
    tx: Transaction,
    look: Look,
    *,
    before: Incident | None,
    change: Change,
    now: datetime,
) -> None:
    incident, reason = change.incident, change.reason
    if incident is None:
        return
    facts = facts_of(services.settings, look.run, look.diagnosis)
    route = routed(services.settings, facts)
    if reason in FAILING:
        incident = hushed(
            services, incident, facts, look.diagnosis.fingerprints, before=before, now=now
        )
        incident = folded(services, incident, reason, look.diagnosis, now=now)
        incident = _addressed(incident, route)
    mentions = _to_mention(incident, route, reason, now=now)
    incident = replace(incident, mentioned=(*incident.mentioned, *mentions))
    digest = digest_of(
        services,
        look,
        incident,
        facts,
        reason=reason,
        mentions=mentions,
        recorded=known_run(before, look.run.run_id) is not None,
        now=now,
    )
    services.store.save_incident(tx, incident)
    services.store.save_digest(tx, replace(digest, mentions=()))
    _record_causes(services, tx, look, incident, now=now)
    same = before if before and before.incident_id == incident.incident_id else None
    was_told = same if same and not same.untold else None
    known = causes_of(was_told) if was_told else frozenset()
    details = tuple(item for item in look.details if item.diagnosis.fingerprint not in known)
    policy = services.settings.policy
    delay = held_for(policy.windows, facts, now=now)
    told = was_told.destinations if was_told else ()
    for delivery in deliveries_for(digest, details, policy=policy, told=told):
        is_detail = delivery.note is not None and delivery.note.attachment
        wait = delay + services.details_after if is_detail else delay
        post(services.queue, delivery, tx=tx, delay=wait)
    follow_storm(services, tx, digest, route.destinations, before=before)


def _addressed(incident: Incident, route: Routed) -> Incident:
    """Where it is told: only a failure says so, for a success has no causes to be routed by."""
    if incident.platform_key:
        return incident
    places = (*incident.destinations, *route.destinations)
    return replace(incident, destinations=tuple(dict.fromkeys(places)))


def _to_mention(
    incident: Incident, route: Routed, reason: NotifyReason, *, now: datetime
) -> tuple[str, ...]:
    """The route's people, if there is something to hear and they have not been mentioned yet."""
    is_over = incident.state is IncidentState.RESOLVED
    if reason not in FAILING or is_over or incident.is_muted(now):
        return ()
    return tuple(person for person in route.mentions if person not in incident.mentioned)


def _record_causes(
    services: Services,
    tx: Transaction,
    look: Look,
    incident: Incident,
    *,
    now: datetime,
) -> None:
    store, run = services.store, look.run
    for fingerprint in sorted(look.diagnosis.fingerprints):
        store.record_sighting(
            tx,
            workspace_id=run.workspace_id,
            job_key=incident.job_key,
            fingerprint=fingerprint,
            run_id=run.run_id,
            at=now,
        )
    if incident.state is not IncidentState.RESOLVED:
        return
    for cause in incident.causes:
        store.record_cure(
            tx,
            workspace_id=run.workspace_id,
            job_key=incident.job_key,
            fingerprint=cause.fingerprint,
            how=incident.resolved_how,
        )
