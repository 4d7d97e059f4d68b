"""Which jobs an action concerns: one, those of a platform incident, those with a muted cause."""

from collections.abc import Iterable
from dataclasses import dataclass

from jobmon.action import Action
from jobmon.incident import Incident, Member
from jobmon.permission import EVERY_JOB, Concerned
from jobmon.platform_incident import MAX_MEMBERS
from jobmon.run import Tags
from workers.act.cause_mute import failing_with
from workers.act.target import Target
from workers.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """The jobs that are known to be concerned, and whether others may be."""

    jobs: tuple[Concerned, ...]
    others: bool = False

    @property
    def to_allow(self) -> tuple[Concerned, ...]:
        """What the person needs the right to: each of the jobs, or every job there is."""
        return (EVERY_JOB,) if self.others else self.jobs


def concern_of(services: Services, action: Action, target: Target) -> Concern:
    """The jobs that an action concerns.

    A cause is muted also in jobs that have not failed yet, and a platform incident that is full
    has forgotten some of its jobs.
    """
    if action.by_cause or target.causes:
        failing = failing_with(services, action, target)
        return _many((_job_of(services, incident) for incident in failing), others=True)
    members = target.incident.members if target.incident else ()
    if members:
        jobs = (_member(services, member) for member in members)
        return _many(jobs, others=len(members) >= MAX_MEMBERS)
    return Concern(jobs=(_the_one(services, target),))


def _many(jobs: Iterable[Concerned], *, others: bool) -> Concern:
    return Concern(jobs=tuple(dict.fromkeys(jobs)), others=others)


def _the_one(services: Services, target: Target) -> Concerned:
    if target.run is not None:
        run = target.run
        return Concerned(
            name=run.job_name, tags=run.tags, workspace_id=run.workspace_id, job_id=run.job_id
        )
    if target.job is not None:
        job = target.job
        return Concerned(
            name=job.name, tags=job.tags, workspace_id=target.workspace_id, job_id=job.job_id
        )
    return _job_of(services, target.incident) if target.incident else EVERY_JOB


def _member(services: Services, member: Member) -> Concerned:
    """A job of a platform incident, as its latest digest knows it."""
    digest = services.store.digest(member.incident_id)
    if digest is None:
        return Concerned(name=member.job_name)
    return _concerned(digest.incident, digest.run.tags)


def _job_of(services: Services, incident: Incident) -> Concerned:
    digest = services.store.digest(incident.incident_id)
    return _concerned(incident, digest.run.tags if digest else ())


def _concerned(incident: Incident, tags: Tags) -> Concerned:
    return Concerned(
        name=incident.job_name,
        tags=tags,
        workspace_id=incident.workspace_id,
        job_id=incident.job_id,
    )
