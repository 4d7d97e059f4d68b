"""Do what somebody asked for: find it, check the right to it, do it once, say what came of it."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import msgspec
import redis.exceptions
import structlog
from rq.timeouts import JobTimeoutException

from jobmon.action import CHANGES_SOMETHING, Action, ActionKind
from jobmon.errors import DoubtfulError, JobmonError, TransientError
from jobmon.incident import Incident
from jobmon.outdated import changed_since
from jobmon.ports.queue import Lease, LeaseLost, WorkKind
from jobmon.repair_order import is_repaired_since
from notifiers.slack.listing import incident_lines
from notifiers.slack.mrkdwn import escape
from notifiers.text import one_line
from notifiers.times import how_long
from workers.act.account import account_for, answer_due, reply
from workers.act.answer import Answer, not_done, refused
from workers.act.authority import authority_of, wait_for_second
from workers.act.change import OVER, outdated
from workers.act.once import claim_once, release
from workers.act.operations import OPERATIONS
from workers.act.progress import Progress, keep, progress_of
from workers.act.resume import settled, target_then
from workers.act.target import Target, find_target, with_run
from workers.act.words import entry_now
from workers.job import work
from workers.services import Services

log = structlog.get_logger()

NO_TARGET = frozenset({ActionKind.INCIDENTS, ActionKind.MUTES, ActionKind.HELP})
SAME_COMMAND_WINDOW = timedelta(seconds=10)
"""People press Enter again when an answer is slow."""
GOOD_FOR = timedelta(minutes=30)
"""A change asked for longer ago is not begun: nobody expects it any more, and much has moved on."""
MAX_TRIES = 3
"""Workers that were killed in the middle of an action before the person is told so."""
CRASHED = (
    "That went wrong inside jobmon: its log says how, and `jobmon replay` lists it. Look at the "
    "run before you ask again."
)
KILLED = f"jobmon was killed {MAX_TRIES} times in the middle of it."


def run(key: str) -> None:
    """RQ job: do what waits in this mailbox, in order."""
    work(WorkKind.ACT, key, act_on_all)


def act_on_all(services: Services, lease: Lease) -> None:
    """Do each action once, and answer it, whatever comes of it.

    After a crash an action is worked on again, from what it had noted of itself.
    """
    for message in lease.messages:
        action = msgspec.json.decode(message.body, type=Action)
        try:
            _work_on(services, lease, action)
        except (redis.exceptions.RedisError, JobTimeoutException, LeaseLost):
            raise
        except Exception as exc:
            # A defect of ours: the person hears of it, and what others asked for goes on.
            log.exception("action.crashed", action=action.kind.value)
            reason = f"{type(exc).__name__}, see the log"
            services.queue.bury(lease, reason=reason, message_ids=[message.message_id])
            account_for(services, action, Target(), refused(CRASHED))
            reply(services, action, CRASHED)
            keep(services, action, Progress(sent=progress_of(services, action).sent))
    services.queue.done(lease)


def _work_on(services: Services, lease: Lease, action: Action) -> None:
    progress = progress_of(services, action)
    if progress.finished:
        return
    if progress.reply is None:
        progress = replace(progress, tries=progress.tries + 1)
        keep(services, action, progress)
        act(services, lease, action, progress)
    answer_due(services, action, progress_of(services, action))


def act(services: Services, lease: Lease, action: Action, progress: Progress) -> None:
    """Do one action and account for it."""
    if progress.tries > MAX_TRIES:
        account_for(services, action, Target(), _given_up(action, progress))
        return
    same = _same_command(action) if progress.sent is None else ""
    if same:
        claim = claim_once(services, same, action, ttl=SAME_COMMAND_WINDOW)
        if claim is not None:
            account_for(services, action, Target(), claim.refusal(action))
            return
    target, answer = _carried_out(services, lease, action, progress)
    if same and not answer.done:
        release(services, same)
    account_for(services, action, target, answer)


def _carried_out(
    services: Services, lease: Lease, action: Action, progress: Progress
) -> tuple[Target, Answer]:
    target = Target()
    try:
        if progress.sent is not None:
            target = target_then(services, progress.sent)
            return target, settled(services, action, target, progress.sent)
        if action.kind not in NO_TARGET:
            target = _target(services, action, progress)
            target = with_run(services, action, target)
        return target, _done(services, lease, action, target)
    except LeaseLost:
        raise
    except TransientError as exc:
        if progress.sent is not None:
            return target, _doubtful(action, f"Whether it was done is not known: {exc}.")
        # A person waits: say so now instead of doing it at some later time.
        return target, _failed(action, f"{exc}. Try again.")
    except DoubtfulError as exc:
        return target, _doubtful(action, f"{exc}.")
    except JobmonError as exc:
        return target, _failed(action, str(exc))


def _target(services: Services, action: Action, progress: Progress) -> Target:
    """What the action is about; after a crash still the incident that was named to the person."""
    if progress.incident_id:
        return find_target(services, replace(action, incident_id=progress.incident_id))
    target = find_target(services, action)
    if target.guessed and target.incident is not None and action.kind in CHANGES_SOMETHING:
        keep(services, action, replace(progress, incident_id=target.incident.incident_id))
    return target


def _done(services: Services, lease: Lease, action: Action, target: Target) -> Answer:
    late = _too_late(services, action)
    if late is not None:
        return late
    authority = authority_of(services, action, target)
    if authority.refusal is not None:
        return authority.refusal
    if action.kind in CHANGES_SOMETHING and target.incident is not None:
        stale = _stale(action, target, target.incident)
        if stale is not None:
            return stale
        if target.guessed:
            lines = incident_lines(entry_now(services, target.incident))
            reply(services, action, f"The latest open incident here:\n{lines}")
    prepared = OPERATIONS[action.kind](services, action, target)
    if isinstance(prepared, Answer):
        return prepared
    if authority.second_person:
        waiting = wait_for_second(services, action, target)
        if waiting is not None:
            return waiting
    services.queue.hold(lease)
    return prepared()


def _too_late(services: Services, action: Action) -> Answer | None:
    """Refuse to change anything that was asked for while no worker was there to do it."""
    age = services.now() - action.asked_at
    if action.kind not in CHANGES_SOMETHING or age <= GOOD_FOR:
        return None
    why = f"that was asked for {how_long(age)} ago and not done until now: ask again."
    return _failed(action, why)


def _stale(action: Action, target: Target, incident: Incident) -> Answer | None:
    """Refuse to act on something else than the person saw."""
    if target.is_over:
        return not_done(action, OVER)
    what = changed_since(incident, action.incident_version, action.kind)
    latest, run = incident.latest_run, target.run
    if not what and action.incident_version and latest and run and run.run_id == latest.run_id:
        is_repaired = is_repaired_since(run, latest) and run.outcome is not None
        what = f"run {run.run_id} has been repaired since" if is_repaired else ""
    return outdated(what, action=action) if what else None


def _given_up(action: Action, progress: Progress) -> Answer:
    if progress.sent is None:
        return _failed(action, f"{KILLED} Ask again, or look at its log.")
    why = f"{KILLED} Whether it was done is not known: look at the run before you ask again."
    return _doubtful(action, why)


def _doubtful(action: Action, why: str) -> Answer:
    return refused(escape(one_line(why)), said=f"asked to {action.kind}: {why}", in_thread=True)


def _failed(action: Action, why: str) -> Answer:
    changes = action.kind in CHANGES_SOMETHING
    said = f"asked to {action.kind}, and nothing was done: {why}" if changes else ""
    lead = "Nothing was done: " if changes else ""
    return refused(f"{lead}{escape(one_line(why))}", said=said, in_thread=changes)


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
