"""Whether a button was drawn for something else than what it would act on now: pure."""

from dataclasses import replace

from jobmon.action import ActionKind
from jobmon.incident import MEANING_CHANGED, FailedRun, Incident, IncidentState
from jobmon.incident_event import Change

ABOUT_THE_CAUSE = frozenset({ActionKind.ACKNOWLEDGE, ActionKind.MUTE})


def stamped(before: Incident | None, change: Change) -> Change:
    """Note in a changed incident whether what failed, or why, is another one than before."""
    after = change.incident
    if after is None or (before is not None and after.version == before.version):
        return change
    has_other_cause = change.reason in MEANING_CHANGED
    if not has_other_cause and _failed(before) == _failed(after):
        return change
    cause_version = after.version if has_other_cause else after.cause_version
    newer = replace(after, failure_version=after.version, cause_version=cause_version)
    return replace(change, incident=newer)


def changed_since(incident: Incident, version: int, kind: ActionKind) -> str:
    """Say what is another one than on the message that was clicked; empty when nothing is.

    A rerun is about the run that failed last. Acknowledging and muting are about the causes; that
    they were seen to in another way since is nothing to stop them.
    """
    if not version or incident.state is IncidentState.RESOLVED:
        return ""
    has_other_cause = incident.cause_version > version
    is_about_run = kind is ActionKind.RERUN
    if not (is_about_run or kind in ABOUT_THE_CAUSE):
        return ""
    if not (has_other_cause or (is_about_run and incident.failure_version > version)):
        return ""
    latest = incident.latest_run
    run = f"run {latest.run_id}" if latest else "it"
    return f"{run} has failed since{', for another reason' if has_other_cause else ''}"


def _failed(incident: Incident | None) -> tuple[object, ...]:
    latest: FailedRun | None = incident.latest_run if incident else None
    return (latest.run_id, latest.attempts_key, latest.repair_id) if latest else ()
