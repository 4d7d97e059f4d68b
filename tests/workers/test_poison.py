"""Work that kills its workers is given up: counted, kept, and told elsewhere."""

from functools import partial

import pytest

from jobmon.ports.queue import Message, WorkKind
from jobmon.queue.timeouts import MAX_CRASHES
from tests.workers.office import Office, letters, state
from workers.poison import give_up_poison


def kill_its_workers(office: Office, kind: WorkKind, key: str) -> None:
    """As if each worker that took the mailbox had died of it."""
    give_up = partial(give_up_poison, office.services)
    for _ in range(MAX_CRASHES + 1):
        assert office.queue.take(kind, key)
        office.let_leases_end()
        office.queue.revive(give_up=give_up)


def dead_letters_counted(office: Office) -> dict[str, float]:
    """How many were counted, by kind of work."""
    counters = office.services.store.counters().items()
    return {dict(labels)["kind"]: n for (name, labels), n in counters if name == "dead_letters"}


def test_a_message_that_kills_its_workers_is_told_elsewhere_and_kept(office: Office) -> None:
    office.put(state(1))
    kill_its_workers(office, WorkKind.DELIVER, office.key())

    office.work()

    (mail,) = office.mailbox.messages
    assert "its worker died 6 times" in mail.message.as_string().replace("=\n", "")
    assert list(letters(office)) == ["d-1"]
    assert dead_letters_counted(office) == {"deliver": 1}


@pytest.mark.parametrize("kind", [WorkKind.DIAGNOSE, WorkKind.DELIVER], ids=str)
def test_what_nobody_can_read_is_kept_and_counted_all_the_same(
    office: Office, kind: WorkKind
) -> None:
    office.queue.put(Message(kind=kind, key="42-7", message_id="m-1", body=b'"?"'))

    kill_its_workers(office, kind, "42-7")

    assert list(letters(office)) == ["m-1"]
    assert dead_letters_counted(office) == {kind: 1}


def test_a_sweep_that_kills_its_workers_is_a_failed_sweep(office: Office) -> None:
    office.queue.put(Message(kind=WorkKind.SWEEP, key="default", message_id="s-1", body=b"{}"))

    kill_its_workers(office, WorkKind.SWEEP, "default")

    assert "died 6 times" in office.services.store.last_words()["sweep_error:default"]
    assert not letters(office)
