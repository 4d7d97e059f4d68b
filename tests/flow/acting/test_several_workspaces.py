"""`/jobmon runs` where there are several workspaces."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from jobmon.databricks.workspaces import SdkWorkspaces
from jobmon.demo.scenarios import platform
from jobmon.demo.workspace import PretendWorkspace
from jobmon.settings import Secret, WorkspaceSettings
from tests.flow.acting.conftest import STARTED, Desk
from workers.services import install


def settings_of(workspace: PretendWorkspace) -> WorkspaceSettings:
    """How jobmon gets into a pretend workspace."""
    return WorkspaceSettings(
        name=f"w{workspace.workspace_id}",
        workspace_id=workspace.workspace_id,
        host=workspace.url,
        token=Secret(workspace.token),
    )


@pytest.fixture
def other(desk: Desk) -> Iterator[PretendWorkspace]:
    """A second workspace, beside the desk's own."""
    with PretendWorkspace(workspace_id=111) as second:
        both = SdkWorkspaces(
            [settings_of(desk.world.workspace), settings_of(second)],
            limiter=desk.services.limiter,
        )
        desk.services = replace(desk.services, workspaces=both)
        install(desk.services)
        yield second


def test_runs_of_all_workspaces_are_listed_newest_first_each_with_its_workspace(
    desk: Desk, other: PretendWorkspace
) -> None:
    mine, theirs = desk.world.workspace, other
    places = {501: mine, 502: theirs, 503: mine, 504: theirs}
    for run_id, place in places.items():
        place.add(platform.spot_instance_lost(run_id, STARTED + timedelta(minutes=run_id - 500)))
    desk.types("runs")

    lines = desk.told()[-1].splitlines()
    assert [run_id for line in lines for run_id in places if f"|{run_id}>" in line] == [
        504, 503, 502, 501,
    ]  # fmt: skip
    hosts = [places[run_id].url for run_id in (504, 503, 502, 501)]
    assert all(line.endswith(f"in {host}") for line, host in zip(lines, hosts, strict=True))


def test_of_one_workspace_no_run_says_which(desk: Desk) -> None:
    desk.world.workspace.add(platform.spot_instance_lost(501, STARTED))
    desk.types("runs")

    assert "501" in desk.told()[-1]
    assert f"in {desk.world.workspace.url}" not in desk.told()[-1]
