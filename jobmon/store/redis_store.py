"""The store: all its parts over one client."""

from jobmon.store.counters import Counters
from jobmon.store.history import History
from jobmon.store.incidents import Incidents
from jobmon.store.job_runs import JobRuns
from jobmon.store.mutes import CauseMutes
from jobmon.store.receipts import Receipts


class RedisStore(Incidents, History, JobRuns, CauseMutes, Receipts, Counters):
    """Implements `jobmon.ports.store.Store`."""
