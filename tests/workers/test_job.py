"""The frame around a job decides what becomes of its messages."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
import redis.exceptions
from rq.timeouts import JobTimeoutException
from structlog.testing import capture_logs

from jobmon.errors import DestinationError, DoubtfulError, NotYet, TransientError
from jobmon.ports.queue import Lease, LeaseLost, Message, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.redis_answers import text_of
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore
from workers.job import GIVE_UP_AFTER, LONGEST_DELAY, backoff, work
from workers.services import Services, install

KEY = "42-7"


class Clock:
    """The time, as the test has it."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(client: Client, clock: Clock) -> RqJobQueue:
    queue = RqJobQueue(client)
    services = SimpleNamespace(queue=queue, store=RedisStore(client), now=clock.now)
    install(cast("Services", services))
    queue.put(Message(kind=WorkKind.DELIVER, key=KEY, message_id="one", body=b"1"))
    return queue


def waits_since(client: Client, then: datetime) -> None:
    """As if the mailbox and what is in it had waited since then."""
    at = round(then.timestamp() * 1000)
    messages = f"jobmon:messages:deliver:{KEY}"
    for number, raw in enumerate(client.lrange(messages, 0, -1)):
        client.lset(messages, number, f"{at} {at} {text_of(raw).split(' ', 2)[2]}")
    client.hset(f"jobmon:box:deliver:{KEY}", "began", at)


def raising(error: Exception) -> Callable[[Any, Any], None]:
    """A job that fails."""

    def handle(_services: Services, _lease: Lease) -> None:
        raise error

    return handle


def state(client: Client) -> str:
    """Where the mailbox stands."""
    found = client.hget(f"jobmon:box:deliver:{KEY}", "state")
    return text_of(found or "gone")


def test_what_may_succeed_later_is_given_back(queue: RqJobQueue, client: Client) -> None:
    work(WorkKind.DELIVER, KEY, raising(TransientError("Slack is away")))

    assert state(client) == "backing_off"
    assert not queue.dead_letters()


def test_the_delay_that_was_asked_for_is_kept(queue: RqJobQueue, client: Client) -> None:
    wait = timedelta(seconds=40)
    work(WorkKind.DELIVER, KEY, raising(TransientError("less, please", retry_after=wait)))

    due = client.zscore("jobmon:wake", f"deliver:{KEY}") or 0
    assert due / 1000 == pytest.approx(datetime.now(UTC).timestamp() + 40, abs=2)


@pytest.mark.parametrize(
    ("error", "level"),
    [(NotYet("its turn has not come"), "info"), (TransientError("Slack is away"), "warning")],
    ids=["own-limit", "trouble"],
)
@pytest.mark.usefixtures("queue")
def test_only_what_goes_wrong_is_a_warning(error: TransientError, level: str) -> None:
    with capture_logs() as said:
        work(WorkKind.DELIVER, KEY, raising(error))

    (postponed,) = (entry for entry in said if entry["event"] == "job.postponed")
    assert postponed["log_level"] == level


def test_what_is_doubtful_is_looked_at_again(queue: RqJobQueue, client: Client) -> None:
    work(WorkKind.DELIVER, KEY, raising(DoubtfulError("the answer was a web page")))

    assert state(client) == "backing_off"


def test_a_job_that_took_too_long_is_tried_again(queue: RqJobQueue, client: Client) -> None:
    work(WorkKind.DELIVER, KEY, raising(JobTimeoutException("120 s")))

    assert state(client) == "backing_off"


def test_what_can_never_succeed_is_a_dead_letter_with_its_reason(
    queue: RqJobQueue, client: Client
) -> None:
    work(WorkKind.DELIVER, KEY, raising(DestinationError("C1 is archived: unarchive it")))

    (letter,) = queue.dead_letters()
    assert letter.reason == "C1 is archived: unarchive it"
    assert state(client) == "gone"


def test_a_defect_of_ours_is_a_dead_letter_without_its_text(queue: RqJobQueue) -> None:
    work(WorkKind.DELIVER, KEY, raising(ZeroDivisionError("password=hunter2")))

    (letter,) = queue.dead_letters()
    assert letter.reason == "ZeroDivisionError, see the log"


