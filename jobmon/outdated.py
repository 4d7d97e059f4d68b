"""Whether a button was drawn for something else than what it would act on now: pure."""

from jobmon.action import ActionKind
from jobmon.incident import Incident, IncidentState

ABOUT_THE_CAUSE = frozenset({ActionKind.ACKNOWLEDGE, ActionKind.MUTE})


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
