"""Who may do what, and who is told; everything is in the audit trail."""

from jobmon.action import ActionKind, Permission
from jobmon.demo.workspace import PretendRun
from jobmon.settings import Policy
from tests.flow.acting.conftest import ANA, BO, EVE, EVERYTHING, Desk


def test_who_may_not_is_told_who_may(desk: Desk, transient: PretendRun) -> None:
    for text in ("rerun 501", "rerun 501 --all", "run hourly_sessions", "cancel 501", "ack",
                 "mute for 4h", "unmute hourly_sessions"):  # fmt: skip
        desk.types(text, who=EVE)

    assert all(f"<@{ANA}> and <@{BO}> may" in text for text in desk.told(EVE))
    assert (desk.repairs, desk.new_runs) == (0, 0)
    assert len(desk.told(EVE)) == 7


def test_nobody_may_change_anything_until_somebody_is_named(
    desk: Desk, transient: PretendRun
) -> None:
    desk.configure()
    desk.types("rerun 501")

    assert "Nobody is allowed to `rerun` this job" in desk.told()[0]
    assert desk.repairs == 0


def test_a_permission_holds_for_the_jobs_name_even_when_its_number_was_typed(
    desk: Desk, transient: PretendRun
) -> None:
    desk.configure(Permission(actions=EVERYTHING, users=(ANA,), jobs=("dev_*",)))
    desk.types(f"run {transient.job_id}")
    assert desk.new_runs == 0
    desk.configure(Permission(actions=EVERYTHING, users=(ANA,), jobs=("hourly_*",)))
    desk.types(f"run {transient.job_id}")
    assert desk.new_runs == 1


def test_a_user_groups_members_may(desk: Desk, transient: PretendRun) -> None:
    desk.world.slack.add_group("S0ONCALL01", [EVE])
    desk.configure(Permission(actions=EVERYTHING, groups=("S0ONCALL01",)))
    desk.types("rerun 501", who=BO)
    assert desk.repairs == 0
    desk.types("rerun 501", who=EVE)
    assert desk.repairs == 1


def test_the_second_person_has_to_ask_for_exactly_the_same(
    desk: Desk, transient: PretendRun
) -> None:
    desk.configure(Permission(actions=(ActionKind.RERUN,), users=(ANA, BO), second_person=True))
    desk.types("rerun 501", who=ANA)
    desk.types("rerun 501 --params day=monday", who=BO)
    assert desk.repairs == 0
    desk.types("rerun hourly_sessions", who=BO)
    assert desk.repairs == 1


def test_rights_in_databricks_count_when_they_are_to_be_checked(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.slack.add_user(ANA, name="Ana", email="ana@example.com")
    desk.world.slack.add_user(BO, name="Bo", email="bo@example.com")
    desk.world.workspace.allow(transient.job_id, level="CAN_MANAGE_RUN", user="ana@example.com")
    desk.world.workspace.allow(transient.job_id, level="CAN_VIEW", user="bo@example.com")
    desk.configure(
        Permission(actions=EVERYTHING, users=(ANA, BO, EVE)),
        policy=Policy(check_job_permissions=True),
    )
    desk.types("rerun 501", who=BO)
    assert "In Databricks you may not manage runs of this job" in desk.told(BO)[0]
    desk.types("rerun 501", who=EVE)
    assert "Nothing was done" in desk.told(EVE)[0]
    assert desk.repairs == 0
    desk.types("rerun 501", who=ANA)
    assert desk.repairs == 1


def test_everything_done_or_refused_is_in_the_audit_trail(
    desk: Desk, transient: PretendRun
) -> None:
    desk.types("rerun 501", who=EVE)
    desk.types("ack", who=ANA)
    desk.types("status", who=ANA)

    done, refused = desk.services.store.audit()
    assert (refused.done, refused.action.kind, refused.action.actor.user_id) == (
        False, "rerun", EVE,
    )  # fmt: skip
    assert (done.done, done.action.kind, done.action.actor.user_id) == (True, "ack", ANA)
    assert done.action.incident_id.startswith("inc-")
    assert refused.action.run_id == 501
