"""Who may do what to which job."""

import pytest

from jobmon.action import CHANGES_SOMETHING, Action, ActionKind, Actor, Permission
from jobmon.permission import Verdict, decide
from tests.support.runs import at

ANA = Actor(user_id="U1ANA", channel_id="C1")
RERUN_ONLY = (ActionKind.RERUN,)


def verdict(
    *permissions: Permission,
    kind: ActionKind = ActionKind.RERUN,
    actor: Actor = ANA,
    job: str = "nightly",
    groups: dict[str, frozenset[str]] | None = None,
) -> Verdict:
    action = Action(action_id="a", kind=kind, actor=actor, asked_at=at())
    return decide(
        action,
        permissions,
        job_name=job,
        job_tags=(("tier", "gold"),),
        group_members=lambda group: (groups or {}).get(group, frozenset()),
    )


@pytest.mark.parametrize("kind", sorted(set(ActionKind) - CHANGES_SOMETHING))
def test_everyone_may_read(kind: ActionKind) -> None:
    assert verdict(kind=kind).allowed


@pytest.mark.parametrize("kind", sorted(CHANGES_SOMETHING))
def test_nobody_may_change_anything_by_default(kind: ActionKind) -> None:
    refused = verdict(kind=kind)

    assert not refused.allowed
    assert "[[permissions]]" in refused.reason


@pytest.mark.parametrize(
    "permission",
    [
        Permission(actions=RERUN_ONLY, users=("U1ANA",)),
        Permission(actions=RERUN_ONLY, channels=("C1",)),
        Permission(actions=RERUN_ONLY, groups=("S1",)),
        Permission(actions=RERUN_ONLY, users=("U1ANA",), jobs=("night*",)),
        Permission(actions=RERUN_ONLY, users=("U1ANA",), tags=("tier=gold",)),
    ],
    ids=["user", "channel", "group", "job-pattern", "tag"],
)
def test_those_who_are_named_may(permission: Permission) -> None:
    assert verdict(permission, groups={"S1": frozenset({"U1ANA"})}).allowed


@pytest.mark.parametrize(
    "permission",
    [
        Permission(actions=(ActionKind.CANCEL,), users=("U1ANA",)),
        Permission(actions=RERUN_ONLY, users=("U2BO",)),
        Permission(actions=RERUN_ONLY, groups=("S2",)),
        Permission(actions=RERUN_ONLY, channels=("C2",)),
        Permission(actions=RERUN_ONLY, users=("U1ANA",), jobs=("daily",)),
        Permission(actions=RERUN_ONLY, users=("U1ANA",), tags=("tier=silver",)),
    ],
    ids=["action", "user", "group", "channel", "job", "tag"],
)
def test_nobody_else_may(permission: Permission) -> None:
    assert not verdict(permission, groups={"S1": frozenset({"U1ANA"})}).allowed


def test_somebody_without_an_id_is_nobody() -> None:
    permission = Permission(actions=RERUN_ONLY, users=("",), channels=("",))

    assert not verdict(permission, actor=Actor(user_id="")).allowed


def test_a_refusal_says_who_may() -> None:
    refused = verdict(Permission(actions=RERUN_ONLY, users=("U2BO",), groups=("S1",)))

    assert "<@U2BO> and <!subteam^S1> may" in refused.reason


def test_a_job_may_want_a_second_person() -> None:
    permission = Permission(actions=RERUN_ONLY, users=("U1ANA",), second_person=True)

    assert verdict(permission).second_person


def test_groups_are_not_asked_for_when_a_name_decides() -> None:
    def no_directory(_: str) -> frozenset[str]:
        raise AssertionError

    action = Action(action_id="a", kind=ActionKind.RERUN, actor=ANA, asked_at=at())
    permissions = (
        Permission(actions=RERUN_ONLY, groups=("S1",)),
        Permission(actions=RERUN_ONLY, users=("U1ANA",)),
    )

    assert decide(
        action, permissions, job_name="nightly", job_tags=(), group_members=no_directory
    ).allowed
