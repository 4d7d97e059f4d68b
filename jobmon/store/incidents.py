"""Incidents and the digests that show them."""

import hashlib
from collections.abc import Sequence

from jobmon.digest import Digest
from jobmon.incident import Incident, IncidentState
from jobmon.ports.queue import Transaction
from jobmon.redis_answers import text_of
from jobmon.run import WorkspaceId
from jobmon.store.base import HISTORY_KEPT, StorePart, decode, encode, pipeline_of

CURRENT = "jobmon:current:"
INCIDENT = "jobmon:incident:"
DIGEST = "jobmon:digest:"
OPEN = "jobmon:incidents:open"
ALL = "jobmon:incidents:all"
NAMED = "jobmon:incidents:named:"


class Incidents(StorePart):
    """One current incident for each job; past ones for 90 days."""

    def incident_key(self, workspace_id: WorkspaceId, job_key: str) -> str:
        """The key to watch for changes of a job's current incident."""
        return f"{CURRENT}{workspace_id}:{job_key}"

    def current_incident(self, workspace_id: WorkspaceId, job_key: str) -> Incident | None:
        """The job's latest incident, open or resolved."""
        return decode(self._client.get(self.incident_key(workspace_id, job_key)), Incident)

    def incident(self, incident_id: str) -> Incident | None:
        """An incident by its id."""
        key = self._client.get(INCIDENT + incident_id)
        if key is None:
            return None
        incident = decode(self._client.get(key), Incident)
        return incident if incident and incident.incident_id == incident_id else None

    def incidents(self, *, open_only: bool = True, limit: int = 100) -> tuple[Incident, ...]:
        """The jobs' current incidents, latest change first."""
        listed = self._client.zrevrange(OPEN if open_only else ALL, 0, limit - 1)
        keys = [text_of(key) for key in listed]
        found = self._client.mget(keys) if keys else []
        return tuple(item for raw in found if (item := decode(raw, Incident)) is not None)

    def incidents_named(self, name: str) -> tuple[Incident, ...]:
        """The jobs' current incidents whose job has this name, however long ago they changed."""
        listed = self._client.smembers(named_key(name))
        keys = sorted(text_of(key) for key in listed)
        found = (decode(raw, Incident) for raw in (self._client.mget(keys) if keys else ()))
        wanted = name.casefold()
        return tuple(item for item in found if item and item.job_name.casefold() == wanted)

    def save_incident(self, tx: Transaction, incident: Incident) -> None:
        """Write an incident, and make it its job's current one."""
        pipe = pipeline_of(tx)
        key = self.incident_key(incident.workspace_id, incident.job_key)
        changed_at = incident.updated_at.timestamp()
        pipe.set(key, encode(incident), ex=HISTORY_KEPT)
        pipe.set(INCIDENT + incident.incident_id, key, ex=HISTORY_KEPT)
        if incident.state is IncidentState.RESOLVED:
            pipe.zrem(OPEN, key)
        else:
            pipe.zadd(OPEN, {key: changed_at})
        pipe.zadd(ALL, {key: changed_at})
        pipe.sadd(named_key(incident.job_name), key)
        pipe.expire(named_key(incident.job_name), HISTORY_KEPT)
        pipe.zremrangebyscore(ALL, "-inf", changed_at - HISTORY_KEPT.total_seconds())
        pipe.zremrangebyscore(OPEN, "-inf", changed_at - HISTORY_KEPT.total_seconds())

    def forget_current(self, tx: Transaction, workspace_id: WorkspaceId, job_key: str) -> None:
        """This key has no incident any more: it is another key's now."""
        pipe = pipeline_of(tx)
        key = self.incident_key(workspace_id, job_key)
        pipe.delete(key)
        pipe.zrem(OPEN, key)
        pipe.zrem(ALL, key)

    def save_digest(self, tx: Transaction, digest: Digest) -> None:
        """Keep the latest digest of an incident, for edits, details and commands."""
        incident_id = digest.incident.incident_id
        pipeline_of(tx).set(DIGEST + incident_id, encode(digest), ex=HISTORY_KEPT)

    def digest(self, incident_id: str) -> Digest | None:
        """The latest digest of an incident."""
        return decode(self._client.get(DIGEST + incident_id), Digest)

    def with_digests(
        self, incidents: Sequence[Incident]
    ) -> tuple[tuple[Incident, Digest | None], ...]:
        """Each incident with its latest digest."""
        keys = [DIGEST + incident.incident_id for incident in incidents]
        found = self._client.mget(keys) if keys else []
        return tuple(zip(incidents, (decode(raw, Digest) for raw in found), strict=True))


def named_key(name: str) -> str:
    """The key of the set of incidents of a job's name; the name itself is a stranger's text."""
    folded = name.casefold().encode(errors="replace")
    return NAMED + hashlib.sha256(folded).hexdigest()[:16]
