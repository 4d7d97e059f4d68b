"""What is remembered: whole, once, and in bounded memory."""

import json
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from jobmon.action import Action, ActionKind, ActionOutcome, Actor
from jobmon.digest import Receipt
from jobmon.errors import DestinationError, TransientError
from jobmon.incident import IncidentState
from jobmon.ports.queue import Transaction
from jobmon.ports.store import ClaimState
from jobmon.run import RunId, WorkspaceId
from jobmon.store import history
from jobmon.store.client import Client, Profile, connect
from jobmon.store.counters import AUDIT_KEPT
from jobmon.store.redis_store import RedisStore
from tests.support.digests import (
    NOW,
    a_delivery,
    a_digest,
    a_receipt,
    a_run,
    an_incident,
    slack_destination,
)

WORKSPACE = WorkspaceId(42)
BOUNDED = {b"jobmon:counters", b"jobmon:last", b"jobmon:audit"}
"""One each: bounded by their number of labels, or trimmed."""


@pytest.fixture
def store(client: Client) -> RedisStore:
    return RedisStore(client)


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


def test_a_claim_goes_once_then_it_is_doubtful_then_sent(store: RedisStore) -> None:
    delivery = a_delivery()
    first = store.claim(delivery.delivery_id, owner="a", now=NOW)
    second = store.claim(delivery.delivery_id, owner="b", now=NOW + timedelta(minutes=1))
    receipt = a_receipt(delivery)
    store.transact([], lambda tx: _record(store, tx, receipt))
    third = store.claim(delivery.delivery_id, owner="c", now=NOW)

    assert first.state is ClaimState.GO
    assert second.state is ClaimState.DOUBTFUL
    assert second.since == NOW, "a look-up starts where the first attempt began"
    assert third.state is ClaimState.SENT
    assert third.receipt == receipt


def _record(store: RedisStore, tx: Transaction, receipt: Receipt) -> None:
    store.record_receipt(
        tx, incident_id=an_incident().incident_id, delivery=a_delivery(), receipt=receipt
    )


def test_a_released_claim_can_be_made_again(store: RedisStore) -> None:
    store.claim("d-1", owner="a", now=NOW)
    store.release("d-1")

    assert store.claim("d-1", owner="b", now=NOW).state is ClaimState.GO


def test_the_root_receipt_is_kept_until_it_is_forgotten(store: RedisStore) -> None:
    incident_id, receipt = an_incident().incident_id, a_receipt(a_delivery())
    store.transact([], lambda tx: _record(store, tx, receipt))
    assert store.root_receipt(incident_id, slack_destination()) == receipt
    assert store.root_receipt(incident_id, slack_destination("C0OTHER0000")) is None

    store.transact([], lambda tx: store.forget_root(tx, incident_id, slack_destination()))

    assert store.root_receipt(incident_id, slack_destination()) is None


def sight(store: RedisStore, fingerprint: str, *, run: int, at: datetime = NOW) -> None:
    """See a cause in a run."""
    store.transact(
        [],
        lambda tx: store.record_sighting(
            tx,
            workspace_id=WORKSPACE,
            job_key="7",
            fingerprint=fingerprint,
            run_id=RunId(run),
            at=at,
        ),
    )


def test_a_cause_is_counted_once_for_each_run(store: RedisStore) -> None:
    for run in (1, 1, 2):
        sight(store, "f1", run=run)

    seen = store.sighting(workspace_id=WORKSPACE, job_key="7", fingerprint="f1")
    assert seen is not None
    assert (seen.runs, seen.first_seen, seen.last_seen) == (2, NOW, NOW)
    assert store.jobs_with("f1", since=NOW) == (("42", "7"),)
    assert not store.jobs_with("f1", since=NOW + timedelta(seconds=1))


def test_of_very_many_causes_the_latest_are_kept(store: RedisStore, client: Client) -> None:
    most = history.CAUSES_KEPT
    for number in range(most + 20):
        sight(store, f"f{number}", run=number, at=NOW + timedelta(seconds=number))

    assert store.sighting(workspace_id=WORKSPACE, job_key="7", fingerprint="f0") is None
    assert client.zcard("jobmon:causes:42:7") == most
    assert len(list(client.scan_iter("jobmon:cause:*", count=1000))) == most


