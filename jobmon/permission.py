"""Who may do what to which job: pure, from `[[permissions]]` of the settings.

Everyone who can see a channel may read. Changing something is for those who are named.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from jobmon.action import CHANGES_SOMETHING, Action, ActionKind, Actor, Permission
from jobmon.run import Tags, as_conditions


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
    job_name: str,
    job_tags: Iterable[tuple[str, str]],
    group_members: GroupMembers,
) -> Verdict:
    """Say whether this person may do this to this job.

    Groups are only asked for when no permission names the person or the channel.
    """
    if action.kind not in CHANGES_SOMETHING:
        return Verdict(allowed=True)
    tags = tuple(job_tags)
    about = [
        item
        for item in permissions
        if action.kind in item.actions and _concerns(item, job_name=job_name, tags=tags)
    ]
    by_name = (item for item in about if _names(item, action.actor))
    by_group = (item for item in about if _has_group(item, action.actor, group_members))
    granting = next(by_name, None) or next(by_group, None)
    if granting is not None:
        return Verdict(allowed=True, second_person=granting.second_person)
    return Verdict(allowed=False, reason=_refusal(action.kind, about))


def _concerns(item: Permission, *, job_name: str, tags: Tags) -> bool:
    if not any(fnmatchcase(job_name, pattern) for pattern in item.jobs):
        return False
    if not item.tags:
        return True
    return any(fnmatchcase(tag, pattern) for pattern in item.tags for tag in as_conditions(tags))


def _names(item: Permission, actor: Actor) -> bool:
    if actor.user_id and actor.user_id in item.users:
        return True
    return bool(actor.channel_id) and actor.channel_id in item.channels


def _has_group(item: Permission, actor: Actor, group_members: GroupMembers) -> bool:
    return any(actor.user_id in group_members(group) for group in item.groups)


def _refusal(kind: ActionKind, about: list[Permission]) -> str:
    who = [f"<@{user}>" for item in about for user in item.users]
    who += [f"<!subteam^{group}>" for item in about for group in item.groups]
    who += [f"everyone in <#{channel}>" for item in about for channel in item.channels]
    if not who:
        return (
            f"Nobody is allowed to `{kind}` this job. A [[permissions]] table in jobmon.toml "
            "names who is."
        )
    return f"You may not `{kind}` this job. {_listed(list(dict.fromkeys(who)))} may."


def _listed(names: list[str]) -> str:
    shown = names[:5]
    if len(names) > len(shown):
        return f"{', '.join(shown)} and {len(names) - len(shown)} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if shown[:-1] else shown[0]
