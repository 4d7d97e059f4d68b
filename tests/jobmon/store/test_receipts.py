"""The notification log: claimed, sent, recorded."""

from datetime import timedelta

from jobmon.digest import Receipt
from jobmon.ports.queue import Transaction
from jobmon.ports.store import ClaimState
from jobmon.run import WorkspaceId
from jobmon.store.redis_store import RedisStore
from tests.support.digests import (
    NOW,
    a_delivery,
    a_receipt,
    an_incident,
    slack_destination,
)

WORKSPACE = WorkspaceId(42)


def test_a_claim_goes_once_then_it_is_doubtful_then_sent(store: RedisStore) -> None:
    delivery = a_delivery()
    first = store.claim(delivery.delivery_id, now=NOW)
    second = store.claim(delivery.delivery_id, now=NOW + timedelta(minutes=1))
    receipt = a_receipt(delivery)
    store.transact([], lambda tx: _record(store, tx, receipt))
    third = store.claim(delivery.delivery_id, now=NOW)

    assert first.state is ClaimState.GO
    assert second.state is ClaimState.DOUBTFUL
    assert second.since == NOW, "a look-up starts where the first attempt began"
    assert third.state is ClaimState.SENT


def test_only_what_was_recorded_is_sent(store: RedisStore) -> None:
    delivery = a_delivery()
    store.claim(delivery.delivery_id, now=NOW)
    assert not store.is_sent(delivery.delivery_id)

    store.transact([], lambda tx: _record(store, tx, a_receipt(delivery)))
    assert store.is_sent(delivery.delivery_id)


def _record(store: RedisStore, tx: Transaction, receipt: Receipt) -> None:
    store.record_receipt(
        tx, incident_id=an_incident().incident_id, delivery=a_delivery(), receipt=receipt
    )


def test_a_released_claim_can_be_made_again(store: RedisStore) -> None:
    store.claim("d-1", now=NOW)
    store.release("d-1")

    assert store.claim("d-1", now=NOW).state is ClaimState.GO


def test_the_root_receipt_is_kept_for_each_destination(store: RedisStore) -> None:
    incident_id, receipt = an_incident().incident_id, a_receipt(a_delivery())
    store.transact([], lambda tx: _record(store, tx, receipt))
    assert store.root_receipt(incident_id, slack_destination()) == receipt
    assert store.root_receipt(incident_id, slack_destination("C0OTHER0000")) is None
