"""Runs and incidents in words, as they stand now."""

from jobmon.incident import Incident
from jobmon.run import Run
from notifiers.overview import Entry, entry_of
from notifiers.slack.mrkdwn import link, local_time, safe
from notifiers.story import safe_link
from notifiers.text import one_line
from workers.services import Services

MAX_NAME = 100


def run_line(run: Run, *, host: str = "") -> str:
    """One run: what it is, how it ended, when it began; and the host of its workspace if given."""
    outcome = (run.outcome or "running").replace("_", " ")
    name = safe(one_line(run.job_name) or "run", MAX_NAME)
    number = f"{run.run_id}"
    if url := safe_link(run.url):
        number = link(url, number)
    when = f", started {local_time(run.started_at)}" if run.started_at else ""
    where = f", in {safe(host, MAX_NAME)}" if host else ""
    return f"{name} {number}: *{outcome}*{when}{where}"


def entry_now(services: Services, incident: Incident) -> Entry:
    """One incident with what broke."""
    digest = services.store.digest(incident.incident_id)
    return entry_of(incident, digest, now=services.now())
