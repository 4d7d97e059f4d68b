"""Runs and incidents as lines of Slack's mrkdwn."""

from jobmon.cause_group import RunDiagnosis
from jobmon.incident import Incident
from jobmon.run import Run
from notifiers.slack.mrkdwn import link, local_time, person, safe
from notifiers.story import safe_link
from notifiers.wording import cause_in_short

MAX_NAME = 100
MAX_TEXT = 300


def run_line(run: Run) -> str:
    """One run: what it is, how it ended, when it began."""
    outcome = (run.outcome or "running").replace("_", " ")
    name = safe(run.job_name or "run", MAX_NAME)
    number = f"{run.run_id}"
    if url := safe_link(run.url):
        number = link(url, number)
    when = f", started {local_time(run.started_at)}" if run.started_at else ""
    return f"{name} {number}: *{outcome}*{when}"


def incident_line(incident: Incident, diagnosis: RunDiagnosis | None = None) -> str:
    """One incident: its job, its state, since when, how often, and what broke."""
    name = safe(incident.job_name or incident.job_key, MAX_NAME)
    times = f", failed {incident.failure_count} times" if incident.failure_count > 1 else ""
    by = f" by {person(incident.acknowledged_by)}" if incident.acknowledged_by else ""
    cause = safe(cause_in_short(diagnosis), MAX_TEXT) if diagnosis else ""
    return (
        f"{name}: *{incident.state}*{by} since {local_time(incident.opened_at)}{times} "
        f"(`{incident.incident_id}`){': ' if cause else ''}{cause}"
    )
