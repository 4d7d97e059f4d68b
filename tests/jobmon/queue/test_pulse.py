"""How the queue is doing, however much waits in it."""

import time
from datetime import timedelta

from jobmon.ports.queue import WorkKind
from jobmon.redis_answers import text_of
from tests.jobmon.queue.conftest import KEY, Post, message

HOUR = 3600


def grow_old(post: Post, *, index: int = 0, kind: WorkKind = WorkKind.DELIVER) -> None:
    """As if a message of the mailbox had been put an hour ago."""
    mailbox = f"jobmon:messages:{kind}:{KEY}"
    stored = post.client.lindex(mailbox, index)
    assert stored is not None
    due = round((time.time() - HOUR) * 1000)
    post.client.lset(mailbox, index, f"{due} " + text_of(stored).split(" ", 1)[1])


def test_the_pulse_tells_what_waits_and_for_how_long(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.put(message("two", WorkKind.DIAGNOSE))
    post.queue.say_keeper_lives()

    pulse = post.queue.pulse()

    assert (pulse.mailboxes, pulse.keeper, pulse.dead_letters) == (2, True, 0)
    assert not any(pulse.workers.values())
    assert pulse.oldest_undelivered_seconds is not None
    assert 0 <= pulse.oldest_undelivered_seconds < 5


def test_what_waits_to_be_told_is_seen_behind_a_backlog_that_is_looked_at_sooner(
    post: Post,
) -> None:
    post.queue.put(message("untold"))
    grow_old(post)
    post.queue.later(post.taken(), delay=timedelta(minutes=2))
    for number in range(220):
        follow_up = message("look", WorkKind.DIAGNOSE, key=f"42-{number}")
        post.queue.put(follow_up, delay=timedelta(minutes=1))

    pulse = post.queue.pulse()

    assert pulse.mailboxes == 221
    assert pulse.oldest_undelivered_seconds is not None
    assert pulse.oldest_undelivered_seconds >= HOUR
    assert pulse.oldest_waiting_seconds == pulse.oldest_undelivered_seconds


def test_work_that_waits_is_not_taken_for_a_message_that_does(post: Post) -> None:
    post.queue.put(message("run", WorkKind.DIAGNOSE))

    pulse = post.queue.pulse()

    assert pulse.oldest_waiting_seconds is not None
    assert pulse.oldest_undelivered_seconds is None


def test_a_message_is_seen_to_wait_behind_one_that_is_held_back(post: Post) -> None:
    post.queue.put(message("morning"), delay=timedelta(hours=10))
    assert post.queue.pulse().oldest_undelivered_seconds is None

    post.queue.put(message("now"))

    assert post.queue.pulse().oldest_undelivered_seconds is not None


def test_what_is_done_waits_no_more(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.put(message("morning"), delay=timedelta(hours=10))
    post.queue.done(post.taken())

    assert post.queue.pulse().oldest_waiting_seconds is None


def test_what_was_sent_is_not_counted_with_what_has_to_wait(post: Post) -> None:
    post.queue.put(message("old"))
    grow_old(post)
    post.queue.put(message("young"))
    lease = post.taken()
    assert (post.queue.pulse().oldest_undelivered_seconds or 0) >= HOUR

    post.queue.drop(lease, ["old"])
    post.queue.later(lease, delay=timedelta(minutes=2))

    undelivered = post.queue.pulse().oldest_undelivered_seconds
    assert undelivered is not None
    assert undelivered < HOUR


def test_what_came_during_work_waits_when_the_work_is_done(post: Post) -> None:
    post.queue.put(message("one"))
    lease = post.taken()
    post.queue.put(message("two"))
    post.queue.done(lease)

    assert post.queue.pulse().oldest_undelivered_seconds is not None


def test_what_is_given_up_is_a_dead_letter_and_waits_no_more(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.bury(post.taken(), reason="the channel is archived")
    (letter,) = post.queue.dead_letters()
    assert post.queue.pulse().oldest_undelivered_seconds is None
    assert post.queue.pulse().dead_letters == 1

    post.queue.replay(letter.letter_id)

    assert post.queue.pulse().oldest_undelivered_seconds is not None


def test_a_mailbox_of_an_older_version_is_seen_when_the_keeper_looks_at_it(post: Post) -> None:
    post.queue.put(message("one"))
    post.client.delete(*post.client.scan_iter("jobmon:since:*"))
    post.let_time_pass()
    post.queue.revive()

    assert post.queue.pulse().oldest_undelivered_seconds is not None


def test_mailboxes_that_an_older_version_emptied_are_forgotten(post: Post) -> None:
    post.queue.put(message("one"))
    gone = {f"deliver:gone-{number}": 0.0 for number in range(20)}
    post.client.zadd("jobmon:since:deliver", gone)

    assert (post.queue.pulse().oldest_undelivered_seconds or 0) < HOUR
    assert post.client.zcard("jobmon:since:deliver") == 1


def test_nothing_is_left_of_mailboxes_that_are_empty(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.put(message("two", WorkKind.DIAGNOSE))
    post.queue.done(post.taken())
    post.client.delete(f"jobmon:messages:diagnose:{KEY}")
    post.let_time_pass()
    post.queue.revive()

    assert not list(post.client.scan_iter("jobmon:since:*"))
