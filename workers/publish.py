"""Make a look at a run known: the incident, what is remembered, and whom to tell, all at once."""

from dataclasses import replace
from datetime import datetime

import structlog

from jobmon.cause_group import RunDiagnosis
from jobmon.digest import Digest, Timing
from jobmon.incident import Incident, NotifyReason, job_key
from jobmon.incident_event import Change, RunObserved
from jobmon.ports.queue import Lease, Transaction
from jobmon.quiet import held_for
from jobmon.run import Outcome
from jobmon.transition import transition
from workers.history import history_line
from workers.look import Look
from workers.outbox import post
from workers.route import routed
from workers.services import Services
from workers.storm import folded, join
from workers.tell import deliveries_for

log = structlog.get_logger()

MAX_TASKS_IN_DIGEST = 50


def publish(services: Services, look: Look, *, lease: Lease | None) -> Change:
    """Change the job's incident by this look, remember it, and put the tellings in the outbox.

    All of it happens in one Redis transaction, with the end of the lease when one is given; a
    look that says nothing new changes nothing.
    """
    run = look.run
    key = job_key(run)
    now = services.now()

    def body(tx: Transaction) -> Change:
        before = services.store.current_incident(run.workspace_id, key)
        change = transition(before, _observed(services, look), now=now)
        if change.incident is not None and change.reason is not NotifyReason.NOTHING_NEW:
            _remember(services, tx, look, before=before, change=change, now=now)
        if lease is not None:
            services.store.remember_run(tx, run, told=change.reason is not NotifyReason.NOTHING_NEW)
            services.queue.done(lease, tx=tx)
        return change

    watch = [services.store.incident_key(run.workspace_id, key)]
    change = services.store.transact(watch, body)
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
    told = {Outcome.CANCELLED: policy.tell_cancelled, Outcome.SKIPPED: policy.tell_skipped}
    return RunObserved(
        run=look.run,
        diagnosis=look.diagnosis,
        tell_quiet_ends=bool(look.run.outcome and told.get(look.run.outcome, False)),
        regression_window=policy.regression_window,
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
    incident = change.incident
    if incident is None:
        return
    store, run = services.store, look.run
    route = routed(services.settings, run, look.diagnosis)
    incident = folded(services, incident, change.reason, look.diagnosis, now=now)
    if not incident.platform_key:
        places = (*incident.destinations, *route.destinations)
        incident = replace(incident, destinations=tuple(dict.fromkeys(places)))
    recorded = before is not None and any(item.run_id == run.run_id for item in before.runs)
    digest = _digest(
        services,
        look,
        incident,
        reason=change.reason,
        mentions=route.mentions,
        recorded=recorded,
        now=now,
    )
    store.save_incident(tx, incident)
    store.save_digest(tx, digest)
    for fingerprint in sorted(look.diagnosis.fingerprints):
        store.record_sighting(
            tx,
            workspace_id=run.workspace_id,
            job_key=incident.job_key,
            fingerprint=fingerprint,
            run_id=run.run_id,
            at=now,
        )
    if change.reason is NotifyReason.RESOLVED:
        for cause in incident.causes:
            store.record_cure(
                tx,
                workspace_id=run.workspace_id,
                job_key=incident.job_key,
                fingerprint=cause.fingerprint,
                how=incident.resolved_how,
            )
    seen = {cause.fingerprint for cause in before.causes} if before else set()
    details = tuple(item for item in look.details if item.diagnosis.fingerprint not in seen)
    policy = services.settings.policy
    delay = held_for(policy.quiet_hours, job_name=run.job_name, now=now)
    for delivery in deliveries_for(digest, details, policy=policy):
        is_detail = delivery.note is not None and delivery.note.attachment
        wait = delay + services.details_after if is_detail else delay
        post(services.queue, delivery, tx=tx, delay=wait)
    if incident.platform_key:
        join(services, tx, digest, route.destinations)


def _digest(
    services: Services,
    look: Look,
    incident: Incident,
    *,
    reason: NotifyReason,
    mentions: tuple[str, ...],
    recorded: bool,
    now: datetime,
) -> Digest:
    run, diagnosis = look.run, look.diagnosis
    history = history_line(services.store, incident, diagnosis, now=now, recorded=recorded)
    previous = services.store.digest(incident.incident_id)
    if reason is NotifyReason.RESOLVED and previous is not None:
        # The message keeps what had been wrong: a success has no causes of its own.
        diagnosis = RunDiagnosis(groups=previous.diagnosis.groups)
        history = previous.history
    tags = dict(run.tags)
    by_name = {item.workspace_id: item.environment for item in services.settings.workspaces}
    return Digest(
        incident=incident,
        run=replace(run, tasks=run.failed_tasks[:MAX_TASKS_IN_DIGEST]),
        task_count=len(run.tasks),
        diagnosis=diagnosis,
        reason=reason,
        at=now,
        history=history,
        owner=tags.get("owner", "") or tags.get("team", "") or run.creator,
        mentions=mentions,
        found_by_sweep=look.swept,
        environment=by_name.get(run.workspace_id) or run.environment,
        actions_enabled=bool(
            services.settings.slack.signing_secrets or services.settings.slack.app_token
        ),
        timing=Timing(received_at=look.received_at, diagnosed_at=now),
    )
