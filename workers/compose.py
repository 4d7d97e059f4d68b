"""Put together what people are shown of an incident: the digest."""

from dataclasses import replace
from datetime import datetime

from jobmon.cause_group import RunDiagnosis
from jobmon.conditions import Facts, environment_of, owner_of
from jobmon.digest import Digest, Timing
from jobmon.incident import Incident, IncidentState, NotifyReason
from jobmon.incident_event import RunObserved
from jobmon.settings import Settings
from jobmon.transition import transition
from workers.history import history_line, once_over
from workers.look import Look
from workers.services import Services

MAX_TASKS_IN_DIGEST = 50


def digest_by_itself(look: Look, settings: Settings, *, now: datetime) -> Digest | None:
    """Tell of a run alone, as its first failure; None where nothing of it has failed."""
    event = RunObserved(run=look.run, diagnosis=look.diagnosis, tell_quiet_ends=True)
    change = transition(None, event, now=now)
    if change.incident is None:
        return None
    return Digest(
        incident=change.incident,
        run=look.run,
        task_count=len(look.run.tasks),
        diagnosis=look.diagnosis,
        reason=change.reason,
        at=now,
        owner=owner_of(look.run),
        environment=environment_of(settings, look.run),
    )


def digest_of(
    services: Services,
    look: Look,
    incident: Incident,
    facts: Facts,
    *,
    reason: NotifyReason,
    mentions: tuple[str, ...],
    recorded: bool,
    now: datetime,
) -> Digest:
    """The incident after a look at a run, with what is known of it from before."""
    settings, run = services.settings, look.run
    digest = Digest(
        incident=incident,
        run=replace(run, tasks=run.failed_tasks[:MAX_TASKS_IN_DIGEST]),
        task_count=len(run.tasks),
        diagnosis=look.diagnosis,
        reason=reason,
        at=now,
        severity=facts.severity,
        owner=owner_of(run),
        mentions=mentions,
        found_by_sweep=look.swept,
        environment=environment_of(settings, run),
        actions_enabled=bool(settings.slack.signing_secrets or settings.slack.app_token),
        timing=Timing(received_at=look.received_at),
    )
    previous = services.store.digest(incident.incident_id)
    if reason is NotifyReason.RESOLVED and previous is not None:
        # The message keeps what had been wrong: a success has no causes of its own.
        return replace(
            digest,
            diagnosis=RunDiagnosis(groups=previous.diagnosis.groups),
            history=once_over(previous.history),
            severity=previous.severity,
        )
    line = history_line(services.store, incident, look.diagnosis, run, now=now, recorded=recorded)
    is_over = incident.state is IncidentState.RESOLVED
    return replace(digest, history=once_over(line) if is_over else line)
