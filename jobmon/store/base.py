"""What the parts of the store share: a client, JSON of our dataclasses, transactions."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar, cast

import msgspec
from redis.client import Pipeline
from redis.exceptions import WatchError

from jobmon.errors import TransientError
from jobmon.ports.queue import Transaction
from jobmon.redis_transaction import begin
from jobmon.store.client import Client

T = TypeVar("T")

HISTORY_KEPT = timedelta(days=90)
MAX_TRIES = 50

encode = msgspec.json.encode


def decode(raw: bytes | str | None, kind: type[T]) -> T | None:
    """Read what `encode` wrote, also by another version: unknown fields are ignored."""
    return None if raw is None else msgspec.json.decode(raw, type=kind)


def pipeline_of(tx: Transaction) -> Pipeline:
    """The pipeline behind a transaction."""
    return cast("Pipeline", tx)


class StorePart:
    """One part of the store."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def transact(self, watch: Sequence[str], body: Callable[[Transaction], T]) -> T:
        """Run `body` and apply its writes at once; again if a watched key changed meanwhile.

        So it is where the connection broke, for nobody knows what was applied.
        Raises TransientError when others change the key all the time.
        """
        for _ in range(MAX_TRIES):
            with self._client.pipeline(transaction=True) as pipe:
                begin(pipe, watch)
                result = body(cast("Transaction", pipe))
                try:
                    pipe.execute()
                except WatchError:
                    continue
                return result
        raise TransientError("others are changing the same incident: trying again later")
