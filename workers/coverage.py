"""How many failed runs there are, who found them, and whether webhooks still come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from jobmon.run import Run, WorkspaceId
from workers.alarm import alarm
from workers.ask import ended_second
from workers.services import Services

log = structlog.get_logger()

SETTLED = timedelta(minutes=1)
"""By then a webhook has come and was worked on, or it does not come."""
SIGHTED_FOR = timedelta(days=4)
FEWEST = 3
"""Failed runs that are needed to say that webhooks do not come."""
WORK_PILES_UP_SECONDS = 60
SWEEPS_MISSED = 3
"""After so many periods without a sweep jobmon has been away."""

WEBHOOK, SWEEP = "webhook", "sweep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """One failed run in a sweep's list."""

    run: Run
    found_by: str
    """`webhook` or `sweep`; empty while it cannot be told yet."""
    asked: bool = False


def sighted(services: Services, run: Run, *, known: bool, waits: bool, now: datetime) -> str:
    """Remember who found a failed run, and count it once among those that exist.

    Empty while that cannot be told: a webhook may still be on its way, or wait to be worked on.
    """
    if run.ended_at is None or now - run.ended_at < SETTLED:
        return ""
    found_by = WEBHOOK if known else SWEEP
    name = f"sighted-{run.workspace_id}-{run.run_id}-{ended_second(run)}"
    if waits and not known:
        return services.store.recall_once(name) or ""
    before = services.store.remember_once(name, ttl=SIGHTED_FOR, value=found_by)
    if before is None:
        services.store.count("failed_runs_existing")
        services.store.count("failed_runs_found", found_by=found_by)
    return before or found_by


def note_coverage(
    services: Services, workspace_id: WorkspaceId, failed: Sequence[Sighted], *, now: datetime
) -> None:
    """Say once that webhooks do not come, and remember it until they come again.

    What failed before jobmon was here to be told says nothing of the webhooks.
    """
    here = _here_since(services, workspace_id, now=now)
    settled = [item for item in failed if item.found_by and ended_second(item.run) >= here]
    missed = [item for item in settled if item.found_by == SWEEP]
    name = f"webhooks:{workspace_id}"
    silent = services.store.last_words().get(name, "").startswith("silent")
    if silent and settled and len(missed) * 2 <= len(settled):
        services.store.note_last(name, f"coming since {now.isoformat()}")
        log.info("webhooks.came_back", workspace_id=workspace_id)
    if silent or len(settled) < FEWEST or len(missed) * 2 <= len(settled):
        return
    if (services.queue.pulse().oldest_waiting_seconds or 0) > WORK_PILES_UP_SECONDS:
        return  # they may have come and wait to be worked on
    services.store.note_last(name, f"silent since {now.isoformat()}")
    log.warning("webhooks.silent", workspace_id=workspace_id, missed=len(missed), of=len(settled))
    alarm(
        services,
        about=f"The webhook of workspace {workspace_id}",
        text=(
            f"Webhooks do not come from workspace {workspace_id}, or only for some jobs.\n"
            f"{len(missed)} of its latest {len(settled)} failed runs were not announced: jobmon "
            "found them by looking itself, minutes late.\n"
            "Look at the notification settings of the jobs, at the destination's address and "
            "password, and at the proxy in front of jobmon."
        ),
        now=now,
    )


def _here_since(services: Services, workspace_id: WorkspaceId, *, now: datetime) -> int:
    """The second of the first sweep since jobmon began, or came back after being away."""
    name = f"here-since-{workspace_id}"
    since = int(services.store.noted(name) or now.timestamp())
    gap = services.settings.policy.sweep_every * SWEEPS_MISSED
    services.store.note(name, str(since).encode(), ttl=gap)
    return since
