"""Runs, incidents and causes as lines of Slack's mrkdwn."""

from collections.abc import Iterator

from jobmon.cause_group import RunDiagnosis
from jobmon.incident import Incident
from jobmon.run import Run
from notifiers.slack.mrkdwn import link, local_time, person, safe
from notifiers.story import safe_link
from notifiers.wording import RERUN_WORDS

MAX_NAME = 100
MAX_TEXT = 300
MAX_CAUSES = 8


def run_line(run: Run) -> str:
    """One run: what it is, how it ended, when it began."""
    outcome = (run.outcome or "running").replace("_", " ")
    name = safe(run.job_name or "run", MAX_NAME)
    number = f"{run.run_id}"
    if url := safe_link(run.url):
        number = link(url, number)
    when = f", started {local_time(run.started_at)}" if run.started_at else ""
    return f"{name} {number}: *{outcome}*{when}"


def incident_line(incident: Incident) -> str:
    """One incident: its job, its state, since when, how often."""
    name = safe(incident.job_name or incident.job_key, MAX_NAME)
    times = f", failed {incident.failure_count} times" if incident.failure_count > 1 else ""
    by = f" by {person(incident.acknowledged_by)}" if incident.acknowledged_by else ""
    return (
        f"{name}: *{incident.state}*{by} since {local_time(incident.opened_at)}{times} "
        f"(`{incident.incident_id}`)"
    )


def causes_in_words(diagnosis: RunDiagnosis) -> Iterator[str]:
    """One line for each cause, the largest first, then what could not be read."""
    for group in diagnosis.groups[:MAX_CAUSES]:
        finding = group.diagnosis.finding
        what = finding.summary if finding else f"Not recognised: {group.diagnosis.headline}"
        tasks = f"{group.count} tasks" if group.count > 1 else ", ".join(group.task_keys)
        advice = f" {RERUN_WORDS[finding.rerun]}" if finding else ""
        remedy = f" {safe(finding.remedy, MAX_TEXT)}" if finding else ""
        yield f"• {safe(tasks, MAX_NAME)}: {safe(what, MAX_TEXT)}{remedy}{advice}"
    for note in diagnosis.notes:
        yield f"• {safe(note, MAX_TEXT)}"
