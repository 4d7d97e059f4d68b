"""Incidents as Redis remembers them."""

from typing import Any

from jobmon.digest import Digest
from jobmon.ports.queue import Transaction
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore
from tests.support.digests import a_digest


def remembered(client: Client, **fields: Any) -> Digest:
    """Store a digest and its incident."""
    digest = a_digest(**fields)
    store = RedisStore(client)

    def body(tx: Transaction) -> None:
        store.save_incident(tx, digest.incident)
        store.save_digest(tx, digest)

    store.transact([], body)
    return digest
