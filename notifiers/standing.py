"""Where an incident stands, as a message shows it: one sign, a headline, one line below it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jobmon.action import SLACK_USER_ID
from jobmon.digest import Digest
from jobmon.incident import Incident, IncidentState, NotifyReason
from jobmon.run import Outcome
from notifiers.text import counted, one_line, shorten
from notifiers.times import how_long, when

MAX_JOB_NAME = 90
MAX_ENVIRONMENT = 20


class Standing(StrEnum):
    """What a reader should see at a glance."""

    FAILED = "failed"
    PARTIAL = "partial"
    ACKNOWLEDGED = "acknowledged"
    REPAIRING = "repairing"
    MUTED = "muted"
    RESOLVED = "resolved"
    MERGED = "merged"


OVER = frozenset({Standing.RESOLVED, Standing.MERGED})
"""Nothing is to be done about it here any more."""

ACTED_ON = frozenset({Standing.ACKNOWLEDGED, Standing.REPAIRING, Standing.MUTED})
"""Somebody has acted on it, and it may go on failing meanwhile."""

SIGNS: Mapping[Standing, str] = {
    Standing.FAILED: "❌",
    Standing.PARTIAL: "⚠️",
    Standing.ACKNOWLEDGED: "👀",
    Standing.REPAIRING: "🔁",
    Standing.MUTED: "🔇",
    Standing.RESOLVED: "✅",
    Standing.MERGED: "↪️",
}


OUTCOME_VERBS: Mapping[Outcome | None, str] = {
    None: "is failing",
    Outcome.SUCCEEDED: "succeeded, but reported failures",
    Outcome.SUCCEEDED_WITH_FAILURES: "succeeded with failures",
    Outcome.TIMED_OUT: "timed out",
    Outcome.CANCELLED: "was cancelled",
}
"""How a run ended, where that is not simply `failed`."""


CURES: Mapping[str, str] = {
    "repair": "a rerun",
    "retry": "its own retry",
    "next run": "the next run",
    "new code": "new code",
}
"""What brought a job back, as people call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """The line below the headline; strangers wrote parts of it, a job's name or a person's.

    Media differ in how they show words, a person and a time.
    """

    before: str
    actor: str = ""
    after: str = ""
    until: datetime | None = None

    def __str__(self) -> str:
        """The line in plain words."""
        return self.told(words=str, person=_person, time=when)

    def told(
        self,
        *,
        words: Callable[[str], str],
        person: Callable[[str], str],
        time: Callable[[datetime], str],
    ) -> str:
        """The line as a medium shows it."""
        parts = (
            words(self.before),
            f"by {person(self.actor)}" if self.actor else "",
            f"until {time(self.until)}" if self.until else "",
            words(self.after),
        )
        return " ".join(part for part in parts if part)


def standing_of(digest: Digest) -> Standing:
    """Where the incident of a digest stands."""
    return standing_at(digest.incident, digest.run.outcome, digest.at)


def standing_at(incident: Incident, outcome: Outcome | None, at: datetime) -> Standing:
    """What people did about it outweighs how the run ended."""
    if incident.merged_into:
        return Standing.MERGED
    if incident.state is IncidentState.RESOLVED:
        return Standing.RESOLVED
    if incident.state is IncidentState.REPAIRING:
        return Standing.REPAIRING
    if incident.is_muted(at):
        return Standing.MUTED
    if incident.state is IncidentState.ACKNOWLEDGED:
        return Standing.ACKNOWLEDGED
    if outcome in (Outcome.SUCCEEDED_WITH_FAILURES, Outcome.SUCCEEDED):
        return Standing.PARTIAL
    return Standing.FAILED


def headline_of(digest: Digest) -> str:
    """`nightly_orders failed · prod`, without the sign."""
    environment = shorten(one_line(digest.environment), MAX_ENVIRONMENT)
    words = f"{job_name_of(digest)} {_verb(digest)}"
    return f"{words} · {environment}" if environment else words


def job_name_of(digest: Digest) -> str:
    """The job's name, or its run where it has none."""
    name = one_line(digest.incident.job_name or digest.run.job_name)
    return shorten(name, MAX_JOB_NAME) if name else f"run {digest.run.run_id}"


def standing_line_of(digest: Digest) -> StandingLine | None:
    """What happened since the failure; None while there is nothing to add."""
    incident = digest.incident
    match standing_of(digest):
        case Standing.RESOLVED:
            return StandingLine(before=_resolved(digest))
        case Standing.MERGED:
            name = shorten(one_line(incident.merged_into), MAX_JOB_NAME)
            return StandingLine(before="Goes on", after=f"in the message of {name}")
        case Standing.REPAIRING:
            return StandingLine(
                before="Rerun started",
                actor=_actor(incident.repairing_by),
            )
        case Standing.MUTED:
            changed = "until the cause changes" if incident.muted_until_changed else ""
            return StandingLine(
                before="Muted",
                actor=_actor(incident.muted_by),
                after=f"or {changed}" if changed and incident.muted_until else changed,
                until=incident.muted_until,
            )
        case Standing.ACKNOWLEDGED:
            return StandingLine(before="Acknowledged", actor=_actor(incident.acknowledged_by))
        case Standing.FAILED | Standing.PARTIAL:
            return _recurrence(digest)


def failures_of(incident: Incident) -> str:
    """`7 failed runs since Wed 25 Nov 02:10 UTC`; nothing of the first, nor of many jobs."""
    if incident.failure_count < 2 or incident.members:  # noqa: PLR2004 (the first is the message)
        return ""
    return f"{counted(incident.failure_count, 'failed run')} since {when(incident.opened_at)}"


def _verb(digest: Digest) -> str:
    standing = standing_of(digest)
    if standing is Standing.RESOLVED:
        return "recovered"
    if standing is Standing.MERGED:
        return "failed"
    if standing is Standing.REPAIRING:
        return "is being rerun"
    return OUTCOME_VERBS.get(digest.run.outcome, "failed")


def _resolved(digest: Digest) -> str:
    incident = digest.incident
    how = resolved_by(incident)
    took = how_long((incident.resolved_at or digest.at) - incident.opened_at)
    is_counted = incident.failure_count and not incident.members
    failures = f" and {counted(incident.failure_count, 'failed run')}" if is_counted else ""
    after = f"after {took}{failures}"
    return " ".join(part for part in ("Resolved", how, after) if part)


def resolved_by(incident: Incident) -> str:
    """Say what brought a job back: `by a rerun`; empty where it is not known."""
    cure = CURES.get(incident.resolved_how)
    return f"by {cure}" if cure else ""


def _recurrence(digest: Digest) -> StandingLine | None:
    incident = digest.incident
    match digest.reason:
        case NotifyReason.REGRESSED:
            return StandingLine(before="Failed again after it was resolved")
        case NotifyReason.REPAIR_STOPPED:
            return StandingLine(before="The repair was cancelled")
        case NotifyReason.NEW_CAUSE:
            return StandingLine(before="The cause is a new one")
        case _:
            failures = failures_of(incident)
            return StandingLine(before=f"Still failing: {failures}") if failures else None


def _person(name: str) -> str:
    """Name somebody where no medium does: a Slack id alone says nothing to a reader of mail."""
    return f"Slack user {name}" if SLACK_USER_ID.fullmatch(name) else name


def _actor(name: str) -> str:
    return shorten(one_line(name), MAX_JOB_NAME)
