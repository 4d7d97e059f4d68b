"""Account for an action: the audit trail, the incident and its thread, the person's answer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import structlog
from rq.timeouts import JobTimeoutException

from jobmon.action import CHANGES_SOMETHING, Action, ActionOutcome
from jobmon.errors import JobmonError, PermanentError, TransientError
from jobmon.ports.queue import Transaction
from jobmon.secret_shapes import REDACTED
from notifiers.slack.elements import Block
from notifiers.slack.mrkdwn import safe
from notifiers.text import one_line
from workers.act.answer import Answer
from workers.act.change import change_incident, note_in_thread
from workers.act.progress import Progress, Reply, keep, progress_of
from workers.act.target import Target
from workers.services import Services

log = structlog.get_logger()

LONGEST_WAIT = timedelta(seconds=10)
"""Others wait for this worker, and it is shorter than a lease."""
MAX_TARGET = 100


def account_for(services: Services, action: Action, target: Target, answer: Answer) -> None:
    """Show what came of an action to all whom it concerns, and remember it.

    The incident, its messages, the audit trail and the answer that is due are written together:
    whoever is killed, none of them is without the others.
    """
    progress = progress_of(services, action)

    def body(tx: Transaction) -> ActionOutcome:
        final, is_told = _told(services, action, target, answer, tx=tx)
        changes = action.kind in CHANGES_SOMETHING
        public = changes and final.done and not is_told
        outcome = ActionOutcome(
            action=_named(action, target),
            done=final.done,
            text=final.said or final.text,
            at=services.now(),
            needs_confirmation=final.needs_confirmation,
        )
        if changes:
            services.store.record_audit(tx, outcome)
        due = Reply(text=final.reply(action), blocks=final.blocks, public=public)
        keep(services, action, replace(progress, reply=due), tx=tx)
        return outcome

    outcome = services.store.transact(list(_watched(services, target)), body)
    services.store.count("actions", kind=action.kind.value, done=str(outcome.done).lower())
    log.info(
        "action.done" if outcome.done else "action.refused",
        action=action.kind.value,
        user=action.actor.user_id,
    )


def answer_due(services: Services, action: Action, progress: Progress) -> None:
    """Give the person the answer that is due, and be done with the action."""
    due = progress.reply
    if due is not None:
        reply(services, action, due.text, blocks=due.blocks, public=due.public)
    keep(services, action, replace(progress, finished=True, reply=None))


def reply(
    services: Services,
    action: Action,
    text: str,
    *,
    blocks: tuple[Block, ...] = (),
    public: bool = False,
) -> None:
    """Answer the person; an answer that does not arrive changes nothing of what was done.

    One that comes after Slack's half an hour for answers is a direct message.
    """
    if not action.response_url:
        return

    def answer() -> None:
        services.replies.reply(action.response_url, text, blocks=blocks, public=public)

    def tell() -> None:
        services.replies.tell(action.actor.user_id, f"{_about(action)}\n{text}")

    try:
        _first_that_can(services, answer, tell)
    except JobmonError as exc:
        log.warning("action.not_answered", reason=str(exc))
    except JobTimeoutException:
        raise
    except Exception:
        # What is done stays done, and what others asked for goes on.
        log.exception("action.not_answered")


def _first_that_can(
    services: Services, answer: Callable[[], None], tell: Callable[[], None]
) -> None:
    try:
        _when_slack_takes_it(services, answer)
    except PermanentError as exc:
        log.info("action.answered_directly", reason=str(exc))
        _when_slack_takes_it(services, tell)


def _when_slack_takes_it(services: Services, tell: Callable[[], None]) -> None:
    """Tell; once more after the time that Slack asks for, while a person may still wait."""
    try:
        tell()
    except TransientError as exc:
        if exc.retry_after is None or exc.retry_after > LONGEST_WAIT:
            raise
        services.sleep(exc.retry_after)
        tell()


def _about(action: Action) -> str:
    """What an answer is about, for who reads it elsewhere and later than they asked."""
    target = safe(one_line(action.target), MAX_TARGET)
    return f"You asked for {f'{action.kind} {target}'.rstrip()}:"


def _told(
    services: Services, action: Action, target: Target, answer: Answer, *, tx: Transaction
) -> tuple[Answer, bool]:
    """Bring the incident and its thread up to date; whether that told others."""
    incident = target.incident
    if incident is None or action.kind not in CHANGES_SOMETHING:
        return answer, False
    if answer.event is not None and answer.done:
        event = answer.event
        refusal = change_incident(services, incident, event, action=action, said=answer.said, tx=tx)
        if refusal is None:
            return answer, _is_here(action, target)
        answer = refusal
    if not answer.in_thread:
        return answer, False
    note_in_thread(services, incident, action=action, said=answer.said, tx=tx)
    return answer, _is_here(action, target)


def _is_here(action: Action, target: Target) -> bool:
    places = target.incident.destinations if target.incident else ()
    return f"slack:{action.actor.channel_id}" in places


def _watched(services: Services, target: Target) -> Iterator[str]:
    if target.incident is not None:
        yield services.store.incident_key(target.incident.workspace_id, target.incident.job_key)


def _named(action: Action, target: Target) -> Action:
    """The action with what it turned out to be about, without what only its doing needs."""
    incident_id = target.incident.incident_id if target.incident else action.incident_id
    return replace(
        action,
        workspace_id=target.workspace_id or action.workspace_id,
        incident_id=incident_id,
        run_id=target.run_id,
        target=action.target or target.name,
        parameters=tuple((name, REDACTED) for name, _ in action.parameters),
        response_url="",
    )
