"""What a client does when the server behind its address is another one by now."""

import threading
from pathlib import Path

import pytest
import redis.exceptions

from jobmon.embedded import EmbeddedServer
from jobmon.errors import SettingsError
from jobmon.store import client as client_module
from jobmon.store.client import Client, Profile, ServerIsReplica, connect


def test_a_connection_to_a_server_that_became_a_replica_is_left(
    client: Client, redis_url: str
) -> None:
    web = connect(redis_url, Profile.WEB)
    before = web.client_id()
    client.replicaof("127.0.0.1", "1")
    try:
        with pytest.raises(ServerIsReplica):
            web.set("a", "b")
        after = web.client_id()
    finally:
        client.replicaof("no", "one")
        web.close()

    assert after != before


@pytest.mark.parametrize(("profile", "seconds"), [(Profile.WEB, 0.3), (Profile.WORKER, 5.0)])
def test_a_host_that_does_not_answer_is_given_up(profile: Profile, seconds: float) -> None:
    pool = connect("redis://redis.example:6379/0", profile).connection_pool

    assert pool.connection_kwargs["socket_connect_timeout"] == seconds


@pytest.mark.parametrize("profile", Profile)
def test_without_an_address_it_is_said_that_none_is_set(profile: Profile) -> None:
    with pytest.raises(SettingsError, match="REDIS_URL is not set: set it, or use `jobmon up`"):
        connect("", profile)


def test_who_is_told_to_stop_does_not_wait_for_a_redis_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "PATIENCE_AFTER_STOP", 0.0)
    stop = threading.Event()
    worker = connect(f"unix://{tmp_path / 'nobody.sock'}", Profile.WORKER, stop=stop)
    stop.set()

    with pytest.raises(redis.exceptions.ConnectionError, match="told to stop"):
        worker.ping()


def test_who_is_told_to_stop_tries_for_some_seconds_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()
    server = EmbeddedServer(tmp_path)
    server.start()
    worker = connect(server.url, Profile.WORKER, stop=stop)
    worker.set("a", "b")
    stop.set()
    server.stop()
    monkeypatch.setattr(client_module, "PATIENCE_AFTER_STOP", 60.0)

    def come_back(_seconds: float) -> None:
        if not server.answers:
            server.start()

    monkeypatch.setattr("redis.retry.sleep", come_back)
    try:
        assert worker.get("a") == b"b"
    finally:
        worker.close()
        server.stop()
