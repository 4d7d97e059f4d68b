"""Whatever is lost, the keeper finds the mailbox and wakes it again."""

import threading
from datetime import timedelta

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from structlog.testing import capture_logs

from jobmon.ports.queue import Urgency, WorkKind
from jobmon.queue.keeper import keep
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.queue.timeouts import MAX_CRASHES
from jobmon.redis_answers import text_of
from jobmon.store.client import Profile, connect
from tests.jobmon.queue.conftest import KEY, Post, message, names
from tests.support.waiting import wait_until


def test_a_mailbox_whose_worker_died_is_free_when_the_lease_has_run_out(
    post: Post, hasty: RqJobQueue
) -> None:
    post.queue.put(message("one"))
    assert hasty.take(WorkKind.DELIVER, KEY)
    post.lose_the_jobs()

    wait_until(post.queue.revive)

    assert post.jobs() == 1
    lease = post.taken()
    assert names(lease) == ["one"]
    assert lease.attempt == 2


def test_a_mailbox_that_kills_its_workers_becomes_dead_letters(post: Post) -> None:
    post.queue.put(message("poison"))
    for _ in range(MAX_CRASHES + 1):
        assert post.take()
        post.let_time_pass()
        post.queue.revive()

    assert post.take() is None
    (letter,) = post.queue.dead_letters()
    assert "died 6 times" in letter.reason


def test_a_mailbox_that_was_given_back_in_between_is_no_poison(post: Post) -> None:
    post.queue.put(message("one"))
    for _ in range(MAX_CRASHES * 2):
        assert post.take()
        post.let_time_pass()
        post.queue.revive()
        post.queue.later(post.taken(), delay=timedelta(0))
        post.queue.revive()

    assert names(post.take()) == ["one"]


def test_a_job_that_is_lost_from_the_queue_is_pushed_again(post: Post) -> None:
    post.queue.put(message("one"))
    post.lose_the_jobs()
    post.let_time_pass()

    assert post.queue.revive() == 1
    assert post.jobs() == 1


def test_what_a_lost_job_leaves_behind_is_gone_after_a_day(post: Post) -> None:
    post.queue.put(message("one"))
    (job,) = post.client.scan_iter("rq:job:*")
    post.lose_the_jobs()
    post.let_time_pass()
    post.queue.revive()

    (other,) = (key for key in post.client.scan_iter("rq:job:*") if key != job)
    assert 0 < post.client.ttl(job) <= 86_400
    assert post.client.ttl(other) == -1


def test_an_event_whose_mailbox_was_lost_is_new_when_it_comes_again(post: Post) -> None:
    event = message("failed", WorkKind.DIAGNOSE)
    post.queue.put(event)
    post.client.delete(f"jobmon:messages:diagnose:{KEY}")
    post.let_time_pass()
    post.queue.revive()

    assert post.queue.put(event)


