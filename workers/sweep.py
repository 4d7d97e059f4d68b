"""Find what no webhook announced: list recent runs, and look at those that nobody looked at."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

import msgspec
import structlog

from jobmon.incident import IncidentState, job_key
from jobmon.ports.queue import Lease, Message, Urgency, WorkKind
from jobmon.ports.workspace import Workspace
from jobmon.run import FAILURES, Outcome, Run, RunEventKind, WorkspaceId
from workers.ask import ask, ended_second
from workers.coverage import Sighted, note_coverage, sighted
from workers.failed_sweep import note_failed_sweep, note_good_sweep
from workers.job import work
from workers.job_runs import remember_listed
from workers.quiet_ends import told_quiet_ends
from workers.repairs import look_at_stuck_repairs
from workers.services import Services

log = structlog.get_logger()

FIRST_LOOK_BACK = timedelta(minutes=30)
"""How far the very first sweep looks back: an installation does not begin with old news."""
OVERLAP = timedelta(hours=2)
"""Runs are listed by their start, so one that ended just now may have started long ago."""
LONG_OVERLAP = timedelta(hours=48)
LONG_OVERLAP_EVERY = timedelta(hours=1)
ON_ITS_WAY = timedelta(seconds=10)
"""A run that ended this recently is left to its webhook, until the next sweep."""
ASK_AGAIN_AFTER = timedelta(hours=1)
"""A run that could not be looked at is asked for again, but not with every sweep."""
MOST_RUNS = 500
"""What one sweep lists at most: twenty pages. More is taken in parts, the oldest first."""
SHORTEST_PART = timedelta(minutes=1)
"""What is not divided any more, but listed whole, however many runs began in it."""

TOLD_AS_FAILURES = FAILURES | {Outcome.SUCCEEDED_WITH_FAILURES}


class Range(msgspec.Struct, frozen=True):
    """What a sweep's message asks for; without a start, what is new since the last sweep."""

    since: datetime | None = None
    length: timedelta | None = None
    """How much of it is tried at once; all of it where the runs before it were not too many."""


NEWS = Range()
"""What no sweep has listed."""


def run(key: str) -> None:
    """RQ job: sweep one workspace."""
    work(WorkKind.SWEEP, key, sweep, give_up=note_failed_sweep)


