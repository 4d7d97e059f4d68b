"""What becomes of a mailbox that kills its workers, whatever they do."""

from collections.abc import Callable, Mapping

import redis.exceptions
import structlog

from jobmon.ports.queue import Lease, LeaseLost, WorkKind
from workers.deliver import give_up_unsent
from workers.failed_sweep import note_failed_sweep
from workers.job import bury
from workers.services import Services

log = structlog.get_logger()

GIVE_UP: Mapping[WorkKind, Callable[[Services, Lease, str], None]] = {
    WorkKind.DELIVER: give_up_unsent,
    WorkKind.SWEEP: note_failed_sweep,
}
"""How such a mailbox is given up; of any other kind it becomes dead letters."""


def give_up_poison(services: Services, lease: Lease, reason: str) -> None:
    """Give the work of a lease up as its kind is, and count it."""
    log.error("job.poison", work=lease.kind.value, key=lease.key, reason=reason)
    try:
        GIVE_UP.get(lease.kind, bury)(services, lease, reason)
    except (redis.exceptions.RedisError, LeaseLost):
        raise
    except Exception:
        # A defect of ours must not keep the scheduler from waking other work.
        log.exception("job.crashed")
        bury(services, lease, reason)