def test_a_lost_job_is_noticed_behind_younger_ones(post: Post) -> None:
    post.queue.put(message("one"))
    put_at = int(post.client.hget(f"jobmon:box:deliver:{KEY}", "queued_at") or 0)
    post.client.lpop("rq:queue:jobmon-soon")
    wait_until(lambda: post.client.time()[0] * 1000 + post.client.time()[1] // 1000 > put_at + 1)
    post.queue.put(message("two", key="other"))
    post.let_time_pass()

    assert post.queue.revive() == 1


def test_a_job_that_only_waits_for_a_worker_is_not_doubled(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.put(message("two", key="other"))
    post.let_time_pass()

    assert post.queue.revive() == 0
    assert post.jobs() == 2


def test_what_people_wait_for_stands_in_front(post: Post) -> None:
    post.queue.put(message("run", WorkKind.DIAGNOSE))
    post.queue.put(message("command", WorkKind.ACT))

    first, second = (text_of(job) for job in post.client.lrange("rq:queue:jobmon-soon", 0, -1))
    assert first.startswith("act-")
    assert second.startswith("diagnose-")


def test_messages_stand_in_front_of_what_bulk_workers_have_to_read(post: Post) -> None:
    post.queue.put(message("run", WorkKind.DIAGNOSE), urgency=Urgency.BULK)
    post.queue.put(message("attachment", WorkKind.DELIVER), urgency=Urgency.BULK)

    first, second = (text_of(job) for job in post.client.lrange("rq:queue:jobmon-bulk", 0, -1))
    assert first.startswith("deliver-")
    assert second.startswith("diagnose-")


def test_a_lost_job_is_noticed_behind_what_stands_in_front_of_it(post: Post) -> None:
    post.queue.put(message("lost", WorkKind.DIAGNOSE, key="lost"))
    post.queue.put(message("waits", WorkKind.DIAGNOSE, key="waits"))
    post.client.lpop("rq:queue:jobmon-soon")
    post.client.hset("jobmon:box:diagnose:lost", "queued_at", 1)
    post.queue.put(message("command", WorkKind.ACT))
    post.let_time_pass()

    assert post.queue.revive() == 1
    assert post.queue.take(WorkKind.DIAGNOSE, "lost")
    assert post.jobs() == 3


def test_work_that_is_handed_to_other_workers_is_woken_there(post: Post) -> None:
    post.queue.put(message("one", WorkKind.DIAGNOSE))
    lease = post.taken(WorkKind.DIAGNOSE)
    post.queue.later(lease, delay=timedelta(0), urgency=Urgency.BULK)
    post.let_time_pass()

    assert post.queue.revive() == 1
    assert post.jobs("jobmon-bulk") == 1
    again = post.taken(WorkKind.DIAGNOSE)
    assert (again.attempt, again.urgency) == (2, Urgency.BULK)


def test_whoever_got_on_begins_anew(post: Post) -> None:
    post.queue.put(message("one", WorkKind.DIAGNOSE))
    lease = post.taken(WorkKind.DIAGNOSE)
    post.queue.later(lease, delay=timedelta(0), got_on=True)
    post.let_time_pass()
    post.queue.revive()

    assert post.taken(WorkKind.DIAGNOSE).attempt == 1


def test_two_keepers_wake_a_mailbox_once(post: Post, redis_url: str) -> None:
    for number in range(40):
        post.queue.put(message(f"m{number}", key=f"box-{number}"))
    post.lose_the_jobs()
    post.let_time_pass()
    woken: list[int] = []
    start = threading.Barrier(2)

    def one_keeper() -> None:
        queue = RqJobQueue(connect(redis_url, Profile.WORKER))
        start.wait()
        woken.append(queue.revive())

    keepers = [threading.Thread(target=one_keeper) for _ in range(2)]
    for keeper in keepers:
        keeper.start()
    for keeper in keepers:
        keeper.join()

    assert sum(woken) == 40
    assert post.jobs() == 40


def test_a_mailbox_that_nobody_can_read_does_not_keep_the_others_from_waking(post: Post) -> None:
    post.queue.put(message("one"))
    post.lose_the_jobs()
    post.client.zadd("jobmon:wake", {"telepathy:42": 0, "deliver:not a key": 0})
    post.client.rpush("jobmon:messages:deliver:not a key", "0 0 {}")
    post.let_time_pass()

    assert post.queue.revive() == 1
    assert post.queue.revive() == 0


def test_the_keeper_looks_again_and_again_until_it_is_told_to_stop(post: Post) -> None:
    stop, seen = threading.Event(), []
    post.queue.put(message("one"))
    post.lose_the_jobs()
    post.let_time_pass()

    def count(now: object) -> None:
        seen.append(now)
        if len(seen) == 3:
            stop.set()

    keep(post.queue, stop=stop, also=count, every=timedelta(0))

    assert len(seen) == 3
    assert post.jobs() == 1
    assert post.queue.pulse().keeper


def test_a_redis_that_is_away_is_said_once_and_so_is_that_it_is_back(post: Post) -> None:
    stop = threading.Event()
    faults = [RedisTimeoutError(), *(RedisConnectionError() for _ in range(3))]

    def ask(_now: object) -> None:
        if faults:
            raise faults.pop(0)
        stop.set()

    with capture_logs() as logs:
        keep(post.queue, stop=stop, also=ask, every=timedelta(0))

    said = [(line["event"], line.get("reason")) for line in logs]
    assert said == [
        ("keeper.waiting", "TimeoutError"),
        ("keeper.waiting", "ConnectionError"),
        ("keeper.goes_on", None),
    ]


@pytest.mark.parametrize("kind", list(WorkKind))
def test_every_kind_of_work_can_be_woken(post: Post, kind: WorkKind) -> None:
    post.queue.put(message("one", kind))
    post.lose_the_jobs()
    post.let_time_pass()

    assert post.queue.revive() == 1
