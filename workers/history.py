"""One line on whether a cause is new or chronic, and what cured it before."""

from datetime import datetime, timedelta

from jobmon.cause_group import RunDiagnosis
from jobmon.incident import Incident
from jobmon.ports.store import Sighting, Store

_CURES = {"repair": "a rerun", "retry": "its own retry", "next run": "the next run"}


def history_line(
    store: Store, incident: Incident, diagnosis: RunDiagnosis, *, now: datetime
) -> str:
    """Say how often the largest cause was seen in this job before; empty when it is new.

    "Seen in 7 runs over 12 days, always cured by a rerun."
    """
    if not diagnosis.groups:
        return ""
    sighting = store.sighting(
        workspace_id=incident.workspace_id,
        job_key=incident.job_key,
        fingerprint=diagnosis.groups[0].fingerprint,
    )
    return describe(sighting, now=now) if sighting else ""


def describe(sighting: Sighting, *, now: datetime) -> str:
    """Put a sighting into words."""
    runs = f"{sighting.runs} earlier run" + ("s" if sighting.runs != 1 else "")
    line = f"Seen in {runs} since {_ago(now - sighting.first_seen)} ago"
    cured = dict(sighting.cured_by)
    total = sum(cured.values())
    if not total:
        return line
    how, times = max(cured.items(), key=lambda item: item[1])
    cure = _CURES.get(how, how)
    if times == total:
        return f"{line}, {'always ' if total > 1 else ''}cured by {cure}"
    return f"{line}, cured by {cure} {times} of {total} times"


def _ago(age: timedelta) -> str:
    if age.days:
        return f"{age.days} day" + ("s" if age.days > 1 else "")
    hours = int(age.total_seconds() // 3600)
    if hours:
        return f"{hours} hour" + ("s" if hours > 1 else "")
    minutes = max(1, int(age.total_seconds() // 60))
    return f"{minutes} minute" + ("s" if minutes > 1 else "")
