"""What was taken too early is put back until its time comes."""

from datetime import UTC, datetime, timedelta

from tests.jobmon.queue.conftest import KEY, Post, message, names


def in_an_hour() -> datetime:
    return (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)


def test_what_is_postponed_waits_for_its_time_and_the_rest_is_done(post: Post) -> None:
    for name in ("one", "early", "three"):
        post.queue.put(message(name))
    lease, until = post.taken(), in_an_hour()

    post.queue.postpone(lease, ["early"], until=until)
    post.queue.done(lease)

    assert post.take() is None
    assert post.queue.pulse().oldest_undelivered_seconds is None
    due = post.client.zscore("jobmon:wake", f"deliver:{KEY}") or 0
    assert due / 1000 == until.timestamp()


def test_what_is_postponed_is_known_as_yet_to_come(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.put(message("later"), delay=timedelta(hours=2))
    lease = post.taken()
    assert [item.message_id for item in post.queue.to_come(lease)] == ["later"]
    until = in_an_hour()

    post.queue.postpone(lease, ["one"], until=until)

    assert {item.message_id: item.due_at for item in post.queue.to_come(lease)}["one"] == until


def test_what_is_postponed_comes_back_when_its_time_is_over(post: Post) -> None:
    post.queue.put(message("one"))
    lease = post.taken()
    post.queue.postpone(lease, ["one"], until=datetime.now(UTC) - timedelta(seconds=1))
    post.queue.done(lease)

    assert names(post.take()) == ["one"]
    assert not post.queue.dead_letters()


def test_who_lost_the_lease_postpones_nothing(post: Post) -> None:
    post.queue.put(message("one"))
    slow = post.taken()
    post.client.hset(f"jobmon:box:deliver:{KEY}", "token", "another's")

    post.queue.postpone(slow, ["one"], until=in_an_hour())

    assert not post.queue.to_come(slow)
