"""Mutes of causes, by workspace and fingerprint; each goes when it is over."""

from datetime import UTC, datetime

from jobmon.mute import CauseMute
from jobmon.ports.queue import Transaction
from jobmon.run import WorkspaceId
from jobmon.store.base import HISTORY_KEPT, StorePart, decode, encode, pipeline_of

MUTES = "jobmon:mutes"
MOST_MUTES = 500
"""Of more than these the ones that end first are forgotten: people hear of too much, not little."""


class CauseMutes(StorePart):
    """Implements the mutes of `jobmon.ports.store.Store`."""

    def cause_mutes(self) -> tuple[CauseMute, ...]:
        """What is muted in all jobs of a workspace, the newest first."""
        now = datetime.now(UTC)
        found = (decode(raw, CauseMute) for raw in self._client.hvals(MUTES))
        holding = [mute for mute in found if mute and now < _end(mute)]
        return tuple(sorted(holding, key=lambda mute: mute.asked_at, reverse=True))

    def save_cause_mute(self, tx: Transaction, mute: CauseMute) -> None:
        """Mute a cause, or change how long it is muted."""
        pipe = pipeline_of(tx)
        known = [decode(raw, CauseMute) for raw in self._client.hvals(MUTES)]
        by_end = sorted((item for item in known if item), key=_end, reverse=True)
        for place, item in enumerate(by_end):
            if _end(item) <= mute.asked_at or place >= MOST_MUTES - 1:
                pipe.hdel(MUTES, _field(item.workspace_id, item.fingerprint))
        pipe.hset(MUTES, _field(mute.workspace_id, mute.fingerprint), encode(mute))

    def drop_cause_mute(self, tx: Transaction, workspace_id: WorkspaceId, fingerprint: str) -> None:
        """Hear of a cause again."""
        pipeline_of(tx).hdel(MUTES, _field(workspace_id, fingerprint))


def _end(mute: CauseMute) -> datetime:
    """One without an end is forgotten with the history of what it is about."""
    return mute.until or mute.asked_at + HISTORY_KEPT


def _field(workspace_id: WorkspaceId, fingerprint: str) -> str:
    return f"{workspace_id}:{fingerprint}"
