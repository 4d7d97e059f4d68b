"""Many incidents as a list: what each is about in plain words, the one to look at first on top."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from jobmon.digest import Digest
from jobmon.incident import Incident, IncidentState
from jobmon.run import Outcome
from jobmon.severity import Severity
from notifiers.standing import (
    MAX_ENVIRONMENT,
    MAX_JOB_NAME,
    SIGNS,
    StandingLine,
    resolved_by,
    standing_at,
)
from notifiers.story import safe_link
from notifiers.text import counted, listed, one_line, shorten
from notifiers.wording import cause_in_short

NOBODY_ON_IT, SOMEBODY_ON_IT, OVER = range(3)
SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One incident of a list; strangers wrote parts of its texts."""

    incident_id: str
    sign: str
    name: str
    cause: str
    """One sentence without its full stop, or why no cause is known; empty when nothing is."""
    began: str
    """How to say when it began: it is still failing, or is over."""
    since: datetime
    failures: str
    states: tuple[StandingLine, ...]
    """What people did about it, or that it is over."""
    run: str
    run_url: str


def overview(found: Iterable[tuple[Incident, Digest | None]], *, now: datetime) -> Sequence[Entry]:
    """List incidents with their latest digests.

    First what nobody looks after, the severest first, then the oldest. Jobs that a platform
    incident of the list tells of are in its line.
    """
    known = list(found)
    platforms = {incident.job_key for incident, _ in known if incident.members}
    told = [item for item in known if item[0].platform_key not in platforms]
    told.sort(key=lambda item: _urgency(*item, now=now))
    return tuple(entry_of(incident, digest, now=now) for incident, digest in told)


def entry_of(incident: Incident, digest: Digest | None, *, now: datetime) -> Entry:
    """One incident, as it stands now."""
    outcome = digest.run.outcome if digest else Outcome.FAILED
    run = digest.run if digest and not incident.members else None
    many = incident.failure_count > 1 and not incident.members
    return Entry(
        incident_id=incident.incident_id,
        sign=SIGNS[standing_at(incident, outcome, now)],
        name=_name(incident, digest),
        cause=cause_in_short(digest.diagnosis) if digest else "",
        began="began" if incident.state is IncidentState.RESOLVED else "failing since",
        since=incident.opened_at,
        failures=counted(incident.failure_count, "failed run") if many else "",
        states=tuple(_states(incident, now)),
        run=f"Run {run.run_id}" if run else "",
        run_url=safe_link(run.url) if run else "",
    )


def _urgency(incident: Incident, digest: Digest | None, *, now: datetime) -> tuple[int, int, float]:
    if incident.state is IncidentState.RESOLVED:
        return OVER, 0, -incident.updated_at.timestamp()
    is_open = incident.state is IncidentState.OPEN and not incident.is_muted(now)
    severity = (digest.severity if digest else None) or Severity.WARNING
    attention = NOBODY_ON_IT if is_open else SOMEBODY_ON_IT
    return attention, SEVERITIES.index(severity), incident.opened_at.timestamp()


def _name(incident: Incident, digest: Digest | None) -> str:
    if incident.members:
        names = tuple(one_line(member.job_name) for member in incident.members)
        count = counted(len(names), "job")
        return shorten(f"{count} ({listed(names, total=len(names))})", MAX_JOB_NAME)
    name = shorten(one_line(incident.job_name or incident.job_key), MAX_JOB_NAME)
    environment = digest.environment if digest else ""
    return f"{name} · {shorten(one_line(environment), MAX_ENVIRONMENT)}" if environment else name


def _states(incident: Incident, now: datetime) -> Iterator[StandingLine]:
    if incident.state is IncidentState.RESOLVED:
        yield StandingLine(before="resolved", after=resolved_by(incident))
        return
    if incident.acknowledged_by:
        yield StandingLine(before="acknowledged", actor=one_line(incident.acknowledged_by))
    if incident.state is IncidentState.REPAIRING:
        yield StandingLine(before="being rerun", actor=one_line(incident.repairing_by))
    if incident.is_muted(now):
        changed = "" if incident.muted_until else "until the cause changes"
        yield StandingLine(
            before="muted",
            actor=one_line(incident.muted_by),
            until=incident.muted_until,
            after=changed,
        )
