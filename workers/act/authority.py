"""Whether this person may do this: jobmon's permissions, then the job's own, then a second one."""

import hashlib
from dataclasses import dataclass, replace

from jobmon.action import CHANGES_SOMETHING, Action
from jobmon.errors import PermanentError
from jobmon.permission import decide
from jobmon.run import JobId
from notifiers.slack.mrkdwn import person
from workers.act.answer import Answer, refused
from workers.act.progress import keep, progress_of
from workers.act.target import Target, workspace_of
from workers.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A refusal, or whether another person has to ask for the same."""

    refusal: Answer | None = None
    second_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """The job that permissions are about."""

    name: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    job_id: JobId | None = None


def authority_of(services: Services, action: Action, target: Target) -> Authority:
    """Decide who may; reading is for everyone.

    Raises what asking Slack or Databricks raises: who cannot be checked may not.
    """
    if action.kind not in CHANGES_SOMETHING:
        return Authority()
    # What goes beyond one job is for those who may do it to every job.
    is_wide = action.by_cause or bool(target.causes)
    about = _About() if is_wide else _about(services, target)
    verdict = decide(
        action,
        services.settings.permissions,
        job_name=about.name,
        job_tags=about.tags,
        group_members=services.directory.group_members,
    )
    if not verdict.allowed:
        said = f"asked to {action.kind} and was refused: not among those who may"
        return Authority(refusal=refused(verdict.reason, said=said, in_thread=True))
    if services.settings.policy.check_job_permissions and about.job_id is not None:
        refusal = _refusal_of_databricks(services, action, target, about.job_id)
        if refusal is not None:
            return Authority(refusal=refusal)
    return Authority(second_person=verdict.second_person)


def wait_for_second(services: Services, action: Action, target: Target) -> Answer | None:
    """Ask for a second person; None when this one is the second to ask for exactly the same."""
    name = f"second-{_same(action, target)}"
    me = action.actor.user_id
    window = services.second_person_window
    progress = progress_of(services, action)
    first = services.store.remember_once(name, ttl=window, value=me)
    if progress.agreed or first not in {None, me}:
        keep(services, action, replace(progress, agreed=True))
        services.store.forget_once(name)
        return None
    minutes = round(window.total_seconds() / 60)
    rest = f"somebody else who may has to ask for the same within {minutes} minutes"
    return refused(
        f"{person(me)} asked to `{action.kind}`. This job wants two people: {rest}.",
        said=f"asked to {action.kind}. This job wants two people: {rest}.",
        in_thread=True,
    )


def _about(services: Services, target: Target) -> _About:
    if target.run is not None:
        return _About(name=target.run.job_name, tags=target.run.tags, job_id=target.run.job_id)
    if target.job is not None:
        return _About(name=target.job.name, tags=target.job.tags, job_id=target.job.job_id)
    if target.incident is None:
        return _About()
    incident = target.incident
    digest = services.store.digest(incident.incident_id)
    tags = digest.run.tags if digest else ()
    return _About(name=incident.job_name, tags=tags, job_id=incident.job_id)


def _refusal_of_databricks(
    services: Services, action: Action, target: Target, job_id: JobId
) -> Answer | None:
    email = services.directory.email_of(action.actor.user_id)
    if not email:
        raise PermanentError(
            "your mail address in Slack is not visible to jobmon, so your rights in Databricks "
            "are not known: the app needs the scope users:read.email"
        )
    if workspace_of(services, target).can_manage_run(job_id, email):
        return None
    said = f"asked to {action.kind} and was refused: may not manage runs of this job in Databricks"
    return refused(
        "In Databricks you may not manage runs of this job. Somebody with the job's permission "
        "`Can Manage Run` may, or can give it to you.",
        said=said,
        in_thread=True,
    )


def _same(action: Action, target: Target) -> str:
    """One name for one wish, however it was put."""
    what: object = target.run_id
    if target.run_id is None:
        what = target.job.job_id if target.job else ""
    parts = (
        action.kind, target.workspace_id, what,
        target.incident.incident_id if target.incident else "",
        [mute.cause_id for mute in target.causes],
        sorted(action.tasks), sorted(action.parameters), action.everything,
        action.duration_minutes, action.until_changed, action.by_cause,
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
