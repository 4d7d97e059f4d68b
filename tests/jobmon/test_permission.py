"""Who may do what to which job."""

import pytest

from jobmon.action import CHANGES_SOMETHING, Action, ActionKind, Actor, Permission
from jobmon.permission import EVERY_JOB, Concerned, Verdict, decide
from tests.support.runs import at

ANA = Actor(user_id="U1ANA", channel_id="C1")
RERUN_ONLY = (ActionKind.RERUN,)
NIGHTLY = Concerned(name="nightly", tags=(("tier", "gold"),))
DAILY = Concerned(name="daily", tags=(("tier", "silver"),))


def verdict(
    *permissions: Permission,
    kind: ActionKind = ActionKind.RERUN,
    actor: Actor = ANA,
    jobs: tuple[Concerned, ...] = (NIGHTLY,),
    groups: dict[str, frozenset[str]] | None = None,
) -> Verdict:
    action = Action(action_id="a", kind=kind, actor=actor, asked_at=at())
    return decide(
        action,
        permissions,
        jobs=jobs,
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
        Permission(actions=RERUN_ONLY, users=("U1ANA",), jobs=("daily", "night*")),
        Permission(actions=RERUN_ONLY, users=("U1ANA",), tags=("tier=gold",)),
        Permission(actions=RERUN_ONLY, users=("U1ANA",), tags=("tier=silver", "tier=gold")),
    ],
    ids=["user", "channel", "group", "job-pattern", "one of the jobs", "tag", "one of the tags"],
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


def test_a_refusal_of_many_who_may_names_some_and_counts_the_rest() -> None:
    many = tuple(f"U{number}" for number in range(1, 8))

    refused = verdict(Permission(actions=RERUN_ONLY, users=many))

    assert "<@U1>, <@U2>, <@U3>, <@U4>, <@U5> and 2 more may" in refused.reason


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

    assert decide(action, permissions, jobs=(NIGHTLY,), group_members=no_directory).allowed


@pytest.mark.parametrize(
    "permissions",
    [
        [Permission(actions=RERUN_ONLY, users=("U1ANA",))],
        [Permission(actions=RERUN_ONLY, users=("U1ANA",), jobs=("*ly",))],
        [
            Permission(actions=RERUN_ONLY, users=("U1ANA",), tags=("tier=gold",)),
            Permission(actions=RERUN_ONLY, channels=("C1",), jobs=("daily",)),
        ],
    ],
    ids=["everything", "a-pattern-for-all", "one-table-for-each"],
)
def test_many_jobs_take_the_right_to_each(permissions: list[Permission]) -> None:
    assert verdict(*permissions, jobs=(NIGHTLY, DAILY)).allowed


@pytest.mark.parametrize("jobs", [(NIGHTLY, DAILY), (DAILY, NIGHTLY)], ids=["first", "last"])
def test_the_right_to_one_of_many_is_not_enough_and_the_refusal_says_who_may(
    jobs: tuple[Concerned, ...],
) -> None:
    refused = verdict(
        Permission(actions=RERUN_ONLY, users=("U1ANA",), tags=("tier=gold",)),
        Permission(actions=RERUN_ONLY, users=("U2BO",)),
        jobs=jobs,
    )

    assert not refused.allowed
    assert "all of these 2 jobs. <@U2BO> may" in refused.reason
    assert "`rerun JOB` is about one of them" in refused.reason


def test_every_job_takes_a_permission_for_everything() -> None:
    of_some = Permission(actions=RERUN_ONLY, users=("U1ANA",), jobs=("?*",))

    assert not verdict(of_some, jobs=(EVERY_JOB,)).allowed
    assert verdict(Permission(actions=RERUN_ONLY, users=("U1ANA",)), jobs=(EVERY_JOB,)).allowed


def test_of_many_jobs_one_may_want_a_second_person() -> None:
    plain = Permission(actions=RERUN_ONLY, users=("U1ANA",), jobs=("daily",))
    strict = Permission(actions=RERUN_ONLY, users=("U1ANA",), second_person=True)

    assert verdict(plain, strict, jobs=(DAILY, NIGHTLY)).second_person
    assert not verdict(plain, strict, jobs=(DAILY,)).second_person


def test_an_action_on_nothing_is_nobodys() -> None:
    assert not verdict(Permission(actions=RERUN_ONLY, users=("U1ANA",)), jobs=()).allowed
