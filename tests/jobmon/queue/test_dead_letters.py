"""What was given up on is kept with its reason, and can be tried again."""

from datetime import timedelta

import pytest

from jobmon.ports.queue import WorkKind
from tests.jobmon.queue.conftest import Post, message, names


def test_a_buried_mailbox_is_empty_and_its_messages_are_kept_with_the_reason(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.put(message("two"))
    post.queue.bury(post.taken(), reason="the channel is archived")

    assert post.take() is None
    letters = post.queue.dead_letters()
    assert {item.message.message_id for item in letters} == {"one", "two"}
    assert {item.reason for item in letters} == {"the channel is archived"}
    assert {item.attempts for item in letters} == {1}


def test_one_message_dies_and_the_lease_goes_on_with_the_others(post: Post) -> None:
    for name in ("one", "bad", "three"):
        post.queue.put(message(name))
    lease = post.taken()

    post.queue.bury(lease, reason="refused", message_ids=["bad"])

    assert post.queue.renew(lease)
    post.queue.put(message("four"))
    post.let_time_pass()
    post.queue.revive()
    assert names(post.take()) == ["one", "three", "four"]
    assert [item.message.message_id for item in post.queue.dead_letters()] == ["bad"]


def test_what_was_done_in_a_lease_is_no_dead_letter_with_the_rest(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.put(message("two"))
    lease = post.taken()
    post.queue.drop(lease, ["one"])

    post.queue.bury(lease, reason="tried for a day")

    assert [item.message.message_id for item in post.queue.dead_letters()] == ["two"]


def test_a_lease_of_which_everything_was_done_leaves_no_dead_letters(post: Post) -> None:
    post.queue.put(message("one"))
    lease = post.taken()
    post.queue.put(message("two"))
    post.queue.drop(lease, ["one"])

    post.queue.bury(lease, reason="tried for a day")

    assert not post.queue.dead_letters()
    assert names(post.take()) == ["two"]


def test_a_message_put_again_is_not_dropped_by_a_lease_that_is_done_with_it(post: Post) -> None:
    event = message("failed", WorkKind.DIAGNOSE)
    post.queue.put(event)
    lease = post.taken(WorkKind.DIAGNOSE)
    post.queue.drop(lease, ["failed"])
    post.queue.put(event)

    post.queue.drop(lease, ["failed"])
    post.queue.done(lease)

    assert names(post.take(WorkKind.DIAGNOSE)) == ["failed"]


def test_done_after_a_single_burial_drops_only_its_own(post: Post) -> None:
    post.queue.put(message("bad"))
    post.queue.put(message("two"))
    lease = post.taken()
    post.queue.put(message("three"))
    post.queue.bury(lease, reason="refused", message_ids=["bad"])

    post.queue.done(lease)

    assert names(post.take()) == ["three"]


def test_a_message_whose_body_looks_like_another_is_not_mistaken_for_it(post: Post) -> None:
    post.queue.put(message('x"id":"bad",'))
    post.queue.put(message("bad"))
    lease = post.taken()

    post.queue.bury(lease, reason="refused", message_ids=["bad"])
    post.let_time_pass()
    post.queue.revive()

    assert names(post.take()) == ['x"id":"bad",']


def test_the_same_message_buried_twice_is_one_letter(post: Post) -> None:
    post.queue.put(message("one"))
    lease = post.taken()
    post.queue.bury(lease, reason="first", message_ids=["one"])
    post.queue.bury(lease, reason="second")

    assert len(post.queue.dead_letters()) == 1
    assert post.queue.pulse().dead_letters == 1


def test_a_replayed_letter_is_back_in_its_mailbox(post: Post) -> None:
    post.queue.put(message("one"))
    post.queue.bury(post.taken(), reason="no token")
    (letter,) = post.queue.dead_letters()

    assert post.queue.replay(letter.letter_id)

    assert names(post.take()) == ["one"]
    assert not post.queue.dead_letters()
    assert not post.queue.replay(letter.letter_id)


@pytest.mark.parametrize(
    ("kind", "kept"), [(WorkKind.DELIVER, timedelta(days=90)), (WorkKind.ACT, timedelta(days=1))]
)
def test_what_people_asked_for_is_kept_for_a_day_and_the_rest_for_ninety(
    post: Post, kind: WorkKind, kept: timedelta
) -> None:
    post.queue.put(message("one", kind))
    post.queue.bury(post.taken(kind), reason="a defect")

    kinds = [*post.client.scan_iter("jobmon:letter:*"), *post.client.scan_iter("jobmon:dead*")]
    assert len(kinds) == 2
    assert {round(post.client.ttl(key) / 60) for key in kinds} == {kept / timedelta(minutes=1)}


def test_letters_of_both_kinds_are_one_list_newest_first(post: Post) -> None:
    for name, kind in (("a", WorkKind.ACT), ("b", WorkKind.DELIVER), ("c", WorkKind.ACT)):
        post.queue.put(message(name, kind))
        post.queue.bury(post.taken(kind), reason="a defect")

    shown = [letter.message.message_id for letter in post.queue.dead_letters()]
    assert shown == ["c", "b", "a"]
    assert [letter.message.message_id for letter in post.queue.dead_letters(limit=2)] == ["c", "b"]
    assert post.queue.pulse().dead_letters == 3


def test_letters_whose_time_is_over_are_not_counted(post: Post) -> None:
    for name in ("old", "new"):
        post.queue.put(message(name, WorkKind.ACT))
        post.queue.bury(post.taken(WorkKind.ACT), reason="a defect")
    _, old = post.queue.dead_letters()
    post.client.delete(f"jobmon:letter:{old.letter_id}")
    yesterday = (old.died_at - timedelta(days=1)).timestamp()
    post.client.zadd("jobmon:dead:act", {old.letter_id: yesterday})

    assert post.queue.pulse().dead_letters == 1
    assert len(post.queue.dead_letters()) == 1
