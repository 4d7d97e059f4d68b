"""Tell people of jobmon's own trouble, where their messages go, or elsewhere if that fails."""

import hashlib
from collections.abc import Collection, Iterator
from datetime import datetime

import structlog

from jobmon.cause_group import RunDiagnosis
from jobmon.digest import Delivery, DeliveryKind, Destination, Digest
from jobmon.incident import Incident, IncidentState, NotifyReason
from jobmon.run import NO_WORKSPACE, Run, RunId
from jobmon.settings import Settings
from workers.outbox import post
from workers.route import default_destinations
from workers.services import Services

log = structlog.get_logger()


def alarm(
    services: Services,
    *,
    about: str,
    text: str,
    now: datetime,
    failing: Collection[Destination] = (),
) -> bool:
    """Put one message into the outbox, for a place that is not failing.

    A medium of which nothing fails comes first: what ails one channel may ail them all. False
    when every configured place is failing: then only the log says it.
    """
    kinds = {item.kind for item in failing}
    working = [item for item in places(services.settings) if item not in failing]
    place = min(working, key=lambda item: item.kind in kinds, default=None)
    if place is None:
        log.error("alarm.nowhere_to_send", about=about, text=" ".join(text.split()))
        return False
    log.warning("alarm.raised", about=about, destination=str(place))
    post(services.queue, _delivery(about, text, place, now=now))
    return True


def places(settings: Settings) -> Iterator[Destination]:
    """Where alarms can go: the defaults, then what routes name."""
    names = [*default_destinations(settings)]
    names += [name for route in settings.routes for name in route.destinations]
    yield from (Destination.parse(name) for name in dict.fromkeys(names))


def _delivery(about: str, text: str, place: Destination, *, now: datetime) -> Delivery:
    """A message of its own in every medium, shown as a digest that has only notes."""
    identity = hashlib.sha256(f"{about}/{place}/{now.isoformat()}".encode()).hexdigest()[:16]
    incident = Incident(
        incident_id=f"inc-{identity}",
        workspace_id=NO_WORKSPACE,
        job_key=f"alarm-{identity}",
        job_id=None,
        job_name=about,
        state=IncidentState.OPEN,
        opened_at=now,
        updated_at=now,
    )
    digest = Digest(
        incident=incident,
        run=Run(workspace_id=NO_WORKSPACE, run_id=RunId(0), job_name=about),
        diagnosis=RunDiagnosis(notes=tuple(text.splitlines())),
        reason=NotifyReason.FIRST_FAILURE,
        at=now,
    )
    return Delivery(
        delivery_id=f"d-alarm-{identity}",
        destination=place,
        kind=DeliveryKind.ROOT,
        digest=digest,
    )
