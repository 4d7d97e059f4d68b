"""What becomes of a look at a run that is too large to be read at once."""

from datetime import timedelta

from jobmon.ports.queue import Lease, Urgency
from workers.kept import Kept, KeptFailure, keep
from workers.look import Look, with_pending
from workers.publish import publish
from workers.services import Services

READ_FOR = {Urgency.SOON: timedelta(seconds=1.5), Urgency.BULK: timedelta(seconds=5)}
"""How long one look reads outputs: others wait for its worker."""


def read_on(
    services: Services, lease: Lease, *, read: Look, known: Look, before: Kept, after: Kept
) -> None:
    """Tell what was `read`, keep it, and leave the rest to the bulk workers, behind their work."""
    if read.diagnosis.groups:
        publish(services, with_pending(read, known.diagnosis.pending_count), lease=None)
    keep(services, read.run, after)
    services.queue.later(
        lease,
        delay=timedelta(0),
        urgency=Urgency.BULK,
        got_on=bool(after.read - before.read),
    )


def gets_on(look: Look, *, before: Kept, after: Kept) -> bool:
    """Whether there is more to read at once: what was not tried yet, or what others came before.

    Each look reads a task, or finds one that cannot be read, which then waits for the others: so
    this ends.
    """
    if after == before or not look.pending:
        return False
    return after.has_untried(look.run) or (bool(after.read - before.read) and not look.unread)


def kept_from(look: Look, *, before: Kept) -> Kept:
    """What to keep of a look that went on from what was kept `before`."""
    ids = {task.task_key: task.run_id for task in look.run.failed_tasks}
    read = [
        item
        for item in look.details
        if item.failure.task_key in ids and item.failure.task_key not in look.pending
    ]
    failures = tuple(
        KeptFailure(
            task_run_id=ids[item.failure.task_key],
            task_key=item.failure.task_key,
            fingerprint=item.diagnosis.fingerprint,
            occurrences=item.failure.occurrences,
            origin=item.failure.origin,
            note=item.failure.note,
        )
        for item in read
    )
    diagnoses = {item.diagnosis.fingerprint: item.diagnosis for item in reversed(read)}
    tried = {ids[key] for key in look.tried if key in ids}
    if before.has_untried(look.run):  # else all had been tried, and a new round has begun
        tried |= {ids[key] for key in look.pending if key in ids} & set(before.tried)
    return Kept(failures=failures, diagnoses=diagnoses, tried=tuple(sorted(tried)))
