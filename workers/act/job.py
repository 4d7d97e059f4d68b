"""Do what somebody asked for: find it, check the right to it, do it once, say what came of it."""

import msgspec
import structlog

from jobmon.action import CHANGES_SOMETHING, Action, ActionKind, ActionOutcome
from jobmon.errors import JobmonError, PermanentError, TransientError
from jobmon.permission import decide
from jobmon.ports.queue import Lease, Transaction, WorkKind
from jobmon.ports.workspace import Workspace
from workers.act.answer import Answer
from workers.act.change import change_incident, note_in_thread
from workers.act.operations import OPERATIONS
from workers.act.target import Target, find_target, workspace_of
from workers.job import work
from workers.services import Services

log = structlog.get_logger()

NO_TARGET = frozenset({ActionKind.INCIDENTS, ActionKind.HELP})


def run(key: str) -> None:
    """RQ job: do what waits in this mailbox, in order."""
    work(WorkKind.ACT, key, act_on_all)


def act_on_all(services: Services, lease: Lease) -> None:
    """Do each action once, and answer it, whatever comes of it."""
    for message in lease.messages:
        action = msgspec.json.decode(message.body, type=Action)
        if services.store.remember_once(f"done-{action.action_id}", ttl=services.done_memory):
            continue  # done before a crash: the answer may be missing, the effect must not double
        answer = _act(services, action)
        _account_for(services, action, answer)
    services.queue.done(lease)


def _act(services: Services, action: Action) -> Answer:
    try:
        if action.kind in NO_TARGET:
            return OPERATIONS[action.kind](services, action, Target())
        target = find_target(services, action)
        refusal = _refusal(services, action, target)
        if refusal:
            return Answer(text=refusal, done=False, target=target)
        return OPERATIONS[action.kind](services, action, target)
    except TransientError as exc:
        # A person waits: say so now instead of doing it at some later time.
        return Answer(text=f"Nothing was done: {exc}. Try again.", done=False)
    except JobmonError as exc:
        return Answer(text=str(exc), done=False)


def _refusal(services: Services, action: Action, target: Target) -> str:
    if action.kind not in CHANGES_SOMETHING:
        return ""
    digest = services.store.digest(target.incident.incident_id) if target.incident else None
    name, tags = (digest.run.job_name, digest.run.tags) if digest else (target.name, ())
    job_id = target.incident.job_id if target.incident else None
    if digest is None and target.run_id is not None:
        run_read = workspace_of(services, target).run(target.run_id)
        name, tags, job_id = run_read.job_name, run_read.tags, run_read.job_id
    verdict = decide(
        action,
        services.settings.permissions,
        job_name=name,
        job_tags=tags,
        group_members=services.directory.group_members,
    )
    if not verdict.allowed:
        return verdict.reason
    if verdict.second_person and not _is_seconded(services, action):
        return (
            "This job wants two people. Somebody else who may do this has to ask for the same "
            "within ten minutes."
        )
    if services.settings.policy.check_job_permissions and job_id is not None:
        return _refusal_of_databricks(services, action, workspace_of(services, target), job_id)
    return ""


def _is_seconded(services: Services, action: Action) -> bool:
    what = f"second-{action.kind}-{action.incident_id or action.target}"
    first = services.store.remember_once(
        what, ttl=services.second_person_window, value=action.actor.user_id
    )
    return first is not None and first != action.actor.user_id


def _refusal_of_databricks(
    services: Services, action: Action, workspace: Workspace, job_id: int
) -> str:
    email = services.directory.email_of(action.actor.user_id)
    if not email:
        raise PermanentError("your mail address in Slack is not visible, so your rights are not")
    if workspace.can_manage_run(job_id, email):  # type: ignore[arg-type]
        return ""
    return "In Databricks you may not manage runs of this job."


def _account_for(services: Services, action: Action, answer: Answer) -> None:
    """Into the audit trail, into the thread, and back to the person."""
    outcome = ActionOutcome(
        action=action,
        done=answer.done,
        text=answer.text,
        at=services.now(),
        public=answer.public,
        needs_confirmation=answer.needs_confirmation,
    )
    if action.kind in CHANGES_SOMETHING:

        def record(tx: Transaction) -> None:
            services.store.record_audit(tx, outcome)

        services.store.transact([], record)
    services.store.count("actions", kind=action.kind.value, done=str(answer.done).lower())
    log.info("action.done" if answer.done else "action.refused", action=action.kind.value)
    incident = answer.target.incident if answer.target else None
    if incident is not None and action.kind in CHANGES_SOMETHING:
        if answer.event is not None and answer.done:
            change_incident(services, incident, answer.event, said=answer.text)
        elif answer.done or not answer.needs_confirmation:
            note_in_thread(services, incident, f"<@{action.actor.user_id}>: {answer.text}")
    if not action.response_url:
        return
    try:
        services.replies.reply(action.response_url, answer.text, public=answer.public)
    except JobmonError as exc:
        log.warning("action.not_answered", reason=str(exc))
