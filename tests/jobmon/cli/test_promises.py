"""What a Redis has to keep, and is told of where it does not."""

import pytest

from jobmon.cli.promises import broken_promises

GOOD = {
    "redis_version": "7.2.4",
    "cluster_enabled": 0,
    "role": "master",
    "maxmemory_policy": "noeviction",
    "aof_enabled": 1,
    "aof_last_write_status": "ok",
    "aof_last_bgrewrite_status": "ok",
    "used_memory": 1,
    "maxmemory": 0,
}


def faults(*configs: dict[str, object], **changes: object) -> str:
    return "\n".join(broken_promises({**GOOD, **changes}, configs[0] if configs else {}))


def test_a_durable_server_breaks_no_promise() -> None:
    assert not faults({"appendfsync": "everysec"})
    assert not faults({"appendfsync": "always"})
    assert not faults({})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"redis_version": "6.2.1"}, "too old"),
        ({"cluster_enabled": 1}, "cluster mode"),
        ({"role": "slave"}, "replica"),
        ({"maxmemory_policy": "allkeys-lru"}, "noeviction"),
        ({"aof_enabled": 0}, "appendonly"),
        ({"aof_last_write_status": "err"}, "disk"),
        ({"aof_last_bgrewrite_status": "err"}, "disk"),
        ({"used_memory": 90, "maxmemory": 100}, "90 %"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_broken_promise_is_said(changes: dict[str, object], said: str) -> None:
    assert said in faults(**changes)


def test_an_append_only_file_that_is_never_synced_is_said() -> None:
    assert "appendfsync" in faults({"appendfsync": "no"})


def test_all_of_them_are_said_together() -> None:
    assert len(faults(role="slave", aof_enabled=0, maxmemory_policy="x").splitlines()) == 3
