"""What builds, deployments and their tools head or list above what is wrong."""

import pytest

from rules.causes import parse_text


def root_line(text: str) -> str:
    return parse_text(text, field="error").headline


def test_what_is_wrong_stands_in_a_box_of_terraform_below_its_heading() -> None:
    assert root_line(
        "╷\n"
        "│ Error: Missing required argument\n"
        "│ \n"
        '│   on modules/lake/workspace.tf line 12, in module "lake":\n'
        '│   12: module "lake" {\n'
        "│ \n"
        '│ The argument "region" is required, but no definition was found.\n'
        "╵\n"
        "╷\n"
        "│ Error: Unsupported argument\n"
        "│ \n"
        "│   on modules/lake/workspace.tf line 15:\n"
        "│   15:   account = var.account\n"
        "│ \n"
        '│ An argument named "account" is not expected here.\n'
        "╵\n"
    ) == ('│ The argument "region" is required, but no definition was found.')


def test_a_heading_of_terraform_that_says_why_itself_is_the_cause() -> None:
    cause = '│ Error: cannot create cluster: Post "https://x/api/2.0/clusters": no such host'

    assert root_line(f"╷\n{cause}\n│ \n│   with databricks_cluster.etl,\n╵\n") == cause


def test_a_variable_that_a_step_was_given_is_no_error_condition() -> None:
    cause = "Error: the bundle has no target prod"

    assert root_line(f"  env:\n    PKG_CONFIG_PATH: /opt/python/lib/pkgconfig\n{cause}\n") == cause


def test_of_a_bare_heading_of_pip_people_read_which_step_it_was() -> None:
    cause = "  \u00d7 Getting requirements to build wheel did not run successfully."

    assert root_line(f"error: subprocess-exited-with-error\n\n{cause}\n  │ exit code: 1\n") == cause


def test_what_tensorflow_says_of_a_task_stands_below_the_name_of_the_task() -> None:
    cause = "XLA met an instruction for which this is not implemented: %convert.7"

    assert root_line(
        f"Exception for device=xla:2: Unimplemented: From /job:worker/replica:0/task:0:\n{cause}\n"
    ) == (cause)
    assert root_line(
        "tensorflow.python.framework.errors_impl.InternalError: From /job:worker/replica:0/task:0:"
        f"\n{cause}\n"
    ) == (cause)


def test_blanks_that_set_a_table_are_no_words() -> None:
    cause = 'PipelineRun "load" failed to finish within "5m0s" (TaskRun "load-1" failed)'

    assert root_line(f"Timeout:            5m0s\nLabels:\n\n{cause}\n") == cause


def test_maven_is_read_for_its_error_line() -> None:
    cause = (
        "[ERROR] Failed to execute goal: Could not find artifact com.acme:lib:jar:2.0 in central"
    )
    text = f"[INFO] BUILD FAILURE\n{cause}\n[ERROR] \n[ERROR] To see the full stack trace use -e\n"

    assert root_line(text) == cause


def test_terraform_is_read_for_its_error_line() -> None:
    cause = "│ Error: cannot create job: PERMISSION_DENIED: User may not attach to this cluster"
    text = f"╷\n{cause}\n│ \n│   with databricks_job.this,\n╵\n"

    assert root_line(text) == cause


def test_the_step_and_seconds_of_an_image_build_are_looked_through() -> None:
    text = "#9 12.40   SolverProblemError\n#9 12.40\n#9 12.40   Because app depends on foo (9)"
    assert root_line(text) == "#9 12.40   Because app depends on foo (9)"


def test_the_place_that_pytest_names_is_not_an_error_of_its_own() -> None:
    text = "E   ValueError: no such region: mars\n\njobs/load.py:18: ValueError"
    assert root_line(text) == "E   ValueError: no such region: mars"


def test_what_terraform_exited_with_names_no_cause() -> None:
    text = "Error: terraform apply: exit status 1\n\nError: cannot create job: no such region: mars"
    assert root_line(text) == "Error: cannot create job: no such region: mars"


def test_no_test_of_a_summary_fails_because_of_the_one_above_it() -> None:
    first = "FAILED tests/test_totals.py::test_by_store[4] - KilledWorker: 4 workers died"

    assert (
        root_line(f"{first}\nFAILED tests/test_totals.py::test_by_day - KeyError: 'day'") == first
    )
    assert root_line(f"ERROR{first[6:]}\nERROR tests/test_load.py - KeyError: 'x'") == (
        f"ERROR{first[6:]}"
    )


def test_what_a_test_failed_of_is_read_behind_its_name() -> None:
    report = parse_text("FAILED tests/test_load.py::test_x - KeyError: 'day'", field="error")

    assert report.root is not None
    assert (report.root.type, report.root.message) == ("KeyError", "'day'")


@pytest.mark.parametrize("mark", ["", "##[error]"])
def test_powershell_says_below_the_place_what_is_wrong(mark: str) -> None:
    shown = (
        "Exception: D:\\a\\1\\deploy\\Import-Tides.ps1:20",
        "Line |",
        '  20 |      Get-ChildItem "$folder" -Filter "*.json"',
        "     |      ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
        "     | TIDE29: no such region: mars",
    )
    assert root_line("\n".join(mark + line for line in shown)).endswith("no such region: mars")
