"""A transaction is applied as a whole, also by a server that was started anew in the middle."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from redis.client import Pipeline
from redis.exceptions import WatchError

from jobmon.embedded import EmbeddedServer
from jobmon.ports.queue import Message, Transaction, WorkKind
from jobmon.queue.mailboxes import RqJobQueue
from jobmon.store.client import Profile, connect
from jobmon.store.redis_store import RedisStore

MESSAGE = Message(kind=WorkKind.DELIVER, key="inc-1", message_id="one", body=b"{}")


class House:
    """A store and a queue on a server that can be started anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.server = EmbeddedServer(folder)
        self.server.start()
        client = connect(self.server.url, Profile.WORKER)
        self.queue, self.store = RqJobQueue(client), RedisStore(client)

    def start_anew(self) -> None:
        self.server.stop()
        self.server = EmbeddedServer(self._folder)
        self.server.start()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.server.stop()


@pytest.fixture
def restart_in_the_middle(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, between the client's look which scripts the server knows and the transaction."""
    load = Pipeline.load_scripts

    def load_and_restart(pipe: Pipeline) -> None:
        load(pipe)  # type: ignore[no-untyped-call]
        monkeypatch.undo()
        house.start_anew()

    monkeypatch.setattr(Pipeline, "load_scripts", load_and_restart)


@pytest.mark.usefixtures("restart_in_the_middle")
def test_a_note_and_a_message_are_kept_together(house: House) -> None:
    def body(tx: Transaction) -> None:
        house.store.note("receipt", b"sent", ttl=timedelta(hours=1), tx=tx)
        house.queue.put(MESSAGE, tx=tx)

    house.store.transact([], body)

    assert house.store.noted("receipt") == b"sent"
    assert house.queue.has_work(MESSAGE.kind, MESSAGE.key)


def test_a_dead_letter_is_not_lost_by_its_replay(
    house: House, request: pytest.FixtureRequest
) -> None:
    house.queue.put(MESSAGE)
    lease = house.queue.take(MESSAGE.kind, MESSAGE.key)
    assert lease is not None
    house.queue.bury(lease, reason="no token")
    (letter,) = house.queue.dead_letters()

    request.getfixturevalue("restart_in_the_middle")
    with pytest.raises(WatchError):
        house.queue.replay(letter.letter_id)

    assert house.queue.dead_letters() == (letter,)
