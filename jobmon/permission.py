"""Who may do what to which job: pure, from `[[permissions]]` of the settings.

Everyone who can see a channel may read. Changing something is for those who are named.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from jobmon.action import CHANGES_SOMETHING, Action, ActionKind, Actor, Permission
from jobmon.run import JobId, Tags, WorkspaceId, as_conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A job that an action concerns, as permissions know it and as Databricks does."""

    name: str
    tags: Tags = ()
    workspace_id: WorkspaceId | None = None
    job_id: JobId | None = None


EVERY_JOB = Concerned(name="")
"""What concerns jobs that nobody can count: only a permission for everything covers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether an action is allowed; a refusal says who may."""

    allowed: bool
    reason: str = ""
    second_person: bool = False
    """Whether another person than the one who asked has to confirm."""


GroupMembers = Callable[[str], frozenset[str]]


def decide(
    action: Action,
    permissions: Iterable[Permission],
    *,
    jobs: Sequence[Concerned],
    group_members: GroupMembers,
) -> Verdict:
    """Say whether this person may do this to each of these jobs.

    Groups are only asked for when no permission names the person or the channel.
    """
    if action.kind not in CHANGES_SOMETHING:
        return Verdict(allowed=True)
    of_kind = [item for item in permissions if action.kind in item.actions]
    about = [[item for item in of_kind if _concerns(item, job)] for job in jobs]
    granting = [_granting(items, action.actor, group_members) for items in about]
    if not granting or None in granting:
        return Verdict(allowed=False, reason=_refusal(action.kind, jobs, about))
    return Verdict(allowed=True, second_person=any(item.second_person for item in granting if item))


def _concerns(item: Permission, job: Concerned) -> bool:
    if not any(fnmatchcase(job.name, pattern) for pattern in item.jobs):
        return False
    if not item.tags:
        return True
    tags = tuple(as_conditions(job.tags))
    return any(fnmatchcase(tag, pattern) for pattern in item.tags for tag in tags)


def _granting(
    about: Sequence[Permission], actor: Actor, group_members: GroupMembers
) -> Permission | None:
    by_name = (item for item in about if _names(item, actor))
    by_group = (item for item in about if _has_group(item, actor, group_members))
    return next(by_name, None) or next(by_group, None)


def _names(item: Permission, actor: Actor) -> bool:
    if actor.user_id and actor.user_id in item.users:
        return True
    return bool(actor.channel_id) and actor.channel_id in item.channels


def _has_group(item: Permission, actor: Actor, group_members: GroupMembers) -> bool:
    return any(actor.user_id in group_members(group) for group in item.groups)


def _refusal(
    kind: ActionKind, jobs: Sequence[Concerned], about: Sequence[Sequence[Permission]]
) -> str:
    what = _called(jobs)
    each = f" `{kind} JOB` is about one of them." if len(jobs) > 1 else ""
    known = [_people(items) for items in about]
    who = [name for name in known[0] if all(name in names for names in known)] if known else []
    if not who:
        return (
            f"Nobody is allowed to `{kind}` {what}. A [[permissions]] table in jobmon.toml "
            f"names who is.{each}"
        )
    return f"You may not `{kind}` {what}. {_listed(who)} may.{each}"


def _called(jobs: Sequence[Concerned]) -> str:
    if len(jobs) > 1:
        return f"all of these {len(jobs)} jobs"
    return "in every job" if EVERY_JOB in jobs else "this job"


def _people(about: Sequence[Permission]) -> tuple[str, ...]:
    who = [f"<@{user}>" for item in about for user in item.users]
    who += [f"<!subteam^{group}>" for item in about for group in item.groups]
    who += [f"everyone in <#{channel}>" for item in about for channel in item.channels]
    return tuple(dict.fromkeys(who))


def _listed(names: list[str]) -> str:
    shown = names[:5]
    if len(names) > len(shown):
        return f"{', '.join(shown)} and {len(names) - len(shown)} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if shown[:-1] else shown[0]
