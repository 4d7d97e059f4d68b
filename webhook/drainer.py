"""A thread of the web process that brings to Redis what waits in the process or on disk."""

import threading

import redis.exceptions
import structlog

from webhook.intake import Intake
from webhook.tally import Tally

EVERY_SECONDS = 2.0

log = structlog.get_logger()


def start_drainer(
    intake: Intake, tally: Tally, *, stop: threading.Event | None = None
) -> threading.Thread:
    """Drain at once and then every two seconds, until the process ends."""
    thread = threading.Thread(
        target=_run,
        args=(intake, tally, stop or threading.Event()),
        name="spool-drainer",
        daemon=True,
    )
    thread.start()
    return thread


def _run(intake: Intake, tally: Tally, stop: threading.Event) -> None:
    while True:
        try:
            drained = intake.drain()
            if drained:
                log.info("spool.drained", events=drained)
            tally.flush()
        except redis.exceptions.RedisError as exc:
            log.warning("spool.waiting", reason=type(exc).__name__)
        except OSError as exc:
            log.error("spool.unreadable", reason=exc.strerror)  # noqa: TRY400
        if stop.wait(EVERY_SECONDS):
            return
