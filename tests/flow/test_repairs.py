"""Repairs of one run, each with an id of its own that says nothing of its place."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jobmon.incident import IncidentState
from jobmon.run import RunId
from tests.flow.conftest import CHANNEL, World
from tests.flow.jobs import MODULE, a_failed_run, a_good_run, let_fail, let_succeed
from workers.services import current, install


def repaired(world: World, run_id: int, *, succeeds: bool) -> int:
    """Let a run be repaired, end and be told of; the repair's id."""
    workspace = current().workspaces.get(None)
    run = workspace.run(RunId(run_id))
    world.workspace.repair_outcome(run.job_id or 0, succeeds=succeeds)
    repair_id = workspace.repair(run)
    workspace.run(run.run_id)
    kind = "jobs.on_success" if succeeds else "jobs.on_failure"
    world.post(world.workspace.event(run_id, kind=kind))
    world.work()
    return repair_id


@pytest.mark.parametrize(
    ("succeeds", "state", "failures"),
    [(True, IncidentState.RESOLVED, 2), (False, IncidentState.OPEN, 3)],
    ids=["succeeds", "fails"],
)
def test_what_comes_of_a_second_repair_is_told(
    world: World, state: IncidentState, failures: int, *, succeeds: bool
) -> None:
    run = a_failed_run(7, 0, MODULE)
    let_fail(world, run)

    first = repaired(world, run.run_id, succeeds=False)
    second = repaired(world, run.run_id, succeeds=succeeds)

    (incident,) = current().store.incidents(open_only=False)
    assert second < first
    assert (incident.state, incident.failure_count) == (state, failures)
    assert len(world.mailbox.messages) == 3


@pytest.mark.parametrize("days", [2, 8], ids=["after two days", "after a week"])
def test_an_old_run_whose_repair_fails_days_after_it_was_over_is_told(
    world: World, days: int
) -> None:
    run = a_failed_run(7, 0, MODULE)
    let_fail(world, run)
    let_succeed(world, a_good_run(7, 1))
    later = datetime.now(UTC) + timedelta(days=days)
    install(replace(world.services, now=lambda: later))

    repaired(world, run.run_id, succeeds=False)

    over, told = world.slack.messages(CHANNEL)
    assert ("recovered" in over.text, "failed" in told.text) == (True, True)
    assert len(world.mailbox.messages) == 3
    (detail,) = world.slack.thread(told.ts)
    assert "full error" in detail.text
