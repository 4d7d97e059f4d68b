"""Counters and records, and that nothing grows without end."""

from datetime import timedelta
from typing import Any

from jobmon.action import Action, ActionKind, ActionOutcome, Actor
from jobmon.digest import Receipt
from jobmon.ports.queue import Transaction
from jobmon.run import WorkspaceId
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
)

WORKSPACE = WorkspaceId(42)
BOUNDED = {b"jobmon:counters", b"jobmon:last", b"jobmon:audit"}
"""One each: bounded by their number of labels, or trimmed."""


def _record(store: RedisStore, tx: Transaction, receipt: Receipt) -> None:
    store.record_receipt(
        tx, incident_id=an_incident().incident_id, delivery=a_delivery(), receipt=receipt
    )


def test_counters_add_up_over_clients(store: RedisStore, redis_url: str) -> None:
    other = RedisStore(connect(redis_url, Profile.WEB))
    store.count("deliveries", outcome="delivered")
    other.count("deliveries", 2, outcome="delivered")
    other.note_webhooks({"accepted": 1}, NOW)

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


def test_a_claimed_name_can_be_read_and_given_free(store: RedisStore) -> None:
    store.remember_once("rerun", ttl=timedelta(minutes=5), value="ana")
    assert store.recall_once("rerun") == "ana"

    store.forget_once("rerun")
    assert store.recall_once("rerun") is None


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
    run, digest = a_run(git_commit="abc"), a_digest()

    def everything(tx: Transaction) -> None:
        store.save_incident(tx, an_incident())
        store.save_digest(tx, digest)
        store.remember_run(tx, run)
        store.record_job_run(tx, run, "7", good=True, at=NOW)
        _record(store, tx, a_receipt(a_delivery()))
        where: Any = {"workspace_id": run.workspace_id, "job_key": "7", "fingerprint": "f1"}
        store.record_sighting(tx, **where, run_id=run.run_id, at=NOW)
        store.record_cure(tx, **where, how="repair")

    store.claim("d-1", now=NOW)
    store.transact([], everything)
    store.count("deliveries")
    store.note_last("delivery", "now")
    store.remember_once("x", ttl=timedelta(minutes=1))

    without = {bytes(key) for key in client.scan_iter() if client.ttl(key) == -1}
    assert without <= BOUNDED | {b"jobmon:incidents:open", b"jobmon:incidents:all"}
