"""Threads that ask while a call is under way are answered by the next one, all together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from tests.support.waiting import wait_until
from webhook.together import Together


class Held:
    """A call that doubles numbers, and can be held up; remembers what it was asked."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.began = Event()
        self.may_end = Event()

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.calls.append(list(items))
        self.began.set()
        assert self.may_end.wait(15)
        if 13 in items:
            raise ValueError("not thirteen")
        return [2 * item for item in items]


def test_who_is_alone_is_answered_at_once() -> None:
    held = Held()
    held.may_end.set()
    together = Together(held)

    assert [together(1), together(2)] == [2, 4]
    assert held.calls == [[1], [2]]


def test_who_comes_during_a_call_gets_an_own_answer_from_the_next() -> None:
    held = Held()
    together = Together(held)
    with ThreadPoolExecutor(5) as threads:
        first = threads.submit(together, 1)
        assert held.began.wait(15)
        others = [threads.submit(together, number) for number in (2, 3, 4)]
        wait_until(lambda: len(together) == len(others))
        held.may_end.set()

        assert [asked.result(15) for asked in (first, *others)] == [2, 4, 6, 8]
    assert [sorted(items) for items in held.calls] == [[1], [2, 3, 4]]


def test_a_call_that_fails_fails_for_those_who_were_in_it_alone() -> None:
    held = Held()
    together = Together(held)
    with ThreadPoolExecutor(5) as threads:
        first = threads.submit(together, 1)
        assert held.began.wait(15)
        others = [threads.submit(together, number) for number in (12, 13)]
        wait_until(lambda: len(together) == len(others))
        held.may_end.set()

        assert first.result(15) == 2
        for asked in others:
            with pytest.raises(ValueError, match="not thirteen"):
                asked.result(15)
    assert together(5) == 10
