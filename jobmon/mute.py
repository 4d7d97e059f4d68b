"""Mutes of a cause: what many jobs fail with and nobody wants to hear of for now. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from jobmon.incident import Incident
from jobmon.run import WorkspaceId

CAUSE_ID = "cause-"
"""How a mute of a cause is named: this, and the fingerprint."""
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A wish not to hear of failures; without an end, for as long as they have these causes."""

    by: str
    causes: frozenset[str] = frozenset()
    """Fingerprints; empty is whatever the cause."""
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is not over."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseMute:
    """What a person muted in all jobs of a workspace."""

    workspace_id: WorkspaceId
    fingerprint: str
    summary: str
    """The cause in words, for the list."""
    by: str
    asked_at: datetime
    until: datetime | None = None

    @property
    def cause_id(self) -> str:
        """What to type to name it."""
        return f"{CAUSE_ID}{self.fingerprint}"

    def as_mute(self) -> Mute:
        """The wish, without what it is called."""
        return Mute(by=self.by, causes=frozenset({self.fingerprint}), until=self.until)


def mute_of(causes: frozenset[str], mutes: Iterable[Mute], *, now: datetime) -> Mute | None:
    """The mute under which a failure with these causes is not told, if there is one.

    Each of its causes has to be muted: one that is not has to be heard. Of several mutes the one
    that is over first counts.
    """
    holding = [mute for mute in mutes if mute.holds(now)]
    for mute in holding:
        if not mute.causes:
            return mute
    found = [next((mute for mute in holding if cause in mute.causes), None) for cause in causes]
    covering = [mute for mute in found if mute is not None]
    if not covering or len(covering) < len(found):
        return None
    first = min(covering, key=lambda mute: mute.until or _NEVER)
    return replace(first, causes=causes)


def under(incident: Incident, mute: Mute) -> Incident:
    """The incident as muted by a mute; one of causes ends when the cause changes, too."""
    return replace(
        incident,
        muted_by=mute.by,
        muted_until=mute.until,
        muted_until_changed=bool(mute.causes),
    )
