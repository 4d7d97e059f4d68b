"""One workspace that does not answer: what the others know is said and done all the same."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from threading import Event
from typing import cast

import pytest

from jobmon.databricks.workspaces import SdkWorkspaces
from jobmon.demo.workspace import PretendRun, PretendWorkspace
from jobmon.ports.workspace import Workspace
from jobmon.settings import Secret, WorkspaceSettings
from tests.flow.acting.conftest import ANA, Desk
from workers.act.everywhere import ask_each
from workers.services import install

AWAY = "refuses jobmon's credentials"


@pytest.fixture
def two(desk: Desk, transient: PretendRun) -> Iterator[Desk]:
    """A desk with two workspaces, of which the first does not let jobmon in."""
    here = desk.world.workspace
    with PretendWorkspace(workspace_id=111) as other:
        away = WorkspaceSettings(
            name="away", workspace_id=111, host=other.url, token=Secret("expired")
        )
        near = WorkspaceSettings(
            name="near",
            workspace_id=here.workspace_id,
            host=here.url,
            token=Secret(here.token),
        )
        both = SdkWorkspaces([away, near], limiter=desk.services.limiter)
        desk.services = replace(desk.services, workspaces=both)
        install(desk.services)
        yield desk


def test_a_run_is_found_where_it_is(two: Desk) -> None:
    two.types("rerun 501")

    assert two.repairs == 1


def test_a_run_that_nobody_else_has_may_be_where_nobody_answers(two: Desk) -> None:
    two.types("diagnose 999")

    assert AWAY in two.told(ANA)[-1]


def test_a_list_of_runs_says_whose_are_missing(two: Desk) -> None:
    two.types("runs")

    assert "hourly_sessions" in two.told(ANA)[-1]
    assert "Some are missing" in two.told(ANA)[-1]
    assert AWAY in two.told(ANA)[-1]


def test_a_name_that_the_other_may_have_too_starts_nothing_and_an_id_does(
    two: Desk, transient: PretendRun
) -> None:
    two.types("run hourly_sessions")

    assert two.new_runs == 0
    assert f"has the id {transient.job_id}: name that" in two.told(ANA)[-1]

    two.types(f"run {transient.job_id}")

    assert two.new_runs == 1


@dataclass(frozen=True)
class Named:
    name: str


@dataclass(frozen=True)
class Both:
    places: tuple[Named, ...]

    def all(self) -> tuple[Named, ...]:
        return self.places


def test_who_has_heard_enough_does_not_wait_for_one_that_is_silent(desk: Desk) -> None:
    silence = Event()
    services = replace(desk.services, workspaces=Both((Named("silent"), Named("near"))))  # type: ignore[arg-type]

    def question(workspace: Workspace) -> str:
        name = cast("Named", workspace).name
        if name == "silent":
            silence.wait()
        return name

    try:
        assert next(ask_each(services, question)).answer == "near"
    finally:
        silence.set()
