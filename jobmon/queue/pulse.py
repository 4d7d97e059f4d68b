"""How the queue is doing, from a bounded number of reads, however much waits in it."""

from datetime import UTC, datetime

from redis import Redis

from jobmon.ports.queue import Pulse, WorkKind
from jobmon.queue.functions import QUEUE_NAMES
from jobmon.queue.letters import ask_how_many
from jobmon.queue.lua import NOW
from jobmon.queue.names import MESSAGES, SINCE, WAKE

KEEPER = "jobmon:keeper"

# KEYS since, for each kind of work; ARGV the beginning of the lists' names
# Returns for each kind for how many milliseconds its oldest message has been due, -1 for none.
# Mailboxes that an older version has emptied stand in the set yet, and are taken out of it.
_AGES = (
    NOW
    + """
local function age_of(since)
  for _ = 1, 100 do
    local oldest = redis.call('ZRANGE', since, 0, 0, 'WITHSCORES')
    if not oldest[1] then return -1 end
    if redis.call('EXISTS', ARGV[1] .. oldest[1]) == 1 then
      return math.max(now - tonumber(oldest[2]), -1)
    end
    redis.call('ZREM', since, oldest[1])
  end
  return -1
end
local ages = {}
for i, since in ipairs(KEYS) do ages[i] = age_of(since) end
return ages
"""
)


class PulseReader:
    """Looks at what has waited longest, and at who is alive."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._ages = client.register_script(_AGES)

    def __call__(self) -> Pulse:
        """The pulse of this moment."""
        kinds = tuple(WorkKind)
        with self._client.pipeline(transaction=False) as pipe:
            pipe.exists(KEEPER)
            pipe.zcard(WAKE)
            self._ages(keys=[SINCE + kind for kind in kinds], args=[MESSAGES], client=pipe)
            ask_how_many(pipe, now=datetime.now(UTC))
            alive, mailboxes, ages, *dead = pipe.execute()
        waited = {kind: age / 1000 for kind, age in zip(kinds, ages, strict=True) if age >= 0}
        return Pulse(
            workers={urgency: self._workers_of(name) for urgency, name in QUEUE_NAMES.items()},
            keeper=bool(alive),
            mailboxes=int(mailboxes),
            oldest_waiting_seconds=max(waited.values(), default=None),
            oldest_undelivered_seconds=waited.get(WorkKind.DELIVER),
            dead_letters=sum(map(int, dead)),
        )

    def _workers_of(self, queue: str) -> int:
        """A killed worker stays registered, but its own key runs out."""
        registered = self._client.smembers(f"rq:workers:{queue}")
        return int(self._client.exists(*registered)) if registered else 0

    def say_keeper_lives(self) -> None:
        """Leave a sign of life of the keeper."""
        self._client.set(KEEPER, datetime.now(UTC).timestamp(), ex=60)
