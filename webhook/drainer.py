"""A thread of the web process that brings to Redis what waits in the process or on disk."""

import threading
from typing import Self

import redis.exceptions
import structlog

from webhook.intake import Intake
from webhook.tally import Tally

EVERY_SECONDS = 2.0

log = structlog.get_logger()


class Drainer:
    """Drains at once and then every two seconds, until it is stopped or the process ends."""

    def __init__(self, intake: Intake, tally: Tally) -> None:
        self._intake = intake
        self._tally = tally
        self._is_away = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="spool-drainer", daemon=True)

    def start(self) -> Self:
        """Begin, in a thread of its own."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Drain once more and end: no thread writes to Redis after this has returned."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            is_last = self._stop.is_set()
            self.look()
            if is_last:
                return
            self._stop.wait(EVERY_SECONDS)

    def look(self) -> None:
        """Drain once; whatever goes wrong is logged, and tried again by the next look."""
        try:
            drained = self._intake.drain()
            if drained:
                log.info("spool.drained", events=drained)
            self._tally.flush()
        except redis.exceptions.RedisError as exc:
            if not self._is_away:
                log.warning("redis.away", reason=type(exc).__name__)
            self._is_away = True
        except OSError as exc:
            log.error("spool.stuck", reason=exc.strerror)  # noqa: TRY400
        except Exception:  # a defect of ours must not end the thread: nothing would be drained
            log.exception("drainer.crashed")
        else:
            if self._is_away:
                log.info("redis.back")
            self._is_away = False
