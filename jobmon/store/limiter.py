"""A rate limit shared by all processes: the generic cell rate algorithm in one script."""

from datetime import timedelta

from jobmon.store.client import Client

BUCKET = "jobmon:rate:"

PAUSE = "jobmon:pause:"

# KEYS bucket pause; ARGV period_us burst at_most_us. Returns the microseconds to wait.
_RESERVE = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local period, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local paused = math.max(0, redis.call('PTTL', KEYS[2])) * 1000
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now + paused)
local wait = math.max(paused, free - now - period * (burst - 1), 0)
local at_most = tonumber(ARGV[3])
if at_most >= 0 and wait > at_most then return wait end
local next_free = free + period
local kept_ms = math.ceil((next_free - now) / 1000) + 60000
redis.call('SET', KEYS[1], string.format('%.0f', next_free), 'PX', kept_ms)
return wait
"""


class RedisLimiter:
    """Implements `jobmon.ports.notifier.RateLimiter` with the server's clock."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._reserve = client.register_script(_RESERVE)

    def reserve(
        self, bucket: str, *, rate: float, burst: int, at_most: timedelta | None = None
    ) -> timedelta:
        """Take the next free slot of a bucket, unless it is further away than `at_most`."""
        limit = -1 if at_most is None else round(at_most.total_seconds() * 1_000_000)
        wait = self._reserve(
            keys=[BUCKET + bucket, PAUSE + bucket], args=[round(1_000_000 / rate), burst, limit]
        )
        return timedelta(microseconds=int(wait))

    def pause(self, bucket: str, duration: timedelta) -> None:
        """Hold the whole bucket: the vendor said so."""
        if duration > timedelta(0):
            self._client.set(PAUSE + bucket, "1", px=duration)
