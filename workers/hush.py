"""Mutes that are not of one incident alone: of a cause in all jobs, and those of the settings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from jobmon.conditions import Facts, matches
from jobmon.incident import Incident
from jobmon.mute import Mute, mute_of, under
from jobmon.run import WorkspaceId
from jobmon.settings import Settings
from workers.services import Services

BY_SETTINGS = "jobmon.toml"


def hushed(
    services: Services,
    incident: Incident,
    facts: Facts,
    causes: frozenset[str],
    *,
    before: Incident | None,
    now: datetime,
) -> Incident:
    """Mute an incident that fails with what is muted, and say whether anybody heard of it.

    An incident that was muted from its first failure on is not shown anywhere until it is told.
    Who unmutes an incident wants to hear of it, whatever is muted elsewhere.
    """
    if not incident.is_muted(now) and not incident.audible:
        mute = mute_of(causes, _mutes(services, incident.workspace_id, facts), now=now)
        incident = under(incident, mute) if mute else incident
    was_told = (
        before is not None and before.incident_id == incident.incident_id and not before.untold
    )
    return replace(incident, untold=incident.is_muted(now) and not was_told)


def mutes_of_settings(settings: Settings, facts: Facts) -> Iterator[Mute]:
    """The mutes of the file that are about this failure, whatever its cause."""
    for rule in settings.mutes:
        if matches(rule, facts):
            yield Mute(by=BY_SETTINGS, causes=frozenset(rule.causes), until=rule.until)


def _mutes(services: Services, workspace_id: WorkspaceId, facts: Facts) -> Iterator[Mute]:
    yield from mutes_of_settings(services.settings, facts)
    for mute in services.store.cause_mutes():
        if mute.workspace_id == workspace_id:
            yield mute.as_mute()
