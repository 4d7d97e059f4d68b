"""The RQ job that wakes a worker for a mailbox, as the hash that RQ reads, written without RQ.

Whoever only puts messages, as the web process does, need not import RQ. RQ takes a call that is
not compressed, too.
"""

import re
import secrets
from datetime import UTC, datetime

from jobmon.errors import PermanentError
from jobmon.ports.queue import Urgency, WorkKind
from jobmon.queue.functions import JOB_FUNCTIONS, QUEUE_NAMES
from jobmon.queue.timeouts import JOB_TIMEOUT

KEY = re.compile(r"[A-Za-z0-9_-]{1,200}")
FAILURE_TTL_SECONDS = 600
PEOPLE_WAIT_FOR = frozenset({WorkKind.ACT, WorkKind.DELIVER})
"""What somebody asked for, and what is known and only has to be said: before reading more runs."""

_TIMES = "%Y-%m-%dT%H:%M:%S.%fZ"
_CONSTANT = (
    "status", "queued",
    "timeout", str(int(JOB_TIMEOUT.total_seconds())),
    "result_ttl", "0",
    "failure_ttl", str(FAILURE_TTL_SECONDS),
)  # fmt: skip


def wake_job(kind: WorkKind, key: str, urgency: Urgency) -> tuple[str, str, list[str]]:
    """The queue's name, the job's id, and the fields of its hash, as a flat list.

    The last field is the side of the queue it goes to: what people wait for stands in front.
    """
    if not KEY.fullmatch(key):
        raise PermanentError(f"{key[:80]!r} cannot name a mailbox: letters, digits, _ and - can")
    queue_name = QUEUE_NAMES[urgency]
    now = datetime.now(UTC).strftime(_TIMES)
    # The key needs no escaping: see KEY.
    call = f'["{JOB_FUNCTIONS[kind]}", null, ["{key}"], {{}}]'
    fields = [
        "data", call, "origin", queue_name, "description", f"{kind} {key}",
        "created_at", now, "enqueued_at", now, *_CONSTANT,
        "side", "front" if kind in PEOPLE_WAIT_FOR and urgency is Urgency.SOON else "back",
    ]  # fmt: skip
    return queue_name, f"{kind}-{key[:120]}-{secrets.token_hex(6)}", fields
