"""What was asked for and not done is said to who asked, in the thread, and in the audit trail."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jobmon.demo.scenarios import training
from jobmon.demo.workspace import Fault, FaultKind, PretendRun
from tests.flow.acting.conftest import ANA, BO, STARTED, Desk


def is_active(desk: Desk, _run: PretendRun) -> None:
    desk.world.workspace.content.runs[501]["status"]["state"] = "RUNNING"


def newer_run_succeeded(desk: Desk, run: PretendRun) -> None:
    later = training.succeeded(502, STARTED + timedelta(minutes=9)).run
    desk.world.workspace.add(replace(run, run={**later, "job_id": run.job_id}))


def databricks_is_away(desk: Desk, _run: PretendRun) -> None:
    desk.world.workspace.fail(Fault(path="/jobs/runs/get", kind=FaultKind.DROP, times=50))


def nothing_happened(_desk: Desk, _run: PretendRun) -> None:
    pass


REFUSALS = {
    "still active": (is_active, "rerun hourly_sessions", "Run 501 is still active"),
    "overtaken": (newer_run_succeeded, "rerun hourly_sessions", "A newer run of this job has"),
    "no such task": (nothing_happened, "rerun hourly_sessions --tasks x", "has no task x"),
    "ended already": (nothing_happened, "cancel 501", "Run 501 has ended already"),
    "unreachable": (databricks_is_away, "rerun hourly_sessions", "Try again"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_why_not_is_said_where_people_see_it(desk: Desk, transient: PretendRun, name: str) -> None:
    happens, text, why = REFUSALS[name]
    happens(desk, transient)
    desk.types(text)

    assert why in desk.told()[-1]
    (line,) = [item for item in desk.thread if "nothing was done" in item]
    assert line.startswith(f"<@{ANA}> asked to {text.split()[0]}, and nothing was done: ")
    assert why in line
    (outcome,) = desk.services.store.audit()
    assert not outcome.done
    assert why in outcome.text
    assert (desk.repairs, desk.new_runs) == (0, 0)


def test_the_page_of_another_workspace_is_refused(desk: Desk, transient: PretendRun) -> None:
    desk.types("rerun https://adb-99.9.azuredatabricks.net/jobs/1/runs/501?o=99")

    assert "that page is of workspace 99, which is none of jobmon's" in desk.told()[-1]
    assert (desk.repairs, desk.new_runs) == (0, 0)


def test_too_late_is_said_too(desk: Desk, transient: PretendRun) -> None:
    seen = desk.seen
    newer_run_succeeded(desk, transient)
    desk.world.post(
        {
            "event_type": "jobs.on_success",
            "workspace_id": desk.world.workspace.workspace_id,
            "run": {"run_id": 502},
            "job": {"job_id": transient.job_id},
        }
    )
    desk.world.work()
    assert "recovered" in desk.root.text
    desk.clicks_only(seen, "jobmon.ack")
    desk.world.work()

    assert desk.told()[-1] == "It has been resolved meanwhile."
    assert any("asked to ack, and nothing was done: It has been" in item for item in desk.thread)


def test_who_comes_second_is_named_in_the_thread_but_a_double_click_is_not(
    desk: Desk, transient: PretendRun
) -> None:
    desk.world.workspace.repair_outcome(transient.job_id, takes=60)
    seen = desk.seen
    for who in (ANA, ANA, BO):
        desk.clicks_only(seen, "jobmon.rerun", who=who)
    desk.world.work()

    assert sum("as well" in item for item in desk.thread) == 1
    assert any(item.startswith(f"<@{BO}> asked to rerun as well") for item in desk.thread)
    assert f"<@{ANA}> has rerun it already" in desk.told(BO)[-1]
    assert len(desk.services.store.audit()) == 3