def sweep_message(
    workspace_id: WorkspaceId | None,
    *,
    at: datetime,
    every: timedelta,
    rest: Range = NEWS,
) -> Message:
    """The request for one sweep; the same for everybody who asks in the same period."""
    period = int(at.timestamp() // every.total_seconds())
    key = str(workspace_id or "default")
    part = f"-{int(rest.since.timestamp())}" if rest.since else ""
    return Message(
        kind=WorkKind.SWEEP,
        key=key,
        message_id=f"s-{key}-{period}{part}",
        body=msgspec.json.encode(rest),
    )


def sweep(services: Services, lease: Lease) -> None:
    """Ask for a look at each recent run that failed unseen, or that may end an incident."""
    wanted = None if lease.key == "default" else WorkspaceId(int(lease.key))
    workspace = services.workspaces.get(wanted)
    now = services.now()
    since, length = _asked(services, workspace.workspace_id, lease, now=now)
    runs, until = _part(workspace, since=since, length=length or now - since, now=now)
    if until < now:
        # In the queue before the watermark moves: what remains cannot be forgotten.
        rest = Range(since=until, length=_next_length(until - since, runs))
        message = sweep_message(wanted, at=now, every=SHORTEST_PART, rest=rest)
        services.queue.put(message, urgency=Urgency.BULK)
    failed = _look(services, runs, lease=lease, now=now)
    stuck = look_at_stuck_repairs(services, workspace.workspace_id, now=now)
    note_coverage(services, workspace.workspace_id, failed, now=now)
    services.store.set_watermark(workspace.workspace_id, until)
    note_good_sweep(services, lease)
    services.store.count("sweeps")
    services.store.count("sweep_runs_listed", len(runs))
    services.store.note_last(f"sweep:{workspace.workspace_id}", now.isoformat())
    log.info(
        "sweep.finished",
        workspace_id=workspace.workspace_id,
        since=since.isoformat(),
        until=until.isoformat(),
        listed=len(runs),
        failed_runs=len(failed),
        asked=sum(item.asked for item in failed),
        stuck_repairs=stuck,
    )
    services.queue.done(lease)


def _asked(
    services: Services, workspace_id: WorkspaceId, lease: Lease, *, now: datetime
) -> tuple[datetime, timedelta | None]:
    """Since when, and how much of it at once: the earliest of what is asked for."""
    asked = [msgspec.json.decode(message.body, type=Range) for message in lease.messages]
    starts = [(item.since, item.length) for item in asked if item.since is not None]
    if len(starts) < len(asked) or not starts:
        starts.append((_since_last(services, workspace_id, now=now), None))
    return min(starts, key=lambda start: start[0])


def _since_last(services: Services, workspace_id: WorkspaceId, *, now: datetime) -> datetime:
    watermark = services.store.watermark(workspace_id)
    if watermark is None:
        return now - FIRST_LOOK_BACK
    first = services.store.remember_once(f"long-sweep-{workspace_id}", ttl=LONG_OVERLAP_EVERY)
    return min(watermark, now) - (LONG_OVERLAP if first is None else OVERLAP)


def _part(
    workspace: Workspace, *, since: datetime, length: timedelta, now: datetime
) -> tuple[Sequence[Run], datetime]:
    """The runs that started from `since` on, oldest first, and until when they were listed.

    Databricks lists the newest first; so a range with too many runs is halved, until the part
    that begins it is small enough.
    """
    until = min(now, since + length)
    while True:
        end = None if until == now else until
        limit = MOST_RUNS + 1 if until - since > SHORTEST_PART else None
        listed = tuple(workspace.recent_runs(since=since, until=end, limit=limit))
        if limit is None or len(listed) < limit:
            return listed[::-1], until
        until = since + (until - since) / 2


def _next_length(length: timedelta, runs: Sequence[Run]) -> timedelta:
    """As much as this time, or twice as much where that was not half of what one sweep lists."""
    return length * 2 if len(runs) < MOST_RUNS / 2 else length


def _look(services: Services, runs: Sequence[Run], *, lease: Lease, now: datetime) -> list[Sighted]:
    """Oldest first, so that a failure is told before the success that ended it."""
    failed = []
    told = TOLD_AS_FAILURES | told_quiet_ends(services.settings.policy)
    _remember_good(services, runs, failing=told | {Outcome.CANCELLED}, now=now)
    asker = lease.messages[0].message_id if lease.messages else lease.token
    for listed in runs:
        known = is_known(services, listed)
        if listed.outcome in told:
            # Before we ask: what waits by now came by a webhook, or was asked for by a sweep.
            waits = services.queue.has_work(WorkKind.DIAGNOSE, listed.mailbox)
            asked = not known and _ask_unless_asked(services, listed, asker, now=now)
            found_by = sighted(services, listed, known=known, waits=waits, now=now)
            failed.append(Sighted(run=listed, found_by=found_by, asked=asked))
        elif listed.outcome is Outcome.CANCELLED and not known:
            # Whether a task of it had failed before is in no list.
            _ask_unless_asked(services, listed, asker, now=now)
        elif listed.outcome is Outcome.SUCCEEDED and not known and _may_resolve(services, listed):
            ask(services, listed, kind=RunEventKind.SWEPT, now=now)
    return failed


def _remember_good(
    services: Services, runs: Sequence[Run], *, failing: AbstractSet[Outcome], now: datetime
) -> None:
    """Remember the latest success of each job that failed, too: what is over is told as such."""
    jobs = {job_key(run) for run in runs if run.outcome in failing}
    good = {job_key(run): run for run in runs if run.outcome is Outcome.SUCCEEDED}
    remember_listed(services, [run for key, run in good.items() if key in jobs], now=now)


def _ask_unless_asked(services: Services, run: Run, asker: str, *, now: datetime) -> bool:
    """Ask for a look, unless its webhook may be on its way or another sweep has asked."""
    on_its_way = run.ended_at is not None and now - run.ended_at < ON_ITS_WAY
    if on_its_way or not _may_ask(services, run, asker):
        return False
    ask(services, run, kind=RunEventKind.SWEPT, now=now)
    return True


def _may_ask(services: Services, run: Run, asker: str) -> bool:
    """Whether nobody asked lately; a sweep that was interrupted may ask the same again."""
    name = f"asked-{run.workspace_id}-{run.run_id}-{ended_second(run)}"
    before = services.store.remember_once(name, ttl=ASK_AGAIN_AFTER, value=asker)
    return before in {None, asker}


def is_known(services: Services, run: Run) -> bool:
    """Whether the run was looked at as it has ended now."""
    seen_end = services.store.seen_end(run.workspace_id, run.run_id)
    return seen_end is not None and (run.ended_at is None or run.ended_at <= seen_end)


def _may_resolve(services: Services, run: Run) -> bool:
    incident = services.store.current_incident(run.workspace_id, job_key(run))
    return incident is not None and incident.state is not IncidentState.RESOLVED
