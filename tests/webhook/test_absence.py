"""Who has just not answered is not asked again for a while, but by whoever looks after it."""

import pytest
import redis.exceptions

from webhook.absence import AWAY_SECONDS, Absence


class Server:
    """Answers or does not; counts how often it was asked. The time is what it says."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.asked = 0
        self.now = 1000.0

    def __call__(self) -> str:
        self.asked += 1
        if self.error:
            raise self.error
        return "answer"


def known_to_be_away(server: Server) -> Absence:
    absence = Absence(clock=lambda: server.now)
    with pytest.raises(redis.exceptions.TimeoutError):
        absence.ask(server)
    return absence


def test_who_answers_is_asked_each_time() -> None:
    server = Server()
    absence = Absence(clock=lambda: server.now)

    assert [absence.ask(server), absence.ask(server)] == ["answer", "answer"]
    assert server.asked == 2


def test_who_did_not_answer_is_not_asked_for_a_while() -> None:
    server = Server(redis.exceptions.TimeoutError())
    absence = known_to_be_away(server)
    server.error = None

    server.now += AWAY_SECONDS - 1
    with pytest.raises(redis.exceptions.ConnectionError, match="just not answered"):
        absence.ask(server)
    assert server.asked == 1

    server.now += 1
    assert absence.ask(server) == "answer"


def test_a_look_that_is_answered_ends_it_for_all() -> None:
    server = Server(redis.exceptions.TimeoutError())
    absence = known_to_be_away(server)
    server.error = None

    absence.look(server)

    assert absence.ask(server) == "answer"


def test_a_look_that_is_not_answered_prolongs_it() -> None:
    server = Server(redis.exceptions.TimeoutError())
    absence = known_to_be_away(server)

    server.now += AWAY_SECONDS - 1
    with pytest.raises(redis.exceptions.TimeoutError):
        absence.look(server)
    server.now += AWAY_SECONDS - 1
    with pytest.raises(redis.exceptions.ConnectionError, match="just not answered"):
        absence.ask(server)


def test_a_refusal_is_an_answer() -> None:
    server = Server(redis.exceptions.ResponseError("OOM"))
    absence = Absence(clock=lambda: server.now)

    for _ in range(2):
        with pytest.raises(redis.exceptions.ResponseError):
            absence.ask(server)
    assert server.asked == 2
