"""Mutes of causes are listed until they are over or lifted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobmon.mute import CauseMute
from jobmon.run import WorkspaceId
from jobmon.store import mutes
from jobmon.store.client import Client
from jobmon.store.redis_store import RedisStore

NOW = datetime.now(UTC)
MUTE = CauseMute(
    workspace_id=WorkspaceId(1), fingerprint="f" * 16, summary="It broke.", by="U1", asked_at=NOW
)


def save(store: RedisStore, *wanted: CauseMute) -> None:
    for mute in wanted:
        store.transact([], lambda tx, mute=mute: store.save_cause_mute(tx, mute))  # type: ignore[misc]


def test_a_mute_is_kept_once_for_each_workspace_and_cause(store: RedisStore) -> None:
    longer = replace(MUTE, until=NOW + timedelta(days=1), asked_at=NOW + timedelta(seconds=1))
    elsewhere = replace(MUTE, workspace_id=WorkspaceId(2))
    save(store, MUTE, elsewhere, longer)

    assert store.cause_mutes() == (longer, elsewhere)


def test_what_is_over_or_lifted_is_not_listed(store: RedisStore) -> None:
    save(store, MUTE, replace(MUTE, fingerprint="0" * 16, until=NOW))
    store.transact([], lambda tx: store.drop_cause_mute(tx, MUTE.workspace_id, MUTE.fingerprint))

    assert not store.cause_mutes()


def test_what_is_over_is_forgotten_with_the_next_mute(store: RedisStore, client: Client) -> None:
    save(store, replace(MUTE, fingerprint="0" * 16, until=NOW), MUTE)

    assert client.hlen("jobmon:mutes") == 1


def test_of_very_many_those_that_last_longest_are_kept(store: RedisStore, client: Client) -> None:
    many = [
        replace(MUTE, fingerprint=f"{number:016x}", until=NOW + timedelta(hours=1 + number))
        for number in range(mutes.MOST_MUTES + 5)
    ]
    save(store, *many)

    assert client.hlen("jobmon:mutes") == mutes.MOST_MUTES
    assert store.cause_mutes()[0].until is not None
