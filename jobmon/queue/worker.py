"""The worker process: takes jobs one at a time, warm, and never drops one."""

import faulthandler
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker_registration import register

from jobmon.ports.queue import Urgency
from jobmon.queue.functions import QUEUE_NAMES
from jobmon.queue.heartbeat import beating
from jobmon.queue.timeouts import ALIVE, HEARTBEAT, HUNG_AFTER
from jobmon.queue.wake import MailboxJob
from jobmon.redis_full import REDIS_FULL

log = structlog.get_logger()

POLL_SECONDS = 2
MAX_JOBS = 1000
MAINTENANCE = timedelta(seconds=60)
ROOM_SECONDS = 1.0
REDIS_AWAY = (RedisConnectionError, RedisTimeoutError)


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

    def set_state(self, state: str, pipeline: Pipeline | None = None) -> None:
        """Say what we do, for `rq info` alone: a Redis that is full stops nobody here."""
        with suppress(*REDIS_FULL):
            super().set_state(state, pipeline)

    def check_for_suspension(self, burst: bool) -> None:  # noqa: FBT001 (RQ's signature)
        """Wait while `rq suspend` wants it; RQ beats in it, which takes room in Redis."""
        with self._waiting_for_room():
            super().check_for_suspension(burst)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Say that we live, once Redis has room; with it away and a stop requested, end.

        RQ's `timeout` is what a job may take and more: a killed worker would count for as long.
        """
        del timeout
        try:
            with self._waiting_for_room():
                self._give_sign_of_life(pipeline)
        except REDIS_AWAY:
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

    def run_maintenance_tasks(self) -> None:
        """Clean up after others; with Redis full, the next time."""
        with self._waiting_for_room():
            super().run_maintenance_tasks()  # type: ignore[no-untyped-call]

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Take a job; with Redis full, when there is room."""
        while True:
            with self._waiting_for_room():
                return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Do a job; one that a full Redis does not let begin is a lost wake-up."""
        with self._waiting_for_room():
            super().execute_job(job, queue)

    @contextmanager
    def _waiting_for_room(self) -> Iterator[None]:
        """Where Redis is too full for the block, return when it takes a sign of life.

        The rest of the block is left out then. Who is told to stop meanwhile, stops.
        """
        try:
            yield
        except REDIS_FULL as exc:
            reason = type(exc).__name__
        else:
            return
        log.warning("worker.waiting", reason=reason)
        while not self._has_room():
            if self._stop.wait(ROOM_SECONDS):
                raise StopRequested
        log.info("worker.goes_on", waited_for=reason)

    def _has_room(self) -> bool:
        try:
            self._give_sign_of_life(None)
        except (*REDIS_FULL, *REDIS_AWAY):
            return False
        return True

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
        """Unregister; with Redis away or full our sign of life runs out instead."""
        try:
            super().teardown()  # type: ignore[no-untyped-call]
        except (*REDIS_AWAY, *REDIS_FULL):
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
