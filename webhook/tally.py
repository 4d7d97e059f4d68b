"""How many events came, kept in memory and added to Redis every two seconds.

So an event costs one round trip, the one that makes it durable; a killed process loses the counts
of two seconds, and no event.
"""

from collections import Counter
from datetime import datetime
from threading import Lock

from jobmon.ports.store import Store


class Tally:
    """Counts of this process that are not in the store yet; may be shared by threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counting = Lock()
        self._flushing = Lock()
        self._counts: Counter[str] = Counter()
        self._last: datetime | None = None

    def note(self, outcome: str, at: datetime) -> None:
        """Count an event; no I/O."""
        with self._counting:
            self._counts[outcome] += 1
            self._last = at

    def flush(self) -> None:
        """Add the counts to the store.

        Raises what the store raises; the counts are kept for the next time then.
        """
        with self._flushing:
            with self._counting:
                counts, last = Counter(self._counts), self._last
            if not counts or last is None:
                return
            self._store.note_webhooks(counts, last)
            with self._counting:
                self._counts -= counts
