"""What becomes of a look at a run for which not everything could be read."""

from jobmon.errors import TransientError
from jobmon.ports.queue import Lease
from jobmon.run import RunEvent, RunEventKind
from workers.follow import follow
from workers.job import GIVE_UP_AFTER, LONGEST_DELAY
from workers.kept import Kept, drop, keep
from workers.look import Look, with_pending
from workers.publish import publish
from workers.services import Services

UNREADABLE_AFTER_ATTEMPTS = 4
"""Before that, what cannot be read just now is tried again without a word."""


def tell_and_read_again(
    services: Services, event: RunEvent, lease: Lease, *, read: Look, known: Look, kept: Kept
) -> None:
    """Tell what was `read`, and soon what is `known` without the rest; look for that for a day.

    What was read is `kept`: only the rest is asked for again.

    Raises TransientError for the first few tries. Later ones are looks of their own: one output
    that stays unreadable is no work that waits.
    """
    is_told = event.kind is RunEventKind.FOLLOWED or lease.attempt >= UNREADABLE_AFTER_ATTEMPTS
    if not is_told:
        if read.diagnosis.groups:
            publish(services, with_pending(read, known.diagnosis.pending_count), lease=None)
        keep(services, known.run, kept)
        raise TransientError(known.unread[0])
    if known.run.outcome and services.now() - event.received_at >= GIVE_UP_AFTER:
        publish(services, with_pending(known, 0), lease=lease)
        drop(services, known.run)
        return
    publish(services, known, lease=None)
    keep(services, known.run, kept)
    follow(services, known.run, delay=LONGEST_DELAY, lease=lease, received_at=event.received_at)
    services.queue.done(lease)
