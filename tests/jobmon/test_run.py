"""What a run's tasks say: latest attempts, root failures, what lies downstream."""

from dataclasses import replace

from jobmon.run import (
    Outcome,
    Run,
    RunEvent,
    RunEventKind,
    RunId,
    TaskRun,
    TaskRunId,
    WorkspaceId,
    latest_attempts,
)
from tests.support.runs import a_run, at


def a_task(key: str, outcome: Outcome | None = Outcome.FAILED, **fields: object) -> TaskRun:
    return replace(TaskRun(task_key=key, run_id=TaskRunId(1), outcome=outcome), **fields)  # type: ignore[arg-type]


def run_of(*tasks: TaskRun, outcome: Outcome | None = Outcome.FAILED) -> Run:
    return Run(workspace_id=WorkspaceId(1), run_id=RunId(1), outcome=outcome, tasks=tasks)


def keys(tasks: tuple[TaskRun, ...]) -> list[str]:
    return [task.task_key for task in tasks]


def test_a_run_and_whatever_is_said_of_it_or_its_tasks_share_a_mailbox() -> None:
    event = RunEvent(
        kind=RunEventKind.FAILED,
        workspace_id=WorkspaceId(1),
        run_id=RunId(123),
        received_at=at(0),
    )
    of_a_task = replace(event, run_id=RunId(9), parent_run_id=RunId(123))

    assert event.mailbox == of_a_task.mailbox == a_run(123).mailbox
    assert event.mailbox != a_run(9).mailbox
    assert event.mailbox != replace(event, workspace_id=WorkspaceId(2)).mailbox


def test_only_the_latest_attempt_of_a_task_counts() -> None:
    attempts = [a_task("load", Outcome.SUCCEEDED, attempt_number=1), a_task("load")]

    assert [task.outcome for task in latest_attempts(attempts)] == [Outcome.SUCCEEDED]


def test_of_equal_attempts_the_later_start_counts() -> None:
    early = a_task("load", started_at=at(0))
    late = a_task("load", Outcome.SUCCEEDED, started_at=at(5))

    assert latest_attempts([late, early]) == (late,)


def test_tasks_below_a_failure_are_not_root_failures() -> None:
    run = run_of(
        a_task("load"),
        a_task("train", Outcome.UPSTREAM_FAILED, depends_on=("load",)),
        a_task("publish", Outcome.SKIPPED, depends_on=("train",)),
        a_task("report", Outcome.SUCCEEDED),
    )

    assert keys(run.failed_tasks) == ["load"]
    assert keys(run.downstream_tasks) == ["train", "publish"]


def test_a_task_skipped_by_its_own_condition_is_not_downstream() -> None:
    run = run_of(
        a_task("load", Outcome.SUCCEEDED), a_task("notify", Outcome.SKIPPED, depends_on=("load",))
    )

    assert keys(run.downstream_tasks) == []


def test_a_task_that_will_be_tried_again_has_not_failed_yet() -> None:
    task = a_task("load", retries_left=1)

    assert keys(run_of(task, outcome=None).failed_tasks) == []
    assert keys(run_of(task, outcome=None).retried_tasks) == ["load"]
    assert keys(run_of(task).failed_tasks) == ["load"]


def test_a_task_that_is_tried_for_ever_is_told_some_day() -> None:
    task = a_task("stream", retries_left=1, attempt_number=3)

    assert keys(run_of(task, outcome=None).failed_tasks) == ["stream"]


def test_the_same_state_of_a_run_has_the_same_key_and_another_state_another() -> None:
    first = a_run(1, failed=["load", "train"])

    assert first.attempts_key == a_run(1, failed=["load", "train"]).attempts_key
    others = [
        a_run(1, failed=["load"]),
        a_run(1, failed=["load", "train"], repair=5),
        a_run(1, failed=["load", "train"], outcome=None),
    ]
    assert len({first.attempts_key, *(run.attempts_key for run in others)}) == 4
