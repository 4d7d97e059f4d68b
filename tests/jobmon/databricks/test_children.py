from dataclasses import replace
from datetime import timedelta

import pytest

from jobmon.databricks import pipelines
from jobmon.databricks.workspace import SdkWorkspace
from jobmon.demo.scenarios import data, nesting
from jobmon.demo.scenarios.building import failed_output, notebook
from jobmon.demo.workspace import PretendWorkspace
from jobmon.demo.workspace.states import ended
from jobmon.run import RunId
from tests.jobmon.databricks.support import (
    RUN_ID,
    STARTED_AT,
    a_run_builder,
    connected,
    failures_of,
)


def test_a_for_each_gives_one_failure_for_each_error_with_its_count(
    pretend: PretendWorkspace,
) -> None:
    failures = failures_of(pretend, "for_each")

    counts = sorted((f.occurrences, f.error.partition(":")[0]) for f in failures)
    assert counts == [(3, "ValueError"), (6, "FileNotFoundError")]
    assert {f.task_key for f in failures} == {"load_stores"}
    assert all(f.trace and f.origin.startswith("iteration ") for f in failures)
    assert len(pretend.calls_to("/get-output")) == 5


def for_each_failures(
    pretend: PretendWorkspace, *iterations: tuple[str, int, str]
) -> list[tuple[str, int]]:
    """The errors of a for-each without statistics, each with its count.

    An iteration without an error went well.
    """
    builder = a_run_builder()
    task_run_id = builder.task("load_all", {"for_each_task": {"inputs": "[1]"}}, result="FAILED")
    entries = []
    for number, (key, attempt, error) in enumerate(iterations):
        run_id = task_run_id + 1000 + number
        state = ended("FAILED" if error else "SUCCESS", "")
        entries.append({"run_id": run_id, "task_key": key, "attempt_number": attempt, **state})
        builder.outputs[run_id] = failed_output(error, error)
    builder.iterations[task_run_id] = tuple(entries)
    pretend.add(builder.build())
    workspace = connected(pretend)
    run = workspace.run(RunId(RUN_ID))
    return [(one.error, one.occurrences) for one in workspace.failures(run, run.failed_tasks)]


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(("load_0", "load_1", "load_2", "load_3", "load_4"), id="a key each"),
        pytest.param(("load", "load", "load", "load", "load"), id="one key"),
        pytest.param(("", "", "", "", ""), id="no key"),
    ],
)
def test_iterations_are_told_apart_whatever_their_keys(
    pretend: PretendWorkspace, keys: tuple[str, ...]
) -> None:
    errors = ("KeyError: a", "ValueError: b", "KeyError: a", "ValueError: b", "OSError: c")
    iterations = [(key, 0, error) for key, error in zip(keys, errors, strict=True)]

    found = for_each_failures(pretend, *iterations)

    assert found == [("KeyError: a", 2), ("ValueError: b", 2), ("OSError: c", 1)]


def test_of_an_iteration_that_was_retried_the_last_attempt_counts(
    pretend: PretendWorkspace,
) -> None:
    found = for_each_failures(
        pretend,
        ("load_0", 0, "KeyError: a"),
        ("load_0", 1, "OSError: c"),
        ("load_1", 0, "ValueError: b"),
        ("load_1", 1, ""),
    )

    assert found == [("OSError: c", 1)]


def test_a_run_job_task_is_followed_into_the_run_it_started(pretend: PretendWorkspace) -> None:
    (failure,) = failures_of(pretend, "child_job")

    assert failure.task_key == "run_erp"
    assert failure.error.startswith("ConnectionError")
    assert "load_erp, task load_orders" in failure.origin


