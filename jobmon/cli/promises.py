"""What a Redis has to be set to, for jobmon's promises to hold."""

from collections.abc import Iterator, Mapping

OLDEST_VERSION = (7, 0)
"""`SET … NX GET` came with it."""
NEARLY_FULL = 0.8

Facts = Mapping[str, object]


def broken_promises(info: Facts, config: Facts) -> Iterator[str]:
    """Each setting that loses events or stops work, and what to set instead.

    `config` may be empty: a managed Redis often does not show it.
    """
    if _version(info) < OLDEST_VERSION:
        yield f"version {info.get('redis_version')} is too old: 7.0 or newer, or Valkey, is needed"
    if info.get("cluster_enabled"):
        yield "cluster mode is on: transactions here use several keys, so use a single server"
    if info.get("role") == "slave":
        yield "this server is a replica and takes no writes: give the address of its primary"
    policy = info.get("maxmemory_policy", "noeviction")
    if policy != "noeviction":
        yield f"maxmemory-policy is {policy}: set it to noeviction, or events may be evicted"
    if not info.get("aof_enabled"):
        yield "appendonly is off: set it to yes, or a restart of Redis loses events"
    if config.get("appendfsync") == "no":
        yield "appendfsync is no: set it to everysec or always, or a crash loses half a minute"
    for name in ("aof_last_write_status", "aof_last_bgrewrite_status"):
        if info.get(name, "ok") != "ok":
            yield f"{name} is {info[name]}: the append-only file is not written, look at its disk"
    used, limit = _number(info, "used_memory"), _number(info, "maxmemory")
    if limit and used > NEARLY_FULL * limit:
        yield f"{used * 100 // limit} % of maxmemory is used: give Redis more, or it refuses events"


def _version(info: Facts) -> tuple[int, ...]:
    parts = str(info.get("redis_version", "0")).split(".")[:2]
    return tuple(int(part) for part in parts if part.isdigit())


def _number(info: Facts, name: str) -> int:
    value = info.get(name, 0)
    return int(value) if isinstance(value, int | float) else 0
