"""A mailbox: messages in order, one worker at a time, nothing forgotten."""

from datetime import timedelta

import pytest

from jobmon.ports.queue import Urgency, WorkKind
from tests.jobmon.queue.conftest import Post, message, names
from tests.support.waiting import wait_until


def test_messages_come_in_the_order_they_were_put(post: Post) -> None:
    for name in ("one", "two", "three"):
        assert post.queue.put(message(name))

    lease = post.taken()
    assert names(lease) == ["one", "two", "three"]
    assert [item.body for item in lease.messages] == [b'"one"', b'"two"', b'"three"']
    assert lease.attempt == 1


def test_messages_put_together_go_each_into_its_own_mailbox(post: Post) -> None:
    several = [message("one", key="42-7"), message("two", key="42-8"), message("one", key="42-7")]

    assert post.queue.put_all(several) == (True, True, False)

    assert names(post.take(key="42-7")) == ["one"]
    assert names(post.take(key="42-8")) == ["two"]
    assert post.jobs() == 2


def test_many_messages_wake_one_worker_once(post: Post) -> None:
    for name in ("one", "two", "three"):
        post.queue.put(message(name))

    assert post.jobs() == 1


def test_an_empty_mailbox_gives_no_lease_and_leaves_nothing(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.done(post.taken())

    assert post.take() is None
    assert not list(post.client.scan_iter("jobmon:box:*"))
    assert not list(post.client.scan_iter("jobmon:messages:*"))
    assert not post.client.exists("jobmon:wake")


def test_the_same_delivery_is_put_once_even_when_it_is_done_already(post: Post) -> None:
    assert post.queue.put(message("one"))
    post.queue.done(post.taken())

    assert not post.queue.put(message("one"))
    assert post.take() is None


def test_a_delivery_that_was_done_is_not_known_for_ever(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.done(post.taken())

    assert post.client.ttl("jobmon:seen:deliver:one") > 0


def test_different_events_of_one_run_wait_side_by_side(post: Post) -> None:
    for name in ("the run failed", "its task failed"):
        assert post.queue.put(message(name, WorkKind.DIAGNOSE))

    assert names(post.take(WorkKind.DIAGNOSE)) == ["the run failed", "its task failed"]


def test_an_event_is_known_for_as_long_as_it_waits(post: Post) -> None:
    event = message("failed", WorkKind.DIAGNOSE)

    assert post.queue.put(event)
    assert not post.queue.put(event)
    lease = post.taken(WorkKind.DIAGNOSE)
    assert names(lease) == ["failed"]


def test_a_run_that_fails_again_while_it_is_looked_at_is_looked_at_again(post: Post) -> None:
    event = message("failed", WorkKind.DIAGNOSE)
    post.queue.put(event)
    lease = post.taken(WorkKind.DIAGNOSE)

    assert post.queue.put(event)
    post.queue.done(lease)

    assert names(post.take(WorkKind.DIAGNOSE)) == ["failed"]


def test_a_message_that_comes_during_work_leads_to_another_wake(post: Post) -> None:
    post.queue.put(message("one"))
    lease = post.taken()
    post.lose_the_jobs()

    post.queue.put(message("two"))
    assert post.jobs() == 0
    post.queue.done(lease)

    assert post.jobs() == 1
    assert names(post.take()) == ["two"]


def test_later_gives_the_messages_back_when_the_time_has_come(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.later(post.taken(), delay=timedelta(milliseconds=60))
    post.queue.put(message("two"))

    assert post.take() is None
    assert wait_until(post.queue.revive) == 1
    lease = post.taken()
    assert names(lease) == ["one", "two"]
    assert lease.attempt == 2


def test_bulk_work_has_a_queue_of_its_own(post: Post) -> None:
    post.queue.put(message("one", WorkKind.SWEEP), urgency=Urgency.BULK)

    assert (post.jobs(), post.jobs("jobmon-bulk")) == (0, 1)


def test_a_key_that_could_name_something_else_is_refused(post: Post) -> None:
    with pytest.raises(Exception, match="cannot name a mailbox"):
        post.queue.put(message("one", key="a:b c"))