def test_runs_that_start_runs_are_followed_three_deep(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    for level in range(6):
        builder = a_run_builder(RUN_ID + level * 10**6, name=f"level_{level}")
        child = {"run_job_output": {"run_id": RUN_ID + (level + 1) * 10**6}}
        spec = {"run_job_task": {"job_id": 42}}
        builder.task("call", spec, result="FAILED", output=child)
        pretend.add(builder.build())
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert "level_3" in failure.origin
    assert "level_4" not in failure.origin
    assert "three deep" in failure.note


def test_a_child_run_without_a_failed_task_says_itself_why_it_ended(
    pretend: PretendWorkspace,
) -> None:
    parent = nesting.child_job_failed(RUN_ID, STARTED_AT)
    (child,) = parent.children
    said = "Run timed out: it exceeded its maximum run duration."
    child.run.update(ended("TIMEDOUT", said))
    child.run["tasks"][0].update(ended("CANCELED"))
    pretend.add(parent)
    workspace = connected(pretend)
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert failure.message == said
    assert "load_erp" in failure.origin


def test_a_pipeline_task_is_told_by_its_event_log(pretend: PretendWorkspace) -> None:
    (failure,) = failures_of(pretend, "pipeline")

    assert "EXPECTATION_VIOLATION" in failure.error
    assert "FlowExecution.scala:214" in failure.trace
    assert failure.origin.startswith("pipeline update ")


def test_errors_of_a_pipelines_earlier_update_are_not_told(pretend: PretendWorkspace) -> None:
    earlier = data.pipeline_failed(RUN_ID, STARTED_AT - timedelta(days=1))
    later = data.pipeline_failed(RUN_ID, STARTED_AT)
    pretend.add(replace(later, events=earlier.events))
    workspace = connected(pretend)
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert failure.error == ""
    assert "no error of this update" in failure.note


def test_errors_of_a_pipelines_later_update_are_not_told(pretend: PretendWorkspace) -> None:
    mine = data.pipeline_failed(RUN_ID, STARTED_AT)
    later = data.pipeline_failed(RUN_ID + 10**6, STARTED_AT + timedelta(hours=1))
    ((pipeline, events),) = mine.events.items()
    others = tuple({**e, "origin": {"update_id": "later"}} for e in later.events[pipeline])
    pretend.add(replace(mine, events={pipeline: (*others, *events)}))
    workspace = connected(pretend)
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert "EXPECTATION_VIOLATION" in failure.error
    assert failure.origin == f"pipeline update {events[0]['origin']['update_id']}"


def test_a_pipelines_errors_are_found_however_many_others_came_since(
    pretend: PretendWorkspace,
) -> None:
    mine = data.pipeline_failed(RUN_ID, STARTED_AT)
    later = data.pipeline_failed(RUN_ID + 10**6, STARTED_AT + timedelta(hours=1))
    ((pipeline, events),) = mine.events.items()
    others = later.events[pipeline] * pipelines.EVENTS_READ
    pretend.add(replace(mine, events={pipeline: (*others, *events)}))
    workspace = connected(pretend)
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert "EXPECTATION_VIOLATION" in failure.error
    assert failure.note == ""


def test_a_nested_notebook_is_found_by_the_id_in_the_text(pretend: PretendWorkspace) -> None:
    (failure,) = failures_of(pretend, "nested_notebook")

    assert failure.error.startswith("AssertionError: ledger is out of balance")
    assert failure.origin.startswith("nested notebook run ")


def test_a_text_that_names_a_run_of_another_job_does_not_show_it(
    pretend: PretendWorkspace, workspace: SdkWorkspace
) -> None:
    theirs = a_run_builder(RUN_ID + 10**6, job_id=43, name="payroll")
    secret = failed_output("ValueError: salary of Jane Doe is 182000")
    their_task = theirs.task("pay", notebook("/pay"), result="FAILED", output=secret)
    pretend.add(theirs.build())
    mine = a_run_builder()
    said = failed_output(f"RuntimeError: dbutils.notebook.run( failed, run_id={their_task}")
    mine.task("load", notebook("/n"), result="FAILED", output=said)
    pretend.add(mine.build())
    run = workspace.run(RunId(RUN_ID))

    (failure,) = workspace.failures(run, run.failed_tasks)

    assert failure.error.startswith("RuntimeError")
    assert failure.origin == ""
