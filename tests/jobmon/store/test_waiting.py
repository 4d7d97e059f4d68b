"""A process that starts while Redis is away says what it waits for, and when that is over."""

import threading
from pathlib import Path

import structlog

from jobmon.embedded import EmbeddedServer
from jobmon.store.client import Client, Profile, connect
from jobmon.store.waiting import address_of, wait_for_redis
from tests.support.pauses import Pauses
from tests.support.waiting import wait_until


def test_it_is_said_once_that_redis_is_waited_for_and_when_it_is_there(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    with structlog.testing.capture_logs() as logs:
        try:
            assert wait_for_redis(server.url, Pauses(*[lambda: None] * 2, server.start))
        finally:
            server.stop()

    assert [(entry["event"], entry["address"]) for entry in logs] == [
        ("redis.waited_for", server.url),
        ("redis.connected", server.url),
    ]


def test_a_redis_that_is_full_is_waited_for(client: Client, redis_url: str) -> None:
    def make_room() -> None:
        client.config_set("maxmemory", 0)

    client.config_set("maxmemory", 1)
    with structlog.testing.capture_logs() as logs:
        try:
            assert wait_for_redis(redis_url, Pauses(lambda: None, make_room))
        finally:
            make_room()

    (waited, _) = logs
    assert (waited["event"], waited["reason"]) == ("redis.waited_for", "OutOfMemoryError")


def test_a_redis_whose_disk_takes_nothing_is_waited_for(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    server.start()
    client = connect(server.url, Profile.WEB)

    def make_room() -> None:
        client.config_set("save", "")

    (tmp_path / "dump.rdb").mkdir()  # in the place of the file that it would write
    client.config_set("save", "3600 1")
    client.bgsave()
    wait_until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err")
    with structlog.testing.capture_logs() as logs:
        try:
            assert wait_for_redis(server.url, Pauses(lambda: None, make_room))
        finally:
            client.close()
            server.stop()

    (waited, _) = logs
    assert (waited["event"], waited["reason"]) == ("redis.waited_for", "ServerCannotSave")


def test_nothing_is_said_of_a_redis_that_is_there(redis_url: str) -> None:
    with structlog.testing.capture_logs() as logs:
        assert wait_for_redis(redis_url, threading.Event())

    assert not logs


def test_who_is_told_to_stop_waits_no_longer(tmp_path: Path) -> None:
    stop = Pauses()
    stop.happens.append(stop.set)

    assert not wait_for_redis(f"unix://{tmp_path}/nobody", stop)


def test_an_address_is_shown_without_its_password() -> None:
    assert address_of("rediss://user:hunter2@redis.example:6380/1?x=hunter2") == (
        "rediss://redis.example:6380/1"
    )
