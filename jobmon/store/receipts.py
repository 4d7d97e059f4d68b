"""The notification log: claimed, sent, recorded."""

from datetime import UTC, datetime, timedelta

from jobmon.digest import Delivery, DeliveryKind, Destination, Receipt
from jobmon.ports.queue import Transaction
from jobmon.ports.store import Claim, ClaimState
from jobmon.store.base import HISTORY_KEPT, StorePart, decode, encode, pipeline_of

CLAIM = "jobmon:claim:"
ROOT = "jobmon:root:"
CLAIM_KEPT = timedelta(days=30)


class Receipts(StorePart):
    """What was delivered where, and what may have been."""

    def claim(self, delivery_id: str, *, now: datetime) -> Claim:
        """Say that we are about to send; tells whether somebody may have sent it before."""
        key = CLAIM + delivery_id
        with self._client.pipeline(transaction=True) as pipe:
            pipe.hsetnx(key, "since", now.timestamp())
            pipe.hget(key, "since")
            pipe.hexists(key, "receipt")
            pipe.expire(key, CLAIM_KEPT)
            is_new, since, is_sent = pipe.execute()[:3]
        if is_sent:
            return Claim(state=ClaimState.SENT)
        if is_new:
            return Claim(state=ClaimState.GO, since=now)
        return Claim(state=ClaimState.DOUBTFUL, since=datetime.fromtimestamp(float(since), UTC))

    def release(self, delivery_id: str) -> None:
        """Take a claim back: the message was surely not sent."""
        self._client.delete(CLAIM + delivery_id)

    def is_sent(self, delivery_id: str) -> bool:
        """Whether a delivery was recorded."""
        return self._client.hexists(CLAIM + delivery_id, "receipt")

    def record_receipt(
        self, tx: Transaction, *, incident_id: str, delivery: Delivery, receipt: Receipt
    ) -> None:
        """Write down what was delivered; closes the claim."""
        pipe = pipeline_of(tx)
        key = CLAIM + delivery.delivery_id
        at = (receipt.sent_at or datetime.now(UTC)).timestamp()
        pipe.hset(key, mapping={"receipt": encode(receipt), "since": at})
        pipe.expire(key, CLAIM_KEPT)
        if delivery.kind is DeliveryKind.ROOT:
            root = _root_key(incident_id, delivery.destination)
            pipe.set(root, encode(receipt), ex=HISTORY_KEPT)

    def root_receipt(self, incident_id: str, destination: Destination) -> Receipt | None:
        """The receipt of the incident's root message at a destination."""
        return decode(self._client.get(_root_key(incident_id, destination)), Receipt)


def _root_key(incident_id: str, destination: Destination) -> str:
    return f"{ROOT}{incident_id}:{destination}"
