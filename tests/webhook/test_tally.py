"""Events are counted in memory, and reach the store now and then."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from jobmon.settings import Settings
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore
from tests.support.web import web_client
from tests.webhook.test_routes import post
from webhook.tally import Tally

AT = datetime(2026, 11, 25, 6, 4, 12, tzinfo=UTC)
ACCEPTED = ("events", (("outcome", "accepted"),))
DUPLICATE = ("events", (("outcome", "duplicate"),))


class Away(RedisStore):
    """A store that is away for the first time it is asked."""

    was_asked = False

    def note_webhooks(self, counts: Mapping[str, int], at: datetime) -> None:
        if not self.was_asked:
            self.was_asked = True
            raise RedisConnectionError
        super().note_webhooks(counts, at)


def test_events_are_counted_by_outcome_when_it_is_flushed(client: Client) -> None:
    store = RedisStore(client)
    tally = Tally(store)

    tally.note("accepted", AT)
    tally.note("accepted", AT)
    tally.note("duplicate", AT)
    assert store.counters() == {}
    tally.flush()
    tally.flush()

    assert store.counters() == {ACCEPTED: 2, DUPLICATE: 1}
    assert store.last_words()["webhook"] == AT.isoformat()


def test_counts_stay_while_redis_is_away(client: Client) -> None:
    store = Away(client)
    tally = Tally(store)
    tally.note("accepted", AT)

    with pytest.raises(RedisConnectionError):
        tally.flush()
    tally.note("accepted", AT)
    tally.flush()

    assert store.counters() == {ACCEPTED: 2}


def test_an_app_that_is_ended_writes_its_counts_first_and_nothing_afterwards(
    client: Client, settings: Settings
) -> None:
    with web_client(settings) as web:
        assert post(web).status_code == 202

    assert RedisStore(client).counters() == {ACCEPTED: 1}
    assert "spool-drainer" not in {thread.name for thread in threading.enumerate()}
