"""Repairs of one run, each with an id of its own that says nothing of its place."""

import pytest

from jobmon.incident import IncidentState
from jobmon.run import RunId
from tests.flow.conftest import World
from tests.flow.jobs import MODULE, a_failed_run, let_fail
from workers.services import current


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
