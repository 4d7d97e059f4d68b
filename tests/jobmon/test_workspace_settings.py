"""How to reach the workspaces: half a way to sign in is a fault."""

from pathlib import Path

import pytest

from jobmon.settings_reader import read_settings
from tests.jobmon.settings_faults import faults_of

HOST = {"DATABRICKS_HOST": "https://a.example.com"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET"),
        ("DATABRICKS_CLIENT_SECRET", "DATABRICKS_CLIENT_ID"),
    ],
)
def test_half_a_service_principal_is_a_fault_that_names_the_other_half(
    given: str, missing: str
) -> None:
    assert f"{missing}: set it too" in faults_of(**HOST, **{given: "x"})


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"DATABRICKS_TOKEN": "t"}, id="a token"),
        pytest.param({"DATABRICKS_CONFIG_PROFILE": "prod"}, id="a profile"),
        pytest.param({"DATABRICKS_AUTH_TYPE": "github-oidc"}, id="workload identity"),
    ],
)
def test_an_id_alone_is_no_fault_where_something_else_signs_in(other: dict[str, str]) -> None:
    assert read_settings({**HOST, "DATABRICKS_CLIENT_ID": "x", **other})


def test_a_secret_whose_file_cannot_be_read_is_one_fault(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")

    said = faults_of(**HOST, DATABRICKS_CLIENT_ID="x", DATABRICKS_CLIENT_SECRET_FILE=gone)

    assert said.splitlines() == [said]


def test_a_secret_of_the_file_that_cannot_be_read_is_one_fault(tmp_path: Path) -> None:
    file, gone = tmp_path / "jobmon.toml", str(tmp_path / "gone")
    file.write_text('[[workspaces]]\nname = "a"\nhost = "https://a.example.com"\ntoken_env = "T"\n')

    said = faults_of(JOBMON_CONFIG=str(file), T_FILE=gone)

    assert said == f"T_FILE: cannot read {gone}: No such file or directory"


@pytest.mark.parametrize(
    ("half", "said"),
    [
        ('client_id = "x"', "workspace prod: client_secret_env: give it too"),
        ('client_secret_env = "S"', "workspace prod: client_id: give it too"),
    ],
    ids=["id", "secret"],
)
def test_half_a_service_principal_in_the_file_is_a_fault(
    tmp_path: Path, half: str, said: str
) -> None:
    file = tmp_path / "jobmon.toml"
    file.write_text(f'[[workspaces]]\nname = "prod"\nhost = "https://a.example.com"\n{half}\n')

    assert said in faults_of(JOBMON_CONFIG=str(file), S="secret")
