"""A message that is delayed comes at its time, and holds up nothing that is due."""

from datetime import timedelta

import pytest

from jobmon.queue.leases import MOST_AT_ONCE
from tests.jobmon.queue.conftest import Post, message, names
from tests.support.waiting import wait_until

LONG = timedelta(hours=10)


def hold(post: Post, *, many: int) -> None:
    """Put messages as quiet hours do."""
    for number in range(many):
        post.queue.put(message(f"held-{number}"), delay=LONG)


def test_a_delayed_message_waits_for_its_time(post: Post) -> None:
    post.queue.put(message("one"), delay=timedelta(milliseconds=80))

    assert post.jobs() == 0
    assert post.queue.revive() == 0
    assert wait_until(post.queue.revive) == 1
    assert names(post.take()) == ["one"]


def test_a_delayed_message_does_not_come_early_with_another(post: Post) -> None:
    post.queue.put(message("morning"), delay=timedelta(hours=1))
    post.queue.put(message("now"))

    lease = post.taken()
    assert names(lease) == ["now"]
    post.queue.done(lease)
    post.let_time_pass()
    post.queue.revive()
    assert post.take() is None, "an hour is not over"
    assert post.queue.pulse().mailboxes == 1


def test_a_delayed_message_put_during_work_is_kept(post: Post) -> None:
    post.queue.put(message("one"))
    lease = post.taken()
    post.queue.put(message("again"), delay=timedelta(milliseconds=50))
    post.lose_the_jobs()
    post.queue.done(lease)

    # Woken by the end of the work if its time has come by then, by the keeper otherwise.
    wait_until(lambda: post.queue.revive() or post.jobs())
    assert names(post.take()) == ["again"]


@pytest.mark.parametrize("many", [99, 100, MOST_AT_ONCE, MOST_AT_ONCE + 1])
def test_a_due_message_is_taken_from_behind_any_number_of_delayed_ones(
    post: Post, many: int
) -> None:
    hold(post, many=many)
    post.queue.put(message("now"))

    assert names(post.take()) == ["now"]


@pytest.mark.parametrize("many", [99, 100, MOST_AT_ONCE, MOST_AT_ONCE + 1])
def test_a_message_put_during_work_is_not_held_up_by_any_number_of_delayed_ones(
    post: Post, many: int
) -> None:
    hold(post, many=many)
    post.queue.put(message("one"))
    lease = post.taken()
    post.queue.put(message("two"))
    post.lose_the_jobs()

    post.queue.done(lease)

    assert post.jobs() == 1
    assert names(post.take()) == ["two"]


def test_the_soonest_of_very_many_delayed_messages_is_woken_for(post: Post) -> None:
    hold(post, many=MOST_AT_ONCE)
    post.queue.put(message("one"))
    lease = post.taken()
    post.queue.put(message("soon"), delay=timedelta(milliseconds=50))
    post.lose_the_jobs()
    post.queue.done(lease)

    wait_until(lambda: post.queue.revive() or post.jobs())
    assert names(post.take()) == ["soon"]


def test_very_many_due_messages_come_in_order_and_none_of_the_delayed_ones(post: Post) -> None:
    due = [f"due-{number}" for number in range(MOST_AT_ONCE + 1)]
    hold(post, many=1)
    post.queue.put_all([message(name) for name in due])
    hold(post, many=3)

    first = post.taken()
    post.queue.done(first)
    second = post.taken()
    post.queue.done(second)

    assert [*names(first), *names(second)] == due
    assert post.take() is None


def test_delayed_messages_that_stood_between_due_ones_come_in_their_order(post: Post) -> None:
    for number in (1, 2, 3):
        post.queue.put(message(f"held-{number}"), delay=LONG)
        post.queue.put(message(f"due-{number}"))
    lease = post.taken()
    assert names(lease) == ["due-1", "due-2", "due-3"]
    post.queue.done(lease)

    post.let_delays_pass()

    assert names(post.take()) == ["held-1", "held-2", "held-3"]
