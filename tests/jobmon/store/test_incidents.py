"""Incidents are changed whole or not at all."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jobmon.errors import DestinationError, TransientError
from jobmon.incident import IncidentState
from jobmon.ports.queue import Transaction
from jobmon.run import WorkspaceId
from jobmon.store.client import Client, Profile, connect
from jobmon.store.redis_store import RedisStore
from tests.support.digests import (
    NOW,
    a_digest,
    an_incident,
)

WORKSPACE = WorkspaceId(42)


def save(store: RedisStore, **changes: Any) -> None:
    """Save the incident with some changes."""
    incident = replace(an_incident(), **changes)
    store.transact([], lambda tx: store.save_incident(tx, incident))


def test_an_incident_comes_back_as_it_was(store: RedisStore) -> None:
    save(store)

    assert store.current_incident(WORKSPACE, "7") == an_incident()
    assert store.incident(an_incident().incident_id) == an_incident()
    assert store.incidents() == (an_incident(),)


def test_a_digest_comes_back_as_it_was(store: RedisStore) -> None:
    store.transact([], lambda tx: store.save_digest(tx, a_digest()))

    assert store.digest(an_incident().incident_id) == a_digest()


def test_each_incident_is_listed_with_its_digest_or_without_one(store: RedisStore) -> None:
    digest = a_digest()
    store.transact([], lambda tx: store.save_digest(tx, digest))
    other = replace(an_incident(), incident_id="inc-other")

    found = store.with_digests([digest.incident, other])

    assert found == ((digest.incident, digest), (other, None))


def test_an_incident_of_another_version_is_read(store: RedisStore, client: Client) -> None:
    """An upgrade adds fields, and a downgrade meets fields that it does not know."""
    save(store)
    key = store.incident_key(WORKSPACE, "7")
    fields = json.loads(client.get(key) or b"{}")
    del fields["regressions"]
    client.set(key, json.dumps({**fields, "mood": "from the future"}))

    assert store.current_incident(WORKSPACE, "7") == replace(an_incident(), regressions=0)


def test_a_resolved_incident_is_not_among_the_open_ones(store: RedisStore) -> None:
    save(store)
    save(store, state=IncidentState.RESOLVED)

    assert not store.incidents()
    assert len(store.incidents(open_only=False)) == 1


def test_the_id_of_a_past_incident_does_not_give_its_successor(store: RedisStore) -> None:
    save(store)
    save(store, incident_id="inc-next")

    assert store.incident(an_incident().incident_id) is None


def test_two_changes_of_one_incident_at_once_both_count(
    store: RedisStore, client: Client, redis_url: str
) -> None:
    save(store, failure_count=0)
    start = threading.Barrier(4)

    def count_up() -> None:
        mine = RedisStore(connect(redis_url, Profile.WORKER))

        def body(tx: Transaction) -> None:
            before = mine.current_incident(WORKSPACE, "7")
            assert before is not None
            mine.save_incident(tx, replace(before, failure_count=before.failure_count + 1))

        start.wait()
        for _ in range(5):
            mine.transact([mine.incident_key(WORKSPACE, "7")], body)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    now = store.current_incident(WORKSPACE, "7")
    assert now is not None
    assert now.failure_count == 20


def test_a_change_that_is_always_overtaken_is_put_off(store: RedisStore, client: Client) -> None:
    key = store.incident_key(WORKSPACE, "7")

    def body(tx: Transaction) -> None:
        client.incr(key)
        store.save_incident(tx, an_incident())

    with pytest.raises(TransientError, match="trying again later"):
        store.transact([key], body)


def test_nothing_is_written_when_the_body_fails(store: RedisStore) -> None:
    def body(tx: Transaction) -> None:
        store.save_incident(tx, an_incident())
        raise DestinationError("no")

    with pytest.raises(DestinationError):
        store.transact([], body)
    assert store.current_incident(WORKSPACE, "7") is None


def test_the_lists_of_incidents_forget_what_is_older_than_ninety_days(
    store: RedisStore, client: Client
) -> None:
    save(store, job_key="old", updated_at=NOW - timedelta(days=91))
    save(store)

    assert client.zcard("jobmon:incidents:open") == 1
    assert client.zcard("jobmon:incidents:all") == 1


def test_an_incident_is_found_by_its_jobs_name_however_many_changed_since(
    store: RedisStore,
) -> None:
    save(store, incident_id="inc-old", job_key="7", job_name="Nightly Orders")
    for number in range(600):
        save(store, incident_id=f"inc-{number}", job_key=f"9{number}", job_name="x")

    (found,) = store.incidents_named("nightly orders")
    assert found.incident_id == "inc-old"
    assert not store.incidents_named("nightly")


def test_a_renamed_job_is_found_by_its_new_name_alone(store: RedisStore) -> None:
    save(store, job_name="before")
    save(store, job_name="after", version=2)

    assert not store.incidents_named("before")
    assert len(store.incidents_named("after")) == 1
