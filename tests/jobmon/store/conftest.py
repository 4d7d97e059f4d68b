"""A store on a real server."""

import pytest

from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore


@pytest.fixture
def store(client: Client) -> RedisStore:
    return RedisStore(client)
