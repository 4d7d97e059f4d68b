"""Many failures with one cause are told once: tasks of one run, and jobs of one platform."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jobmon.databricks.workspaces import SdkWorkspaces
from jobmon.demo.scenarios.building import RunBuilder, failed_output, notebook
from jobmon.settings import QuietHours, Route
from tests.flow.conftest import CHANNEL, Unlimited, World
from tests.flow.jobs import (
    METASTORE,
    MODULE,
    STARTED,
    a_failed_run,
    a_good_run,
    let_fail,
    let_succeed,
)
from tests.support.blocks import of_type, walk
from workers.services import install

TASKS = 500
ONCALL = "U0ONCALL01"


def fail_jobs(world: World, jobs: Iterable[int]) -> None:
    let_fail(world, *(a_failed_run(job) for job in jobs))


def heal_jobs(world: World, jobs: Iterable[int]) -> None:
    let_succeed(world, *(a_good_run(job, 1) for job in jobs))


def texts(world: World) -> list[str]:
    return [message.text for message in world.slack.messages(CHANNEL)]


def notes_of_platform(world: World) -> list[str]:
    return [note.text for note in world.slack.thread(world.slack.messages(CHANNEL)[-1].ts)]


def test_500_failed_tasks_with_one_cause_are_one_message_and_each_is_read_once(
    world: World,
) -> None:
    builder = RunBuilder(run_id=1, job_id=7, name="wide", started_at=STARTED)
    for number in range(TASKS):
        builder.task(
            f"load_{number}", notebook("/x"), result="FAILED", output=failed_output(METASTORE)
        )
    world.workspace.add(builder.build())
    reading = SdkWorkspaces(world.settings.workspaces, limiter=Unlimited())
    install(replace(world.services, workspaces=reading))
    for key in ("load_0", "load_1", "load_499"):
        world.post(world.workspace.event(1, task_key=key))
    world.fails(1)
    world.work()
    world.fails(1)
    world.work()

    (message,) = world.slack.messages(CHANNEL)
    assert "500 tasks" in message.text
    assert len(world.mailbox.messages) == 1
    assert len(world.workspace.calls_to("/jobs/runs/get-output")) == TASKS
    assert len(world.workspace.calls) <= TASKS + 25
    assert len(world.slack.calls_of("chat.postMessage")) <= 2
    assert len(world.slack.calls) <= 25


def test_forty_jobs_with_one_cause_are_two_messages_and_one_of_the_platform(world: World) -> None:
    fail_jobs(world, range(1, 41))

    assert len(texts(world)) == 3
    assert "40 jobs failed" in texts(world)[-1]
    assert any("job_40" in text for text in notes_of_platform(world))
    assert len(world.mailbox.messages) == 3


def test_a_platforms_message_says_how_many_jobs_once_and_names_them(world: World) -> None:
    fail_jobs(world, range(1, 5))

    platform = world.slack.messages(CHANNEL)[-1]
    assert str(platform.blocks).count("4 jobs") == 1
    assert platform.text.count("4 jobs") == 1
    assert "Failing: job_" in str(platform.blocks)


def test_jobs_that_fail_at_once_are_gathered_in_few_calls(world: World) -> None:
    for job in range(1, 41):
        world.fails(world.workspace.add(a_failed_run(job)).run_id)
    world.work()

    platform = texts(world)[-1]
    assert "40 jobs failed" in platform
    assert len(texts(world)) == 3
    assert len(world.slack.calls) <= 40


def test_the_first_two_are_members_and_their_threads_say_where_it_goes_on(world: World) -> None:
    fail_jobs(world, range(1, 4))

    first, second, platform = world.slack.messages(CHANNEL)
    assert "3 jobs failed" in platform.text
    for root in (first, second):
        assert "one message of its own" in world.slack.thread(root.ts)[-1].text
    heal_jobs(world, range(1, 4))
    assert all("recovered" in text for text in texts(world))


def test_people_are_called_once_by_a_storm(world: World) -> None:
    route = Route(destinations=(f"slack:{CHANNEL}",), mentions=(ONCALL,))
    world.change_settings(routes=(route,))
    fail_jobs(world, range(1, 11))

    posts = [call for call in world.slack.calls_of("chat.postMessage") if ONCALL in str(call)]
    assert len(posts) == 3  # the first two jobs, and the platform


def test_a_storms_notes_link_each_job_to_its_run(world: World) -> None:
    run = a_failed_run(4)
    run.run["run_name"] = "<!channel> *|job* <http://evil.example|x>"
    fail_jobs(world, range(1, 4))
    let_fail(world, run)

    note = world.slack.thread(world.slack.messages(CHANNEL)[-1].ts)[-1]
    (section,) = of_type(note.blocks, "mrkdwn")
    url = f"{world.workspace.url}/jobs/4/runs/{run.run_id}"
    assert section["text"].startswith(f"<{url}")
    assert section["text"].endswith("> fails with the same cause.")
    assert "<!channel>" not in section["text"]
    assert "<http://evil" not in section["text"]
    assert not [item for item in walk(note.blocks) if "url" in item]


def test_the_platform_incident_is_resolved_when_the_last_job_is_well(world: World) -> None:
    fail_jobs(world, range(1, 6))
    heal_jobs(world, range(1, 5))
    assert "recovered" not in texts(world)[-1]
    assert "Failing: job_5; 4 well again" in str(world.slack.messages(CHANNEL)[-1].blocks)

    heal_jobs(world, [5])

    assert all("recovered" in text for text in texts(world))
    assert "Well again: job_" in str(world.slack.messages(CHANNEL)[-1].blocks)


def test_two_jobs_are_no_storm(world: World) -> None:
    fail_jobs(world, [1, 2])

    assert [text.split()[1] for text in texts(world)] == ["job_1", "job_2"]


def test_a_new_cause_of_one_job_is_told_for_itself_and_ends_its_part(world: World) -> None:
    fail_jobs(world, range(1, 5))
    let_fail(world, a_failed_run(4, 1, MODULE))

    assert "job_4 failed" in texts(world)[-1]
    platform = world.slack.messages(CHANNEL)[2]
    assert "another cause" in world.slack.thread(platform.ts)[-1].text

    heal_jobs(world, range(1, 4))

    assert "recovered" in texts(world)[2]


def test_quiet_hours_hold_a_storm_back_too(world: World) -> None:
    now = datetime.now(UTC)
    quiet = QuietHours(start=f"{now:%H:%M}", end=f"{now + timedelta(hours=2):%H:%M}")
    world.change_policy(quiet_hours=(quiet,))
    fail_jobs(world, range(1, 5))

    assert not texts(world)
