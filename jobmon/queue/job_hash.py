"""The RQ job that wakes a worker for a mailbox, as the hash that RQ reads, written without RQ.

Whoever only puts messages, as the web process does, need not import RQ. RQ takes a call that is
not compressed, too. What is the same in all jobs stands in the script, and is not sent with each.
"""

import re
from datetime import UTC, datetime

from jobmon.errors import PermanentError
from jobmon.ports.queue import Urgency, WorkKind
from jobmon.queue.functions import JOB_FUNCTIONS, QUEUE_NAMES
from jobmon.queue.timeouts import JOB_TIMEOUT

KEY = re.compile(r"[A-Za-z0-9_-]{1,200}")
FAILURE_TTL_SECONDS = 600
PEOPLE_WAIT_FOR = frozenset({WorkKind.ACT, WorkKind.DELIVER})
"""What somebody asked for, and what is known and only has to be said: before reading more runs."""

PUSH_JOB = f"""
-- Push an RQ job for a mailbox; what `wake_job` gave stands in ARGV from `first`.
local function push_job(member, now, number, first)
  local queue, call, at, side = unpack(ARGV, first, first + 3)
  local job = string.gsub(member, ':', '-', 1) .. '-' .. number
  redis.call('HSET', 'rq:job:' .. job, 'data', call, 'origin', queue, 'description', member,
    'status', 'queued', 'created_at', at, 'enqueued_at', at, 'side', side, 'pushed_at', now,
    'timeout', '{int(JOB_TIMEOUT.total_seconds())}', 'result_ttl', '0',
    'failure_ttl', '{FAILURE_TTL_SECONDS}')
  redis.call(side == 'front' and 'LPUSH' or 'RPUSH', 'rq:queue:' .. queue, job)
  return job, queue
end
"""


def wake_job(kind: WorkKind, key: str, urgency: Urgency) -> tuple[str, str, str, str]:
    """What a job is made of: the queue's name, the call, when, and the side of the queue.

    What people wait for stands in front.
    """
    if not KEY.fullmatch(key):
        raise PermanentError(f"{key[:80]!r} cannot name a mailbox: letters, digits, _ and - can")
    # The key needs no escaping: see KEY.
    call = f'["{JOB_FUNCTIONS[kind]}", null, ["{key}"], {{}}]'
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    side = "front" if kind in PEOPLE_WAIT_FOR else "back"
    return QUEUE_NAMES[urgency], call, f"{now}Z", side
