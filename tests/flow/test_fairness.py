"""A job with very many failing runs does not keep other jobs' first messages waiting."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.ports.queue import Urgency
from jobmon.queue.functions import QUEUE_NAMES
from jobmon.redis_answers import text_of
from tests.flow.conftest import CHANNEL, World
from tests.flow.jobs import a_failed_run, a_good_run, let_fail
from workers.diagnose import CROWD
from workers.rates import CountedLimiter
from workers.services import install

STARTED = datetime.now(UTC) - timedelta(minutes=30)
SOON, BULK = (f"rq:queue:{QUEUE_NAMES[urgency]}" for urgency in (Urgency.SOON, Urgency.BULK))
TOO_MANY = CROWD + 4


class StandingStill:
    """Gives each crowd what it may have at once, and no more: time does not pass."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def reserve(self, bucket: str, *, burst: int, **_: object) -> timedelta:
        """Now for the first few of a crowd, and for everything else."""
        self._taken[bucket] += bucket.startswith("crowd-")
        return timedelta(seconds=1) if self._taken[bucket] > burst else timedelta(0)

    def pause(self, *_: object) -> None:
        """Never."""


def fails(world: World, number: int, *, job_id: int) -> None:
    """A run of this job fails, and its webhook comes."""
    builder = RunBuilder(
        run_id=number * 1000, job_id=job_id, name=f"job_{job_id}", started_at=STARTED
    )
    error = f"ValueError: nothing came for job {job_id}"
    builder.task("load", notebook("/x"), result="FAILED", output=failed_output(error))
    run = world.workspace.add(builder.build())
    assert world.post(world.workspace.event(run.run_id)).status_code == 202


def waiting(world: World, queue: str) -> int:
    """How many runs wait to be looked at in a queue."""
    jobs = [text_of(job) for job in world.client.lrange(queue, 0, -1)]
    return sum(job.startswith("diagnose-") for job in jobs)


def crowded(world: World) -> None:
    """The first look at each of many runs of one job, and of one run of another."""
    limiter = CountedLimiter(StandingStill(), world.services.store)
    install(replace(world.services, limiter=limiter))
    for number in range(1, TOO_MANY + 1):
        fails(world, number, job_id=7)
    fails(world, 900, job_id=8)
    world.worker(Urgency.SOON).work(burst=True, logging_level="ERROR")


def test_runs_beyond_the_first_few_of_a_job_are_left_to_the_bulk_workers(world: World) -> None:
    crowded(world)

    told = [message.text for message in world.slack.messages(CHANNEL)]
    assert [("job_7" in text, "job_8" in text) for text in told] == [(True, False), (False, True)]
    world.pass_time()
    assert waiting(world, BULK) == TOO_MANY - CROWD
    assert waiting(world, SOON) == 0


def test_what_was_left_to_the_bulk_workers_is_counted_on_the_same_message(world: World) -> None:
    crowded(world)
    install(world.services)
    world.pass_time()
    world.work()

    incident = next(i for i in world.services.store.incidents() if i.job_name == "job_7")
    assert incident.failure_count == TOO_MANY
    assert len(world.slack.messages(CHANNEL)) == 2


def test_a_run_that_succeeded_is_left_to_the_bulk_workers(world: World) -> None:
    let_fail(world, a_failed_run(7))
    run = world.workspace.add(a_good_run(7, 1))
    world.post(world.workspace.event(run.run_id, kind="jobs.on_success"))
    world.worker(Urgency.SOON).work(burst=True, logging_level="ERROR")
    read = len(world.workspace.calls_to("/jobs/runs/get-output"))
    world.pass_time()
    assert (waiting(world, BULK), waiting(world, SOON)) == (1, 0)

    world.work()

    assert len(world.workspace.calls_to("/jobs/runs/get-output")) == read + 1
    assert "recovered" in world.slack.messages(CHANNEL)[0].text


def test_being_one_of_many_is_not_counted_as_a_wait_for_a_vendor(world: World) -> None:
    crowded(world)

    waits = [labels for (name, labels) in world.services.store.counters() if "waits" in name]
    assert not [labels for labels in waits if "crowd" in str(labels)]


def test_an_attachment_follows_its_message_so_that_no_other_message_waits_for_it(
    world: World,
) -> None:
    install(replace(world.services, details_after=timedelta(minutes=5)))
    fails(world, 1, job_id=7)
    world.work()
    (message,) = world.slack.messages(CHANNEL)
    assert not world.slack.thread(message.ts)

    world.pass_time()
    assert [key for key in world.client.lrange(BULK, 0, -1) if "deliver-" in str(text_of(key))]
    world.work()

    assert "full error" in world.slack.thread(message.ts)[0].text
