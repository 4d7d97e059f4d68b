"""The worker process: takes jobs one at a time, warm, and never drops one."""

import faulthandler
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from rq.worker_registration import register

from jobmon.ports.queue import Urgency
from jobmon.queue.functions import QUEUE_NAMES
from jobmon.queue.heartbeat import beating
from jobmon.queue.timeouts import ALIVE, HEARTBEAT, HUNG_AFTER
from jobmon.queue.wake import MailboxJob

log = structlog.get_logger()

POLL_SECONDS = 2
MAX_JOBS = 1000
MAINTENANCE = timedelta(seconds=60)


class MailboxWorker(SimpleWorker):
    """Looks at its stop flag only between pops.

    RQ's own handler raises in the middle of a blocking pop, and the job that Redis has handed out
    by then is lost.
    """

    max_connection_wait_time = 5.0
    beats_every = HEARTBEAT
    job_class = MailboxJob

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 (RQ's signature)
        stop: threading.Event | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self._stop = stop or threading.Event()

    @property
    def dequeue_timeout(self) -> int:
        """A pop blocks this long, so that a stop is noticed."""
        return POLL_SECONDS

    @property
    def should_run_maintenance_tasks(self) -> bool:
        """Read before each pop and never between a pop and its job: the place to stop."""
        if self._stop_requested:
            raise StopRequested
        return bool(super().should_run_maintenance_tasks)

    def bootstrap(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (RQ's signature)
        """Register; who is told to stop meanwhile stops after that, and unregisters."""
        self._install_signal_handlers()  # type: ignore[no-untyped-call]
        super().bootstrap(*args, **kwargs)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Say that we live; with Redis away and a stop requested, end.

        RQ's `timeout` is what a job may take and more: a killed worker would count for as long.
        """
        del timeout
        try:
            self._give_sign_of_life(pipeline)
        except (RedisConnectionError, RedisTimeoutError):
            if self._stop_requested:
                raise StopRequested from None
            raise

    def _give_sign_of_life(self, pipeline: Pipeline | None) -> None:
        alive = int(ALIVE.total_seconds())
        if pipeline is not None:
            super().heartbeat(alive, pipeline)
            return
        with self.connection.pipeline() as own:
            super().heartbeat(alive, own)
            register(self, own)  # whose sign of life ran out was taken for dead meanwhile
            own.execute()

    def perform_job(self, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401 (RQ's signature)
        """Do a job; one that ignores its time limit ends the process, which is started anew."""
        faulthandler.dump_traceback_later(HUNG_AFTER.total_seconds(), exit=True)
        try:
            with beating(self._still_lives, every=self.beats_every):
                return bool(super().perform_job(*args, **kwargs))
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _still_lives(self) -> bool:
        with suppress(RedisError):
            self._give_sign_of_life(None)
        return True

    def teardown(self) -> None:
        """Unregister; with Redis away our sign of life runs out instead."""
        try:
            super().teardown()  # type: ignore[no-untyped-call]
        except (RedisConnectionError, RedisTimeoutError):
            log.warning("worker.not_unregistered")

    def _shutdown(self) -> None:
        self._stop_requested = True
        self._stop.set()


def run_worker(
    client: Redis, urgency: Urgency, *, stop: threading.Event, preload: Callable[[], None]
) -> None:
    """Work until told to stop, or for a thousand jobs: the supervisor starts a fresh one.

    `stop` is set when we are told to, so that the client loses patience with a Redis that is away.
    `preload` imports everything and builds the services before the first job is taken.
    """
    preload()
    queue = Queue(
        QUEUE_NAMES[urgency], connection=client, serializer=JSONSerializer, job_class=MailboxJob
    )
    client.sadd(Queue.redis_queues_keys, queue.key)  # for `rq info`; putting a job leaves it out
    worker = MailboxWorker(
        [queue],
        stop=stop,
        connection=client,
        serializer=JSONSerializer,
        job_class=MailboxJob,
        log_job_description=False,
        maintenance_interval=int(MAINTENANCE.total_seconds()),
        default_worker_ttl=30,
    )
    log.info("worker.ready", queue=QUEUE_NAMES[urgency])
    worker.work(max_jobs=MAX_JOBS, logging_level="WARNING", with_scheduler=False)
    log.info("worker.stopped", queue=QUEUE_NAMES[urgency])
