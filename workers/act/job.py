"""Do what somebody asked for: find it, check the right to it, do it once, say what came of it."""

import hashlib
from datetime import timedelta

import msgspec
import redis.exceptions
import structlog
from rq.timeouts import JobTimeoutException

from jobmon.action import CHANGES_SOMETHING, Action, ActionKind
from jobmon.errors import JobmonError, TransientError
from jobmon.ports.queue import Lease, WorkKind
from notifiers.slack.mrkdwn import escape
from notifiers.text import plain
from workers.act.account import account_for, reply
from workers.act.answer import Answer, refused
from workers.act.authority import authority_of, wait_for_second
from workers.act.once import claim_once, release
from workers.act.operations import OPERATIONS
from workers.act.target import Target, find_target, with_run
from workers.act.words import incident_line
from workers.job import work
from workers.services import Services

log = structlog.get_logger()

NO_TARGET = frozenset({ActionKind.INCIDENTS, ActionKind.MUTES, ActionKind.HELP})
SAME_COMMAND_WINDOW = timedelta(seconds=10)
"""People press Enter again when an answer is slow."""
CRASHED = (
    "That went wrong inside jobmon: its log says how, and `jobmon replay` lists it. Look at the "
    "run before you ask again."
)


def run(key: str) -> None:
    """RQ job: do what waits in this mailbox, in order."""
    work(WorkKind.ACT, key, act_on_all)


def act_on_all(services: Services, lease: Lease) -> None:
    """Do each action once, and answer it, whatever comes of it.

    After a crash an action is worked on again: each effect has a key of its own, so that it
    does not double.
    """
    for message in lease.messages:
        action = msgspec.json.decode(message.body, type=Action)
        done = f"done-{action.action_id}"
        if services.store.remember_once(done, ttl=services.done_memory, value="begun") == "done":
            continue
        try:
            act(services, action)
        except (redis.exceptions.RedisError, JobTimeoutException):
            raise
        except Exception as exc:
            # A defect of ours: the person hears of it, and what others asked for goes on.
            log.exception("action.crashed", action=action.kind.value)
            reason = f"{type(exc).__name__}, see the log"
            services.queue.bury(lease, reason=reason, message_ids=[message.message_id])
            reply(services, action, CRASHED)
            continue
        services.store.forget_once(done)
        services.store.remember_once(done, ttl=services.done_memory, value="done")
    services.queue.done(lease)


def act(services: Services, action: Action) -> None:
    """Do one action and account for it."""
    same = _same_command(action)
    if same:
        claim = claim_once(services, same, action, ttl=SAME_COMMAND_WINDOW)
        if claim is not None and not claim.mine:
            reply(services, action, claim.words(action))
            return
    target, answer = _carried_out(services, action)
    if same and not answer.done:
        release(services, same)
    account_for(services, action, target, answer)


def _carried_out(services: Services, action: Action) -> tuple[Target, Answer]:
    target = Target()
    try:
        if action.kind not in NO_TARGET:
            target = find_target(services, action)
            target = with_run(services, action, target)
        return target, _done(services, action, target)
    except TransientError as exc:
        # A person waits: say so now instead of doing it at some later time.
        return target, _failed(action, f"{exc}. Try again.")
    except JobmonError as exc:
        return target, _failed(action, str(exc))


def _done(services: Services, action: Action, target: Target) -> Answer:
    authority = authority_of(services, action, target)
    if authority.refusal is not None:
        return authority.refusal
    if target.guessed and target.incident is not None and action.kind in CHANGES_SOMETHING:
        line = incident_line(target.incident)
        reply(services, action, f"The latest open incident here: {line}")
    prepared = OPERATIONS[action.kind](services, action, target)
    if isinstance(prepared, Answer):
        return prepared
    if authority.second_person:
        waiting = wait_for_second(services, action, target)
        if waiting is not None:
            return waiting
    return prepared()


def _failed(action: Action, why: str) -> Answer:
    changes = action.kind in CHANGES_SOMETHING
    said = f"asked to {action.kind}, and nothing was done: {why}" if changes else ""
    lead = "Nothing was done: " if changes else ""
    return refused(f"{lead}{escape(plain(why))}", said=said, in_thread=changes)


def _same_command(action: Action) -> str:
    """The name of a typed wish; empty for what may be asked as often as one likes."""
    if action.incident_id or action.kind not in CHANGES_SOMETHING:
        return ""
    parts = (
        action.kind, action.actor.user_id, action.actor.channel_id, action.target, action.tasks,
        action.parameters, action.everything, action.duration_minutes, action.until_changed,
        action.by_cause,
    )  # fmt: skip
    return "typed-" + hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
