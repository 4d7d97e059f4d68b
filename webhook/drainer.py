"""A thread of the web process that empties the spool when Redis is back."""

import threading

import redis.exceptions
import structlog

from webhook.intake import Intake

EVERY_SECONDS = 2.0

log = structlog.get_logger()


def start_drainer(intake: Intake, *, stop: threading.Event | None = None) -> threading.Thread:
    """Drain at once and then every two seconds, until the process ends."""
    thread = threading.Thread(
        target=_run, args=(intake, stop or threading.Event()), name="spool-drainer", daemon=True
    )
    thread.start()
    return thread


def _run(intake: Intake, stop: threading.Event) -> None:
    while True:
        try:
            drained = intake.drain()
            if drained:
                log.info("spool.drained", events=drained)
        except redis.exceptions.RedisError as exc:
            log.warning("spool.waiting", reason=type(exc).__name__)
        except OSError as exc:
            log.error("spool.unreadable", reason=exc.strerror)  # noqa: TRY400
        if stop.wait(EVERY_SECONDS):
            return
