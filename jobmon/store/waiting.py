"""Wait for Redis before a process begins its work, and say so."""

import threading
from urllib.parse import urlsplit

import structlog
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from jobmon.redis_full import REDIS_FULL
from jobmon.store.client import Profile, connect

log = structlog.get_logger()

EVERY_SECONDS = 1.0
TAKEN = "jobmon:taken"


def wait_for_redis(url: str, stop: threading.Event) -> bool:
    """Return when Redis takes something, or False when told to stop before that.

    What it waits for is logged once for each reason; so is that the wait is over.
    """
    told = ""
    client = connect(url, Profile.WEB)
    try:
        while not stop.is_set():
            try:
                client.set(TAKEN, "1", ex=60)  # one that is full answers a PING
            except (RedisConnectionError, RedisTimeoutError, *REDIS_FULL) as exc:
                reason = type(exc).__name__
                if reason != told:
                    log.warning("redis.waited_for", address=address_of(url), reason=reason)
                told = reason
                stop.wait(EVERY_SECONDS)
            else:
                if told:
                    log.info("redis.connected", address=address_of(url))
                return True
    finally:
        client.close()
    return False


def address_of(url: str) -> str:
    """Where a Redis is, without the user name and the password to it."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}{parts.path}"
