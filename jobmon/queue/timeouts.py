"""How long things may take. Each fits into the next: socket < SDK budget < job."""

from datetime import timedelta

JOB_TIMEOUT = timedelta(seconds=120)
"""A job that takes longer is interrupted, and its messages are tried again."""

HUNG_AFTER = timedelta(seconds=150)
"""A job that cannot be interrupted takes its worker process with it."""

LEASE = timedelta(seconds=20)
"""A mailbox is free again this long after its worker's last sign of life."""

ALIVE = timedelta(seconds=20)
"""A worker counts as alive for this long after its last sign of life."""

HEARTBEAT = timedelta(seconds=5)
"""Between two signs of life of a job: of its lease, and of its worker."""

LOST_JOB_AFTER = timedelta(seconds=15)
"""A mailbox that was woken but not leased by then is looked at: is its job still waiting?"""

MAX_CRASHES = 5
"""A mailbox whose worker died this often is poison: its messages become dead letters."""

SEEN_FOR = timedelta(days=7)
"""A delivery or an action put twice within this time is done once."""
