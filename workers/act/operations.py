"""What each action does. One function an action, listed in `OPERATIONS`.

A reading operation answers. A changing one gives its deed back, or an answer that says why not.
"""

from collections.abc import Callable, Mapping
from functools import partial

from jobmon.action import Action, ActionKind
from jobmon.errors import NotFound
from jobmon.incident import Incident
from jobmon.incident_event import Acknowledged, Muted, Unmuted
from workers.act.answer import Answer, Deed, not_done
from workers.act.cause_mute import end_of_mute, list_mutes, mute_cause, unmute_cause
from workers.act.reading import details, diagnose, list_incidents, list_runs, status
from workers.act.rerun import rerun
from workers.act.sending import start_job, stop
from workers.act.target import Target
from workers.services import Services

Operation = Callable[[Services, Action, Target], Answer | Deed]


def acknowledge(_services: Services, action: Action, target: Target) -> Deed:
    """Take an incident on."""
    _incident_of(target)
    event = Acknowledged(by=action.actor.user_id)
    return lambda: Answer(said="looks after it.", event=event, in_thread=True)


def mute(services: Services, action: Action, target: Target) -> Deed:
    """Hear no more of an incident, or of its cause anywhere, for a while or until that changes."""
    if action.by_cause or target.causes:
        return mute_cause(services, action, target)
    _incident_of(target)
    until, words = end_of_mute(services, action)
    event = Muted(by=action.actor.user_id, until=until)
    return lambda: Answer(said=f"muted it {words}.", event=event, in_thread=True)


def unmute(services: Services, action: Action, target: Target) -> Deed:
    """Hear of an incident, or of a cause, again."""
    if target.causes:
        return unmute_cause(services, action, target)
    _incident_of(target)
    event = Unmuted(by=action.actor.user_id)
    return lambda: Answer(said="unmuted it.", event=event, in_thread=True)


def cancel(services: Services, action: Action, target: Target) -> Answer | Deed:
    """Ask a run to stop."""
    run = target.run
    if run is None:
        raise NotFound("name the run to cancel: `cancel RUN`")
    if run.outcome is not None:
        why = f"Run {run.run_id} has ended already: there is nothing to cancel."
        return not_done(action, why)
    return partial(stop, services, action, target, run=run)


def run_job(services: Services, action: Action, target: Target) -> Deed:
    """Start a new run of a job; the same request never starts two."""
    return partial(start_job, services, action, target)


def _incident_of(target: Target) -> Incident:
    if target.incident is None:
        raise NotFound(f"there is no open incident of {target.name}")
    return target.incident


OPERATIONS: Mapping[ActionKind, Operation] = {
    ActionKind.RERUN: rerun,
    ActionKind.RUN: run_job,
    ActionKind.CANCEL: cancel,
    ActionKind.ACKNOWLEDGE: acknowledge,
    ActionKind.MUTE: mute,
    ActionKind.UNMUTE: unmute,
    ActionKind.MUTES: list_mutes,
    ActionKind.STATUS: status,
    ActionKind.DIAGNOSE: diagnose,
    ActionKind.RUNS: list_runs,
    ActionKind.INCIDENTS: list_incidents,
    ActionKind.DETAILS: details,
}
