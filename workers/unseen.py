"""Look again for a failure that was announced before Databricks shows it."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
import structlog

from jobmon.ports.queue import Message, WorkKind
from jobmon.run import FAILURES, Run, RunEvent, RunEventKind
from workers.ask import ended_second
from workers.services import Services

log = structlog.get_logger()

FIRST_AFTER = timedelta(seconds=10)
LOOKED_FOR = timedelta(minutes=4)
"""Looks come after 10 s, 30 s, 90 s and 4.5 minutes."""
REMEMBERED = timedelta(days=7)


def look_again_for_unseen(
    services: Services, run: Run, events: Iterable[RunEvent], *, is_new: bool
) -> None:
    """Ask for another look where an event said `failed`, and the run does not show that yet.

    `is_new` says that this look found a failure, or attempts, that were not known.
    """
    unseen = [
        event
        for event in events
        if event.kind is RunEventKind.FAILED and not _shows(services, run, event) and not is_new
    ]
    if not unseen:
        return
    event = max(unseen, key=lambda event: event.received_at)
    waited = services.now() - event.received_at
    if waited >= LOOKED_FOR:
        log.warning("failure.unseen", run_id=run.run_id, task_key=event.task_key)
        return
    delay = max(FIRST_AFTER, 2 * waited)
    key = run.mailbox
    services.queue.put(
        Message(
            kind=WorkKind.DIAGNOSE,
            key=key,
            message_id=f"u-{key}-{services.now():%Y%m%d%H%M%S%f}",
            body=msgspec.json.encode(event),
        ),
        delay=delay,
    )
    log.info("failure.looked_for", run_id=run.run_id, seconds=delay.total_seconds())


def _shows(services: Services, run: Run, event: RunEvent) -> bool:
    """Whether the run shows what the event is about; one end of a run explains one event."""
    if event.parent_run_id is not None:
        failed = [int(task.run_id) for task in run.tasks if task.outcome in FAILURES]
        return int(event.run_id) in failed
    if run.outcome is None or not run.shows_failure:
        return False
    end = f"end-{run.mailbox}-{run.repair_id or 0}-{ended_second(run)}"
    mine = event.received_at.isoformat()
    return services.store.remember_once(end, ttl=REMEMBERED, value=mine) in {None, mine}
