"""Mute a cause in all jobs of a workspace, hear of it again, and list everything that is muted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from jobmon.action import Action
from jobmon.errors import NotFound
from jobmon.incident import Incident, IncidentState
from jobmon.incident_event import Muted, Unmuted
from jobmon.mute import CauseMute
from jobmon.ports.queue import Transaction
from jobmon.ports.store import MOST_OPEN
from jobmon.run import WorkspaceId
from jobmon.shared_cause import names_a_cause
from jobmon.transition import transition
from notifiers.slack.listing import incident_lines
from notifiers.slack.mrkdwn import local_time, person, safe
from notifiers.times import when
from notifiers.wording import headline_or_sentence
from workers.act.answer import Answer, Deed
from workers.act.change import already_so, change_now
from workers.act.target import Target
from workers.act.words import entry_now
from workers.services import Services

MAX_LISTED = 15
MAX_SUMMARY = 200


def end_of_mute(services: Services, action: Action) -> tuple[datetime | None, str]:
    """When a mute ends, and how to say so."""
    if action.until_changed or not action.duration_minutes:
        return None, "until the cause changes"
    until = services.now() + timedelta(minutes=action.duration_minutes)
    return until, f"until {when(until)}"


def mute_cause(services: Services, action: Action, target: Target) -> Deed:
    """Mute what an incident fails with, or change how long a cause is muted."""
    until, words = end_of_mute(services, action)
    mutes = _wanted(services, action, target, until)

    def deed() -> Answer:
        def body(tx: Transaction) -> None:
            for mute in mutes:
                services.store.save_cause_mute(tx, mute)

        services.store.transact([], body)
        event = Muted(by=action.actor.user_id, until=until, only_this_cause=True)
        ids = " ".join(mute.cause_id for mute in mutes)
        said = f"muted this cause in all jobs of the workspace, {words}. Its name is {ids}."
        for incident in _with_only(services, mutes):
            if not _is(incident, target) and not _is_for_itself(incident, services.now()):
                change_now(services, incident, event, action=action, said=said)
        mine = target.incident
        is_news = mine is not None and not _has(mine, event, services.now())
        return Answer(said=said, event=event if is_news else None, in_thread=True)

    return deed


def unmute_cause(services: Services, action: Action, target: Target) -> Deed:
    """Hear of a cause again in all jobs.

    What nobody has seen is not told now, all at once, but with its next failure.
    """

    def deed() -> Answer:
        said = f"unmuted {target.name} in all jobs."
        muted = list(_with_only(services, target.causes))

        def body(tx: Transaction) -> None:
            for mute in target.causes:
                services.store.drop_cause_mute(tx, mute.workspace_id, mute.fingerprint)

        services.store.transact([], body)
        event = Unmuted(by=action.actor.user_id)
        lifted = [incident for incident in muted if _is_by(incident, target.causes)]
        for incident in lifted:
            if incident.untold:
                _lift_quietly(services, incident, event)
            else:
                change_now(services, incident, event, action=action, said=said)
        silent = sum(incident.untold for incident in lifted)
        more = f" {silent} that failed unheard are told when they fail again." if silent else ""
        return Answer(said=said + more)

    return deed


def list_mutes(services: Services, _action: Action, _target: Target) -> Answer:
    """List what is muted: causes, incidents, and how often the settings mute something."""
    now = services.now()
    lines = [_cause_line(mute) for mute in services.store.cause_mutes()[:MAX_LISTED]]
    open_ones = services.store.incidents(open_only=True, limit=MOST_OPEN)
    muted = [incident for incident in open_ones if incident.is_muted(now)]
    lines += [incident_lines(entry_now(services, incident)) for incident in muted[:MAX_LISTED]]
    if len(muted) > MAX_LISTED:
        lines.append(f"And {len(muted) - MAX_LISTED} more incidents.")
    lines += [
        f"`jobmon.toml` mutes[{number}] {_end(rule.until)}"
        for number, rule in enumerate(services.settings.mutes)
        if rule.until is None or now < rule.until
    ]
    return Answer(text="\n".join(lines) or "Nothing is muted.")


def failing_with(services: Services, action: Action, target: Target) -> Iterator[Incident]:
    """The open incidents that a mute of this cause, or its end, changes now."""
    return _with_only(services, _wanted(services, action, target, None))


def _wanted(
    services: Services, action: Action, target: Target, until: datetime | None
) -> tuple[CauseMute, ...]:
    by, now = action.actor.user_id, services.now()
    if target.causes:
        return tuple(replace(mute, by=by, asked_at=now, until=until) for mute in target.causes)
    digest = services.store.digest(target.incident.incident_id) if target.incident else None
    groups = [group for group in digest.diagnosis.groups if names_a_cause(group)] if digest else []
    if digest is None or not groups:
        raise NotFound("the cause of this incident is not known, so it cannot be muted elsewhere")
    return tuple(
        CauseMute(
            workspace_id=digest.run.workspace_id,
            fingerprint=group.fingerprint,
            summary=headline_or_sentence(group)[:MAX_SUMMARY],
            by=by,
            asked_at=now,
            until=until,
        )
        for group in groups
    )


def _with_only(services: Services, mutes: tuple[CauseMute, ...]) -> Iterator[Incident]:
    """The open incidents that fail with nothing but these causes."""
    by_workspace: dict[WorkspaceId, set[str]] = {}
    for mute in mutes:
        by_workspace.setdefault(mute.workspace_id, set()).add(mute.fingerprint)
    for incident in services.store.incidents(open_only=True, limit=MOST_OPEN):
        causes = by_workspace.get(incident.workspace_id)
        digest = services.store.digest(incident.incident_id) if causes else None
        present = digest.diagnosis.fingerprints if digest else frozenset()
        if present and present <= (causes or set()):
            yield incident


def _lift_quietly(services: Services, incident: Incident, event: Unmuted) -> None:
    def body(tx: Transaction) -> None:
        current = services.store.current_incident(incident.workspace_id, incident.job_key)
        if current is not None and current.incident_id == incident.incident_id:
            change = transition(current, event, now=services.now())
            services.store.save_incident(tx, change.incident or current)

    watch = [services.store.incident_key(incident.workspace_id, incident.job_key)]
    services.store.transact(watch, body)


def _has(incident: Incident, event: Muted, now: datetime) -> bool:
    is_over = incident.state is IncidentState.RESOLVED
    return is_over or bool(already_so(incident, event, now=now))


def _is_for_itself(incident: Incident, now: datetime) -> bool:
    """Whether it is muted whatever its cause; once that is over, the cause's mute counts."""
    return incident.is_muted(now) and not incident.muted_until_changed


def _is(incident: Incident, target: Target) -> bool:
    return target.incident is not None and target.incident.incident_id == incident.incident_id


def _is_by(incident: Incident, mutes: tuple[CauseMute, ...]) -> bool:
    """Whether the incident is muted by one of these, not by a wish about itself."""
    own = (incident.muted_by, incident.muted_until)
    return any((mute.by, mute.until) == own for mute in mutes)


def _cause_line(mute: CauseMute) -> str:
    what = safe(mute.summary, MAX_SUMMARY)
    return f"`{mute.cause_id}` by {person(mute.by)} {_end(mute.until)}, in all jobs: {what}"


def _end(until: datetime | None) -> str:
    return f"until {local_time(until)}" if until else "until the cause changes"
