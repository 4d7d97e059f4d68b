"""A platform incident is every member's: who acts on it needs the right to each of its jobs."""

import pytest

from jobmon.action import Permission
from jobmon.incident import Incident
from jobmon.settings import Policy
from tests.flow.acting.conftest import ANA, BO, EVE, EVERYTHING, Desk
from tests.flow.conftest import CHANNEL
from tests.flow.jobs import METASTORE, a_failed_run, let_fail
from tests.support.blocks import action_ids, shown_text

TAGS = {1: "payments", 2: "payments", 3: "payments", 4: "payments", 5: "dev"}
OF_DEV = Permission(actions=EVERYTHING, users=(EVE,), tags=("team=dev",))
CHECKED = Policy(check_job_permissions=True)


@pytest.fixture
def platform(desk: Desk) -> str:
    """The id of the incident of five jobs that fail with one cause: the last is another team's."""
    for job, team in TAGS.items():
        let_fail(desk.world, a_failed_run(job, tags={"team": team}))
    return the_platform(desk).incident_id


def the_platform(desk: Desk) -> Incident:
    (found,) = (item for item in desk.services.store.incidents() if item.members)
    return found


def is_muted(desk: Desk) -> bool:
    return the_platform(desk).is_muted(desk.services.now())


def test_it_names_its_id_and_is_looked_into_and_taken_on_by_its_buttons(
    desk: Desk, platform: str
) -> None:
    message = desk.world.slack.messages(CHANNEL)[-1]
    assert f"Incident {platform}" in shown_text(message.blocks)
    desk.clicks_only(message, "jobmon.details")
    desk.world.work()
    assert METASTORE in shown_text(desk.answer().blocks)
    desk.clicks_only(message, "jobmon.ack")
    desk.world.work()

    assert the_platform(desk).acknowledged_by == ANA
    message = desk.world.slack.messages(CHANNEL)[-1]
    assert f"Acknowledged* by <@{ANA}>" in str(message.blocks)
    assert "jobmon.ack" not in action_ids(message.blocks)


@pytest.mark.parametrize("text", ["mute {} for 30d", "ack {}", "unmute {}"])
def test_the_right_to_one_teams_jobs_is_none_to_everybodys_incident(
    desk: Desk, platform: str, text: str
) -> None:
    desk.configure(OF_DEV, Permission(actions=EVERYTHING, users=(BO,)))
    desk.types(text.format(platform), who=EVE)

    assert f"all of these 5 jobs. <@{BO}> may" in desk.told(EVE)[-1]
    assert not is_muted(desk)
    assert not the_platform(desk).acknowledged_by
    (outcome,) = desk.services.store.audit()
    assert not outcome.done


@pytest.mark.parametrize(
    "permissions",
    [
        (Permission(actions=EVERYTHING, users=(EVE,), jobs=("job_*",)),),
        (OF_DEV, Permission(actions=EVERYTHING, users=(EVE,), tags=("team=payments",))),
        (Permission(actions=EVERYTHING, users=(EVE,)),),
    ],
    ids=["a-pattern-of-all", "one-table-for-each-team", "everything"],
)
def test_who_has_the_right_to_each_of_its_jobs_may(
    desk: Desk, platform: str, permissions: tuple[Permission, ...]
) -> None:
    desk.configure(*permissions)
    desk.types(f"mute {platform} for 30d", who=EVE)

    assert is_muted(desk)


def test_ones_own_job_can_be_acted_on_while_it_is_part_of_a_platform_incident(
    desk: Desk, platform: str
) -> None:
    desk.configure(OF_DEV)
    desk.types("ack job_5", who=EVE)

    acknowledged = [
        item.job_name for item in desk.services.store.incidents() if item.acknowledged_by
    ]
    assert acknowledged == ["job_5"]


def test_databricks_is_asked_about_each_of_its_jobs(desk: Desk, platform: str) -> None:
    desk.world.slack.add_user(ANA, name="Ana", email="ana@example.com")
    desk.configure(Permission(actions=EVERYTHING, users=(ANA,)), policy=CHECKED)
    for job in (1, 2, 3, 5):
        desk.world.workspace.allow(job, level="CAN_MANAGE_RUN", user="ana@example.com")
    desk.types(f"mute {platform} for 4h")
    assert "may not manage runs of `job_4`, one of 5 jobs" in desk.told()[-1]
    assert not is_muted(desk)

    desk.world.workspace.allow(4, level="CAN_MANAGE_RUN", user="ana@example.com")
    desk.types(f"mute {platform} for 5h")
    assert is_muted(desk)


def test_databricks_is_asked_about_each_job_that_a_muted_cause_silences_now(desk: Desk) -> None:
    let_fail(desk.world, a_failed_run(1), a_failed_run(2))
    desk.world.slack.add_user(ANA, name="Ana", email="ana@example.com")
    desk.configure(Permission(actions=EVERYTHING, users=(ANA,)), policy=CHECKED)
    desk.world.workspace.allow(1, level="CAN_MANAGE_RUN", user="ana@example.com")
    desk.types("mute job_1 --cause for 4h")
    assert "may not manage runs of `job_2`, one of 2 jobs" in desk.told()[-1]
    assert not desk.services.store.cause_mutes()

    desk.world.workspace.allow(2, level="CAN_MANAGE_RUN", user="ana@example.com")
    desk.types("mute job_1 --cause for 5h")
    assert desk.services.store.cause_mutes()


def test_a_job_of_which_nothing_is_remembered_is_nobodys_in_databricks(
    desk: Desk, platform: str
) -> None:
    desk.world.slack.add_user(ANA, name="Ana", email="ana@example.com")
    desk.configure(Permission(actions=EVERYTHING, users=(ANA,)), policy=CHECKED)
    for job in TAGS:
        desk.world.workspace.allow(job, level="CAN_MANAGE_RUN", user="ana@example.com")
    forgotten = the_platform(desk).members[2]
    desk.world.client.delete(f"jobmon:digest:{forgotten.incident_id}")
    desk.types(f"ack {platform}")

    assert f"may not manage runs of `{forgotten.job_name}`" in desk.told()[-1]
    assert not the_platform(desk).acknowledged_by
