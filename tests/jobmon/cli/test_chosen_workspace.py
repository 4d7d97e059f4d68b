"""A page that is given as a run says whose run it is: no other workspace's is meant."""

import pytest

from jobmon.cli.chosen_workspace import chosen_workspace
from jobmon.cli.run_number import RUN_NUMBER, GivenRun
from jobmon.errors import PermanentError
from jobmon.settings import Secret, Settings, WorkspaceSettings

EU = WorkspaceSettings(name="eu", workspace_id=1, host="https://eu.example.com", token=Secret("x"))
US = WorkspaceSettings(name="us", workspace_id=2, host="https://us.example.com", token=Secret("x"))


def page(address: str) -> GivenRun:
    return RUN_NUMBER.convert(address, None, None)


@pytest.mark.parametrize(
    "address",
    ["https://us.example.com/jobs/1/runs/5", "https://vanity.example.com/jobs/1/runs/5?o=2"],
)
def test_of_several_workspaces_the_page_names_its_own(address: str) -> None:
    chosen = chosen_workspace(Settings(workspaces=(EU, US)), "", page(address))

    assert chosen is US


@pytest.mark.parametrize("name", ["", "eu"])
def test_a_page_of_another_workspace_is_refused(name: str) -> None:
    given = page("https://us.example.com/jobs/1/runs/5?o=2")

    with pytest.raises(PermanentError, match=r"page is of us\.example\.com, not of workspace eu"):
        chosen_workspace(Settings(workspaces=(EU,)), name, given)


@pytest.mark.parametrize("said", ["5", "https://eu.example.com/?o=1#job/1/run/5"])
def test_a_number_and_a_page_of_its_own_are_taken(said: str) -> None:
    assert chosen_workspace(Settings(workspaces=(EU,)), "", page(said)) is EU