def test_cures_are_counted_by_how(store: RedisStore) -> None:
    sight(store, "f1", run=1)
    for how in ("repair", "repair", "next run"):
        store.transact(
            [],
            lambda tx, how=how: store.record_cure(  # type: ignore[misc]
                tx, workspace_id=WORKSPACE, job_key="7", fingerprint="f1", how=how
            ),
        )

    seen = store.sighting(workspace_id=WORKSPACE, job_key="7", fingerprint="f1")
    assert seen is not None
    assert seen.cured_by == (("next run", 1), ("repair", 2))


def test_a_run_is_known_by_its_attempts(store: RedisStore) -> None:
    run = a_run()
    store.transact([], lambda tx: store.remember_run(tx, run, told=True))

    assert store.knows_run(run.workspace_id, run.run_id, run.attempts_key)
    assert not store.knows_run(run.workspace_id, run.run_id, "another attempt")
    assert store.seen_end(run.workspace_id, run.run_id) == run.ended_at


def test_counters_add_up_over_clients(store: RedisStore, redis_url: str) -> None:
    other = RedisStore(connect(redis_url, Profile.WEB))
    store.count("deliveries", outcome="delivered")
    other.count("deliveries", 2, outcome="delivered")
    other.note_webhook("accepted", NOW)

    assert store.counters() == {
        ("deliveries", (("outcome", "delivered"),)): 3,
        ("events", (("outcome", "accepted"),)): 1,
    }
    assert store.last_words() == {"webhook": NOW.isoformat()}


def test_a_counter_that_cannot_be_raised_fails_nobody() -> None:
    RedisStore(connect("redis://127.0.0.1:9/0", Profile.WEB)).count("deliveries")


def test_a_name_is_claimed_once_for_a_while(store: RedisStore, client: Client) -> None:
    assert store.remember_once("rerun", ttl=timedelta(minutes=5), value="ana") is None
    assert store.remember_once("rerun", ttl=timedelta(minutes=5), value="ben") == "ana"
    assert 0 < client.ttl("jobmon:once:rerun") <= 300


def test_the_watermark_is_where_the_sweep_left_it(store: RedisStore) -> None:
    assert store.watermark(WORKSPACE) is None
    store.set_watermark(WORKSPACE, NOW)

    assert store.watermark(WORKSPACE) == NOW


def test_the_audit_trail_is_trimmed(store: RedisStore, client: Client) -> None:
    client.rpush("jobmon:audit", *["{}"] * (AUDIT_KEPT + 5))
    outcome = _outcome()
    store.transact([], lambda tx: store.record_audit(tx, outcome))

    assert client.llen("jobmon:audit") == AUDIT_KEPT
    assert store.audit(limit=1) == (outcome,)


def _outcome() -> ActionOutcome:
    action = Action(
        action_id="a-1", kind=ActionKind.RERUN, actor=Actor(user_id="U0ANA00001"), asked_at=NOW
    )
    return ActionOutcome(action=action, done=True, text="done", at=NOW)


def test_everything_has_an_end_or_a_bound(store: RedisStore, client: Client) -> None:
    run, digest = a_run(), a_digest()

    def everything(tx: Transaction) -> None:
        store.save_incident(tx, an_incident())
        store.save_digest(tx, digest)
        store.remember_run(tx, run, told=True)
        _record(store, tx, a_receipt(a_delivery()))

    store.claim("d-1", owner="a", now=NOW)
    store.transact([], everything)
    sight(store, "f1", run=1)
    store.count("deliveries")
    store.note_last("delivery", "now")
    store.remember_once("x", ttl=timedelta(minutes=1))

    without = {bytes(key) for key in client.scan_iter() if client.ttl(key) == -1}
    assert without <= BOUNDED | {b"jobmon:incidents:open", b"jobmon:incidents:all"}


def test_the_lists_of_incidents_forget_what_is_older_than_ninety_days(
    store: RedisStore, client: Client
) -> None:
    save(store, job_key="old", updated_at=NOW - timedelta(days=91))
    save(store)

    assert client.zcard("jobmon:incidents:open") == 1
    assert client.zcard("jobmon:incidents:all") == 1
