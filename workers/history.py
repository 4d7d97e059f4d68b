"""One line on whether a cause is new or chronic, and what cured it before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobmon.cause_group import RunDiagnosis
from jobmon.incident import Incident
from jobmon.ports.store import Code, Sighting, Store
from jobmon.run import Run
from notifiers.standing import CURES
from notifiers.times import when
from notifiers.wording import SHORT_COMMIT

NEW = "New: this job has not failed this way before"
NEW_SINCE = "New since "


def history_line(
    store: Store,
    incident: Incident,
    diagnosis: RunDiagnosis,
    run: Run,
    *,
    now: datetime,
    recorded: bool,
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
    code = (
        store.code(incident.workspace_id, incident.job_key, run.git_commit)
        if run.git_commit
        else None
    )
    deploy = deploy_of(code, run, now=now) if code else ""
    earlier = sighting.runs - recorded if sighting else 0
    if sighting is None or earlier < 1:
        return f"{NEW_SINCE}{deploy}" if deploy else NEW
    facts = [describe(replace(sighting, runs=earlier), now=now)]
    first_run = (code.first_run if code else None) or run.started_at
    if deploy and first_run is not None and sighting.first_seen >= first_run:
        facts.append(f"all since {deploy}")
    facts += _job_facts(store, run, incident.job_key, times=earlier + 1, since=sighting.first_seen)
    return ", ".join(facts)


def once_over(line: str) -> str:
    """What is left of the line when the job is well again: it is not new any more."""
    return "" if line.startswith((NEW, NEW_SINCE)) else line


def _job_facts(
    store: Store, run: Run, job_key: str, *, times: int, since: datetime
) -> Iterator[str]:
    """How that compares with the job's other runs, as far as they were seen."""
    known = store.other_runs(run, job_key, since=since) + 1
    if known > times:
        yield f"in {times} of {known} runs"
    good = store.last_good(run.workspace_id, job_key)
    if good is not None and good.started_at is not None:
        yield f"last good run {when(good.started_at)}"


def deploy_of(code: Code, run: Run, *, now: datetime) -> str:
    """`today's 14:02 UTC deploy (1a2b3c4d)`: new code since the last good run; else nothing.

    A job's code is deployed at the latest when the first run with it begins.
    """
    if not code.last_good or code.last_good == code.commit:
        return ""
    starts = [start for start in (code.first_run, run.started_at) if start is not None]
    if not starts:
        return ""
    first = min(starts).astimezone(UTC)
    commit = code.commit[:SHORT_COMMIT]
    if first.date() == now.astimezone(UTC).date():
        return f"today's {first:%H:%M} UTC deploy ({commit})"
    return f"the deploy of {first:%a} {first.day} {first:%b %H:%M} UTC ({commit})"


def describe(sighting: Sighting, *, now: datetime) -> str:
    """Put earlier sightings into words: `7th time in 12 days, always cured by a rerun`."""
    line = f"{_ordinal(sighting.runs + 1)} time in {_ago(now - sighting.first_seen)}"
    cured = dict(sighting.cured_by)
    total = sum(cured.values())
    if not total:
        return line
    how, times = max(cured.items(), key=lambda item: item[1])
    cure = CURES.get(how, how)
    if times == total:
        return f"{line}, {'always ' if total > 1 else ''}cured by {cure}"
    last = sighting.last_cure
    lately = f", last by {CURES.get(last, last)}" if last and last != how else ""
    return f"{line}, cured by {cure} {times} of {total} times{lately}"


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
