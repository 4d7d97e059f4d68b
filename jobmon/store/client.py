"""Redis clients: the web's gives up at once, the workers' rides out an outage."""

import threading
from enum import StrEnum
from math import inf
from time import monotonic
from typing import Any, Self

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError, RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from jobmon.errors import SettingsError
from jobmon.redis_full import ServerCannotSave

Client = Redis

PATIENCE_AFTER_STOP = 5.0
NOT_SET = "REDIS_URL is not set: set it, or use `jobmon up`, which brings its own server"


class Profile(StrEnum):
    """Who is waiting: an HTTP request, or a worker with time."""

    WEB = "web"
    WORKER = "worker"


class ServerIsReplica(RedisConnectionError):
    """The server takes no writes: another one has its place, or will have."""


class _NamesRefusals:
    """A connection whose errors tell by their type why the server takes no writes."""

    def read_response(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (the client's)
        try:
            return super().read_response(*args, **kwargs)  # type: ignore[misc]
        except ReadOnlyError as exc:
            # A replica goes on answering, also when the address leads to another server by now.
            self.disconnect()  # type: ignore[attr-defined]
            raise ServerIsReplica("this Redis takes no writes: it is a replica") from exc
        except ResponseError as exc:
            if str(exc).startswith("MISCONF "):
                raise ServerCannotSave(str(exc)) from exc
            raise


class _UntilStopped(ExponentialBackoff):
    """Pauses between tries; who was told to stop tries for some seconds more, then fails."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__(cap=2, base=0.05)
        self._stop = stop
        self._until = inf

    def __deepcopy__(self, memo: object) -> Self:
        return self  # each connection gets a copy of what it is given: all have one patience

    def compute(self, failures: int) -> float:
        if self._stop.is_set():
            now = monotonic()
            self._until = min(self._until, now + PATIENCE_AFTER_STOP)
            if now >= self._until:
                raise RedisConnectionError("Redis is away, and we were told to stop")
        return float(super().compute(failures))


def connect(url: str, profile: Profile, *, stop: threading.Event | None = None) -> Client:
    """A client for `redis://`, `rediss://` or `unix://`; connects when it is first used.

    A worker's client rides out an outage of a minute or more, but for some seconds only once it is
    told to `stop`. Raises SettingsError when there is no address, or none the client can read.
    """
    if not url:
        raise SettingsError((NOT_SET,))
    timeouts: dict[str, Any]
    if profile is Profile.WEB:
        timeouts = {"socket_connect_timeout": 0.3, "socket_timeout": 1.0}
        # A broken connection is made anew; who did not answer in time is not asked twice.
        retried: list[type[Exception]] = [RedisConnectionError]
        backoff, times = ExponentialBackoff(cap=0.05, base=0.01), 1
    else:
        # A blocking pop lasts some seconds, so the socket has to wait for longer than that.
        timeouts = {"socket_connect_timeout": 5.0, "socket_timeout": 30.0}
        retried = [RedisConnectionError, RedisTimeoutError]
        backoff, times = _UntilStopped(stop or threading.Event()), 60
    if url.startswith("unix:"):
        timeouts.pop("socket_connect_timeout")
    try:
        client: Client = Redis.from_url(
            url,
            retry=Retry(backoff, times, supported_errors=tuple(retried)),
            retry_on_error=retried,
            health_check_interval=30,
            **timeouts,
        )
        pool = client.connection_pool
        pool.connection_class(**pool.connection_kwargs)  # reads the address; opens nothing
    except (ValueError, TypeError, AttributeError, RedisError):  # its text may hold a password
        fault = (
            "REDIS_URL: the client cannot read it, or does not know what it asks for behind `?`: "
            "expected redis://host:6379/0"
        )
        raise SettingsError((fault,)) from None
    pool.connection_class = type("Connection", (_NamesRefusals, pool.connection_class), {})
    return client
