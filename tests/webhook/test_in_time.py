"""Whoever waits is answered in time, however slow a call is."""

import threading
from datetime import timedelta

import pytest

from webhook.in_time import THREADS, InTime, TooSlow


def test_an_answer_in_time_is_given() -> None:
    assert InTime(timedelta(seconds=5))(lambda: 7) == 7


@pytest.mark.parametrize("error", [ValueError, TimeoutError], ids=lambda item: item.__name__)
def test_an_error_in_time_is_raised(error: type[Exception]) -> None:
    def fails() -> None:
        raise error

    with pytest.raises(error):
        InTime(timedelta(seconds=5))(fails)


def test_a_slow_call_is_given_up_on_and_may_still_take_effect() -> None:
    free = threading.Event()
    with pytest.raises(TooSlow) as raised:
        InTime(timedelta(milliseconds=20))(free.wait)
    free.set()

    assert raised.value.began


def test_a_call_that_never_had_its_turn_takes_no_effect() -> None:
    free, done = threading.Event(), threading.Event()
    in_time = InTime(timedelta(milliseconds=20))
    for _ in range(THREADS):
        with pytest.raises(TooSlow):
            in_time(free.wait)
    with pytest.raises(TooSlow) as raised:
        in_time(done.set)
    free.set()
    InTime(timedelta(seconds=5))(lambda: None)

    assert not raised.value.began
    assert not done.is_set()
