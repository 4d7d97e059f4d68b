"""Whether this person may do this: jobmon's permissions, then the job's own, then a second one."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobmon.action import CHANGES_SOMETHING, Action
from jobmon.errors import PermanentError
from jobmon.permission import Concerned, decide
from notifiers.slack.mrkdwn import person, safe
from workers.act.answer import Answer, refused
from workers.act.concern import concern_of
from workers.act.progress import keep, progress_of
from workers.act.target import Target
from workers.services import Services

MOST_ASKED = 100
"""Jobs of which Databricks is asked at once: the person waits, and so do other workers' calls."""
MAX_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A refusal, or whether another person has to ask for the same."""

    refusal: Answer | None = None
    second_person: bool = False


def authority_of(services: Services, action: Action, target: Target) -> Authority:
    """Decide who may; reading is for everyone.

    What concerns many jobs is for those who may do it to each of them. Raises what asking Slack
    or Databricks raises: who cannot be checked may not.
    """
    if action.kind not in CHANGES_SOMETHING:
        return Authority()
    concern = concern_of(services, action, target)
    verdict = decide(
        action,
        services.settings.permissions,
        jobs=concern.to_allow,
        group_members=services.directory.group_members,
    )
    if not verdict.allowed:
        return Authority(refusal=_refused(action, verdict.reason, why="not among those who may"))
    if services.settings.policy.check_job_permissions:
        refusal = _refusal_of_databricks(services, action, concern.jobs)
        if refusal is not None:
            return Authority(refusal=refusal)
    return Authority(second_person=verdict.second_person)


def wait_for_second(services: Services, action: Action, target: Target) -> Answer | None:
    """Ask for a second person; None when this one is the second to ask for exactly the same."""
    name = f"second-{_same(action, target)}"
    me = action.actor.user_id
    window = services.second_request_window
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


def _refusal_of_databricks(
    services: Services, action: Action, jobs: Sequence[Concerned]
) -> Answer | None:
    asked = [job for job in jobs if not _is_without_job(job)]
    if not asked:
        return None
    if len(asked) > MOST_ASKED:
        text = (
            f"This is about {len(asked)} jobs, and Databricks is asked for the rights to "
            f"{MOST_ASKED} at most: `{action.kind} JOB` is about one of them."
        )
        return _refused(action, text, why=f"about more than {MOST_ASKED} jobs")
    email = services.directory.email_of(action.actor.user_id)
    if not email:
        raise PermanentError(
            "your mail address in Slack is not visible to jobmon, so your rights in Databricks "
            "are not known: the app needs the scope users:read.email"
        )
    missing = next((job for job in asked if not _may_manage(services, job, email)), None)
    if missing is None:
        return None
    name = f"`{safe(missing.name.replace('`', chr(39)), MAX_NAME)}`"
    what = f"{name}, one of {len(jobs)} jobs that this is about" if len(jobs) > 1 else "this job"
    return _refused(
        action,
        f"In Databricks you may not manage runs of {what}. Somebody with the job's permission "
        "`Can Manage Run` may, or can give it to you.",
        why="may not manage runs of this job in Databricks",
    )


def _is_without_job(job: Concerned) -> bool:
    """Whether it is a one-time run: in Databricks there is no job to have rights to."""
    return job.workspace_id is not None and job.job_id is None


def _may_manage(services: Services, job: Concerned, email: str) -> bool:
    if job.workspace_id is None or job.job_id is None:
        return False  # nothing is remembered of it that Databricks could be asked for
    return services.workspaces.get(job.workspace_id).can_manage_run(job.job_id, email)


def _refused(action: Action, text: str, *, why: str) -> Answer:
    said = f"asked to {action.kind} and was refused: {why}"
    return refused(text, said=said, in_thread=True)


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
