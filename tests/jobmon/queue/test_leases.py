"""A lease is held by one worker, and what it writes is written whole or not at all."""

from datetime import timedelta
from typing import cast

import pytest

from jobmon.ports.queue import LeaseLost, Transaction, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from tests.jobmon.queue.conftest import KEY, Post, message, names
from tests.support.waiting import wait_until


def test_a_leased_mailbox_cannot_be_taken_by_another(post: Post) -> None:
    post.queue.put(message("one"))
    post.taken()

    assert post.take() is None


def test_a_lease_tells_since_when_it_is_tried(post: Post) -> None:
    post.queue.put(message("one"))
    first = post.taken()
    post.queue.later(first, delay=timedelta(0))
    post.queue.revive()

    assert post.taken().began_at == first.began_at


def test_a_lease_that_ran_out_is_lost_for_good(post: Post, hasty: RqJobQueue) -> None:
    post.queue.put(message("one"))
    slow = hasty.take(WorkKind.DELIVER, KEY)
    assert slow is not None
    wait_until(post.queue.revive)
    fast = post.taken()

    assert not post.queue.renew(slow)
    with pytest.raises(LeaseLost):
        post.queue.hold(slow)
    post.queue.done(slow)
    assert post.queue.renew(fast)
    assert names(fast) == ["one"]


def test_a_lost_lease_writes_nothing_in_a_transaction(post: Post, hasty: RqJobQueue) -> None:
    post.queue.put(message("one"))
    slow = hasty.take(WorkKind.DELIVER, KEY)
    assert slow is not None
    wait_until(post.queue.revive)
    post.taken()

    pipe = post.client.pipeline(transaction=True)
    with pytest.raises(LeaseLost):
        post.queue.done(slow, tx=cast("Transaction", pipe))
    with pytest.raises(LeaseLost):
        post.queue.bury(slow, reason="no")
    assert not post.queue.dead_letters()


def test_done_and_its_effects_happen_together(post: Post) -> None:
    post.queue.put(message("one"))
    lease = post.taken()
    pipe = post.client.pipeline(transaction=True)
    post.queue.put(message("told", key="other"), tx=cast("Transaction", pipe))
    post.queue.done(lease, tx=cast("Transaction", pipe))
    assert post.take(key="other") is None

    pipe.execute()

    assert names(post.take(key="other")) == ["told"]
    assert post.take() is None


def test_a_take_repeated_by_the_client_gives_the_same_lease(post: Post) -> None:
    """The connection broke before the answer came: the client sends the command again."""
    post.queue.put(message("one"))
    keys = [f"jobmon:box:deliver:{KEY}", f"jobmon:messages:deliver:{KEY}", "jobmon:wake", "w"]
    arguments: list[str | int] = [f"deliver:{KEY}", "token", 20_000, 500]

    first = post.queue._take(keys=keys, args=arguments)
    again = post.queue._take(keys=keys, args=arguments)

    assert first == again
    assert first[2]
