"""Many jobs, one cause: the incident of the platform, which tells people once. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from jobmon.incident import Incident, IncidentState, Member, NotifyReason
from jobmon.incident_event import Change, changed, nothing
from jobmon.run import NO_WORKSPACE

MAX_MEMBERS = 500
PREFIX = "platform-"


def platform_key(fingerprint: str) -> str:
    """The key of the platform incident of a cause."""
    return f"{PREFIX}{fingerprint}"


def cause_of(key: str) -> str:
    """The fingerprint that a platform incident's key is about."""
    return key.removeprefix(PREFIX)


def gather(
    platform: Incident | None,
    joined: Sequence[Member],
    *,
    key: str,
    window: timedelta,
    now: datetime,
) -> Change:
    """Say what jobs that failed with one cause, or got well, make of their platform incident.

    It opens with the first of them, is resolved when the last is well, and a failure within
    `window` of that opens it again.
    """
    if platform is None or is_over(platform, window=window, now=now):
        if not any(member.is_open for member in joined):
            return nothing(platform)
        platform = _new(key, now)
    members = {member.incident_id: member for member in platform.members}
    members.update((member.incident_id, member) for member in joined)
    kept = tuple(members.values())[-MAX_MEMBERS:]
    if kept == platform.members:
        return nothing(platform)
    count = len(kept)
    newer = replace(
        platform,
        members=kept,
        failure_count=count,
        job_name=f"{count} jobs" if count > 1 else kept[0].job_name,
    )
    return _settled(newer, was=platform, now=now)


def _settled(newer: Incident, *, was: Incident, now: datetime) -> Change:
    if not any(member.is_open for member in newer.members):
        resolved = replace(newer, state=IncidentState.RESOLVED, resolved_at=now)
        return changed(resolved, NotifyReason.RESOLVED, now)
    if was.state is IncidentState.RESOLVED:
        reopened = replace(newer, state=IncidentState.OPEN, resolved_at=None, mentioned=())
        return changed(reopened, NotifyReason.REGRESSED, now)
    first = was.version == 0
    return changed(newer, NotifyReason.FIRST_FAILURE if first else NotifyReason.MORE_FAILED, now)


def is_over(platform: Incident, *, window: timedelta, now: datetime) -> bool:
    """Whether the next failure opens another one."""
    return platform.resolved_at is not None and now - platform.resolved_at > window


def _new(key: str, now: datetime) -> Incident:
    identity = f"{key}/{now.isoformat()}"
    return Incident(
        incident_id="inc-" + hashlib.sha256(identity.encode()).hexdigest()[:16],
        workspace_id=NO_WORKSPACE,
        job_key=key,
        job_id=None,
        job_name="",
        state=IncidentState.OPEN,
        opened_at=now,
        updated_at=now,
        version=0,
    )
