"""Work that kills its workers is given up: counted, kept, and told elsewhere."""

from contextlib import suppress
from functools import partial

import pytest
import redis.exceptions

from jobmon.ports.queue import Message, WorkKind
from jobmon.queue.timeouts import MAX_CRASHES
from tests.support.digests import email_destination
from tests.workers.office import CHANNEL, Office, breaks_on, letters, note, state
from workers.poison import give_up_poison
from workers.services import install


def kill_its_workers(office: Office, kind: WorkKind, key: str) -> None:
    """As if each worker that took the mailbox had died of it."""
    give_up = partial(give_up_poison, office.services)
    for _ in range(MAX_CRASHES + 1):
        office.queue.take(kind, key)
        office.let_leases_end()
        office.queue.revive(give_up=give_up)


def kill_its_worker_at(office: Office, delivery_id: str) -> None:
    """As if the worker had died when it came to this delivery, after those before it."""
    breaks_on(office, delivery_id, redis.exceptions.ConnectionError())
    with suppress(redis.exceptions.ConnectionError):
        office.work()
    install(office.services)


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


def test_what_had_arrived_when_its_mailbox_killed_its_workers_is_told_nowhere_else(
    office: Office,
) -> None:
    office.put(state(1), note(1))
    kill_its_worker_at(office, "n-1")
    kill_its_workers(office, WorkKind.DELIVER, office.key())

    office.work()

    assert len(office.texts()) == 1
    assert not office.mailbox.messages
    assert set(letters(office)) == {"n-1"}


def test_a_newer_state_that_the_message_does_not_show_yet_is_told_elsewhere(
    office: Office,
) -> None:
    office.put(state(1))
    office.work()
    office.put(state(2))
    kill_its_workers(office, WorkKind.DELIVER, office.key())

    office.work()

    assert len(office.mailbox.messages) == 1
    assert set(letters(office)) == {"d-2"}


def test_of_mails_too_only_those_that_were_not_sent_are_told_elsewhere(office: Office) -> None:
    office.put(state(1, email_destination()), state(2, email_destination()))
    kill_its_worker_at(office, "d-2")
    kill_its_workers(office, WorkKind.DELIVER, office.key())

    office.work()

    (told,) = office.slack.messages(CHANNEL)
    assert "state 2" in str(told.blocks)
    assert set(letters(office)) == {"d-2"}


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
