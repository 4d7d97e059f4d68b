"""One line on whether a cause is new or chronic, and what cured it before."""

from dataclasses import replace
from datetime import datetime, timedelta

from jobmon.cause_group import RunDiagnosis
from jobmon.incident import Incident
from jobmon.ports.store import Sighting, Store

_CURES = {"repair": "a rerun", "retry": "its own retry", "next run": "the next run"}


NEW = "New: this job has not failed this way before"


def history_line(
    store: Store, incident: Incident, diagnosis: RunDiagnosis, *, now: datetime, recorded: bool
) -> str:
    """Say whether the largest cause is new to this job, or how often it was seen before.

    `recorded` says whether the run that is told about has been counted already.
    """
    if not diagnosis.groups:
        return ""
    sighting = store.sighting(
        workspace_id=incident.workspace_id,
        job_key=incident.job_key,
        fingerprint=diagnosis.groups[0].fingerprint,
    )
    earlier = sighting.runs - recorded if sighting else 0
    if sighting is None or earlier < 1:
        return NEW
    return describe(replace(sighting, runs=earlier), now=now)


def describe(sighting: Sighting, *, now: datetime) -> str:
    """Put earlier sightings into words: `7th time in 12 days, always cured by a rerun`."""
    line = f"{_ordinal(sighting.runs + 1)} time in {_ago(now - sighting.first_seen)}"
    cured = dict(sighting.cured_by)
    total = sum(cured.values())
    if not total:
        return line
    how, times = max(cured.items(), key=lambda item: item[1])
    cure = _CURES.get(how, how)
    if times == total:
        return f"{line}, {'always ' if total > 1 else ''}cured by {cure}"
    return f"{line}, cured by {cure} {times} of {total} times"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _ago(age: timedelta) -> str:
    if age.days:
        return f"{age.days} day" + ("s" if age.days > 1 else "")
    hours = int(age.total_seconds() // 3600)
    if hours:
        return f"{hours} hour" + ("s" if hours > 1 else "")
    minutes = max(1, int(age.total_seconds() // 60))
    return f"{minutes} minute" + ("s" if minutes > 1 else "")