def test_what_fails_for_a_day_is_given_up(queue: RqJobQueue, clock: Clock) -> None:
    clock.time += GIVE_UP_AFTER + timedelta(minutes=1)

    work(WorkKind.DELIVER, KEY, raising(TransientError("Slack is away")))

    (letter,) = queue.dead_letters()
    assert letter.reason == "gave up after 1 attempts in 24 h: Slack is away"


def test_what_came_while_another_failed_for_a_day_has_a_day_of_its_own(
    queue: RqJobQueue, client: Client, clock: Clock
) -> None:
    waits_since(client, clock.time - GIVE_UP_AFTER - timedelta(minutes=1))
    queue.put(Message(kind=WorkKind.DELIVER, key=KEY, message_id="two", body=b"2"))

    work(WorkKind.DELIVER, KEY, raising(TransientError("Slack is away")))

    assert [letter.message.message_id for letter in queue.dead_letters()] == ["one"]
    assert state(client) == "backing_off"
    assert client.llen(f"jobmon:messages:deliver:{KEY}") == 1


def test_waiting_for_a_turn_again_and_again_is_not_giving_up(
    queue: RqJobQueue, client: Client
) -> None:
    for _ in range(100):
        work(WorkKind.DELIVER, KEY, raising(TransientError("busy", retry_after=timedelta(0))))
        queue.revive()

    assert not queue.dead_letters()


def test_a_lost_redis_leaves_the_lease_to_run_out(queue: RqJobQueue, client: Client) -> None:
    with pytest.raises(redis.exceptions.ConnectionError):
        work(WorkKind.DELIVER, KEY, raising(redis.exceptions.ConnectionError("gone")))

    assert state(client) == "leased"


@pytest.fixture
def limited(client: Client) -> Iterator[None]:
    """A Redis whose limit of memory may be set, and is taken away again."""
    yield
    client.config_set("maxmemory", 0)


@pytest.mark.usefixtures("limited")
def test_a_redis_that_is_full_is_waited_for_and_not_taken_for_a_dead_worker(
    queue: RqJobQueue, client: Client
) -> None:
    def write(_services: Services, _lease: Lease) -> None:
        client.config_set("maxmemory", 1)
        client.set("an incident", "of some size")

    work(WorkKind.DELIVER, KEY, write)

    assert state(client) == "backing_off"
    assert not client.hexists(f"jobmon:box:deliver:{KEY}", "crashes")


@pytest.mark.usefixtures("limited")
def test_a_lease_is_kept_while_redis_is_full(queue: RqJobQueue, client: Client) -> None:
    lease = queue.take(WorkKind.DELIVER, KEY)
    assert lease is not None
    client.config_set("maxmemory", 1)

    assert queue.renew(lease)


def test_who_lost_the_lease_changes_nothing(queue: RqJobQueue, client: Client) -> None:
    work(WorkKind.DELIVER, KEY, raising(LeaseLost("another has it")))

    assert state(client) == "leased"
    assert not queue.dead_letters()


def test_a_dead_letter_is_not_written_by_who_lost_the_lease(
    queue: RqJobQueue, client: Client
) -> None:
    def lose_it(_services: Services, _lease: Lease) -> None:
        client.hset(f"jobmon:box:deliver:{KEY}", "token", "another's")
        raise DestinationError("archived")

    work(WorkKind.DELIVER, KEY, lose_it)

    assert not queue.dead_letters()
    assert state(client) == "leased"


def test_an_empty_mailbox_is_nothing_to_do(queue: RqJobQueue) -> None:
    work(WorkKind.DELIVER, "other", raising(AssertionError("there was nothing to do")))


def test_the_waits_grow_but_stay_short_enough_to_tell_soon() -> None:
    waits = [backoff(attempt).total_seconds() for attempt in range(1, 10)]

    assert waits[:4] == [2, 4, 8, 16]
    assert max(waits) == LONGEST_DELAY.total_seconds()
    assert backoff(10_000) == LONGEST_DELAY
