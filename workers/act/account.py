"""Account for an action: the audit trail, the incident and its thread, the person's answer."""

from dataclasses import replace

import structlog

from jobmon.action import CHANGES_SOMETHING, Action, ActionOutcome
from jobmon.errors import JobmonError
from jobmon.ports.queue import Transaction
from workers.act.answer import Answer, refused
from workers.act.change import change_incident, note_in_thread
from workers.act.target import Target
from workers.services import Services

log = structlog.get_logger()


def account_for(services: Services, action: Action, target: Target, answer: Answer) -> None:
    """Show what came of an action to all whom it concerns, and remember it."""
    changes = action.kind in CHANGES_SOMETHING
    is_told = False
    if target.incident is not None and changes:
        answer, is_told = _told(services, action, target, answer)
    public = changes and answer.done and not is_told
    outcome = ActionOutcome(
        action=_named(action, target),
        done=answer.done,
        text=answer.said or answer.text,
        at=services.now(),
        public=public or is_told,
        needs_confirmation=answer.needs_confirmation,
    )
    if changes:
        _record(services, outcome)
    services.store.count("actions", kind=action.kind.value, done=str(answer.done).lower())
    log.info(
        "action.done" if answer.done else "action.refused",
        action=action.kind.value,
        user=action.actor.user_id,
    )
    reply(services, action, answer.reply(action), public=public)


def reply(services: Services, action: Action, text: str, *, public: bool = False) -> None:
    """Answer the person; an answer that does not arrive changes nothing of what was done."""
    if not action.response_url:
        return
    try:
        services.replies.reply(action.response_url, text, public=public)
    except JobmonError as exc:
        log.warning("action.not_answered", reason=str(exc))


def _told(
    services: Services, action: Action, target: Target, answer: Answer
) -> tuple[Answer, bool]:
    """Bring the incident and its thread up to date; whether that told others."""
    incident = target.incident
    if incident is None:
        return answer, False
    if answer.event is not None and answer.done:
        changed = change_incident(services, incident, answer.event, action=action, said=answer.said)
        if changed.already:
            return refused(changed.already), False
    elif answer.in_thread:
        note_in_thread(services, incident, action=action, said=answer.said)
    else:
        return answer, False
    return answer, f"slack:{action.actor.channel_id}" in incident.destinations


def _record(services: Services, outcome: ActionOutcome) -> None:
    def body(tx: Transaction) -> None:
        services.store.record_audit(tx, outcome)

    services.store.transact([], body)


def _named(action: Action, target: Target) -> Action:
    """The action with what it turned out to be about."""
    incident_id = target.incident.incident_id if target.incident else action.incident_id
    return replace(
        action,
        workspace_id=target.workspace_id or action.workspace_id,
        incident_id=incident_id,
        run_id=target.run_id or action.run_id,
        target=action.target or target.name,
        response_url="",
    )
