"""What waits for its turn alone gives way to what comes later, and forgets what is done."""

from datetime import timedelta

from tests.jobmon.queue.conftest import Post, message, names
from tests.support.waiting import wait_until


def test_what_only_stands_in_line_is_looked_at_when_something_else_comes(post: Post) -> None:
    post.queue.put(message("one"))
    lease = post.taken()
    post.lose_the_jobs()
    post.queue.later(lease, delay=timedelta(hours=1), in_line=True)
    assert post.take() is None

    post.queue.put(message("two"))

    assert post.jobs() == 1
    assert names(post.take()) == ["one", "two"]


def test_what_stands_in_line_comes_by_itself_when_its_time_has_come(post: Post) -> None:
    post.queue.put(message("one"))
    wait = timedelta(milliseconds=60)
    post.queue.later(post.taken(), delay=wait, in_line=True)
    post.queue.put(message("late"), delay=timedelta(hours=1))

    assert post.take() is None
    assert wait_until(post.queue.revive) == 1
    assert names(post.taken()) == ["one"]


def test_what_is_done_can_leave_a_lease_that_goes_on(post: Post) -> None:
    for name in ("one", "two", "three"):
        post.queue.put(message(name))
    lease = post.taken()
    post.queue.drop(lease, ["one", "three"])
    post.queue.later(lease, delay=timedelta(0))
    post.queue.revive()

    assert names(post.taken()) == ["two"]
