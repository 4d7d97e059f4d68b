"""Many jobs that fail with one cause are told once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.demo.workspace import PretendRun
from jobmon.settings import QuietHours
from tests.flow.conftest import CHANNEL, World

STARTED = datetime.now(UTC) - timedelta(minutes=5)
ERROR = (
    "org.apache.hadoop.hive.ql.metadata.HiveException: "
    "java.sql.SQLNonTransientConnectionException: "
    "Could not connect to address=(host=metastore.example.com)(port=3306): Connection refused"
)


def failing(job: int, *, run: int | None = None) -> PretendRun:
    builder = RunBuilder(
        run_id=run or job * 1_000_000, job_id=job, name=f"job_{job}", started_at=STARTED
    )
    builder.task("load", notebook("/x"), result="FAILED", output=failed_output(ERROR))
    return builder.build()


def well(job: int) -> PretendRun:
    builder = RunBuilder(
        run_id=job * 1_000_000 + 1,
        job_id=job,
        name=f"job_{job}",
        started_at=STARTED + timedelta(minutes=1),
    )
    builder.task("load", notebook("/x"))
    return builder.build(result="SUCCESS")


def fail_jobs(world: World, jobs: Sequence[int]) -> None:
    for job in jobs:
        world.fails(world.workspace.add(failing(job)).run_id)
        world.work()


def test_forty_jobs_with_one_cause_are_two_messages_and_one_of_the_platform(world: World) -> None:
    fail_jobs(world, range(1, 41))

    texts = [message.text for message in world.slack.messages(CHANNEL)]
    assert len(texts) == 3
    platform = world.slack.messages(CHANNEL)[-1]
    assert "38 jobs failed" in platform.text
    assert "job_40" in str([note.blocks for note in world.slack.thread(platform.ts)])
    assert len(world.mailbox.messages) == 3


def test_the_platform_incident_is_resolved_when_the_last_job_is_well(world: World) -> None:
    fail_jobs(world, range(1, 6))
    for job in range(1, 6):
        run = world.workspace.add(well(job))
        world.post(world.workspace.event(run.run_id, kind="jobs.on_success"))
        world.work()

    assert all("recovered" in message.text for message in world.slack.messages(CHANNEL))


def test_two_jobs_are_no_storm(world: World) -> None:
    fail_jobs(world, [1, 2])

    assert [message.text.split()[1] for message in world.slack.messages(CHANNEL)] == [
        "job_1",
        "job_2",
    ]


def test_a_new_cause_of_one_job_is_told_for_itself(world: World) -> None:
    fail_jobs(world, range(1, 5))
    builder = RunBuilder(
        run_id=77_000_000, job_id=4, name="job_4", started_at=STARTED + timedelta(minutes=2)
    )
    builder.task(
        "load",
        notebook("/x"),
        result="FAILED",
        output=failed_output("ModuleNotFoundError: No module named 'holidays'"),
    )
    world.fails(world.workspace.add(builder.build()).run_id)
    world.work()

    assert "job_4 failed" in world.slack.messages(CHANNEL)[-1].text


def test_quiet_hours_hold_a_storm_back_too(world: World) -> None:
    now = datetime.now(UTC)
    quiet = QuietHours(start=f"{now:%H:%M}", end=f"{now + timedelta(hours=2):%H:%M}")
    world.change_policy(quiet_hours=(quiet,))
    fail_jobs(world, range(1, 5))

    assert not world.slack.messages(CHANNEL)
