"""What Databricks itself, installers, dbt and other tools print."""

import pytest

from rules.causes import parse_text


def root_line(text: str) -> str:
    return parse_text(text, field="error").headline


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (
            "ERROR: No matching distribution found for foo==9.9",
            (
                "ERROR: Could not find a version that satisfies the requirement foo==9.9\n"
                "ERROR: No matching distribution found for foo==9.9\nCommand exited with code 1"
            ),
        ),
        (
            "      error: command 'gcc' failed: No such file or directory",
            (
                "  error: subprocess-exited-with-error\n\n  │ exit code: 1\n"
                "      error: command 'gcc' failed: No such file or directory\n"
                "  note: This error originates from a subprocess, and is no problem of pip."
            ),
        ),
        (
            (
                "ipykernel 6.15.3 requires ipython>=7.23.1, but you have ipython 7.22.0 which is "
                "incompatible."
            ),
            (
                "ERROR: pip's dependency resolver does not currently take into account packages.\n"
                "ipykernel 6.15.3 requires ipython>=7.23.1, but you have ipython 7.22.0 which is "
                "incompatible."
            ),
        ),
    ],
    ids=["not found", "not built", "conflict"],
)
def test_pip_is_read_for_what_is_wrong(cause: str, text: str) -> None:
    assert root_line(text) == cause


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (
            "  [UNRESOLVED_COLUMN.WITH_SUGGESTION] No column `amount_x`.",
            (
                "10:02:15    Database Error in model orders (models/silver/orders.sql)\n"
                "  [UNRESOLVED_COLUMN.WITH_SUGGESTION] No column `amount_x`.\n"
                "  compiled code at target/run/x/models/silver/orders.sql"
            ),
        ),
        (
            "  'stg_orderz' is undefined",
            (
                "Encountered an error:\nCompilation Error in model orders (models/orders.sql)\n"
                "  'stg_orderz' is undefined\n"
            ),
        ),
        (
            "06:00:15    Got 3 results, configured to fail if != 0",
            (
                "06:00:15  Completed with 1 error and 0 warnings:\n"
                "06:00:15  Failure in test not_null_orders_id (models/schema.yml)\n"
                "06:00:15    Got 3 results, configured to fail if != 0\n"
            ),
        ),
    ],
    ids=["database", "compilation", "test"],
)
def test_dbt_is_read_for_what_stands_below_its_heading(cause: str, text: str) -> None:
    assert root_line(text) == cause


def test_a_library_wrapper_is_read_for_the_installers_error() -> None:
    report = parse_text(
        "Task load failed with message: Library installation failed for library due to user error "
        "for pypi {\n}\n Error messages:\n"
        "Library installation attempted on the driver node of cluster 0420-x and failed. Error "
        "Code: DRIVER_LIBRARY_INSTALLATION_FAILURE. Error Message: x.SparkException: "
        "Process List(pip, install, x==1) exited with code 1. ERROR: Could not find a version\n"
        "This caused all downstream tasks to get skipped.\n",
        field="message",
    )

    assert report.headline.startswith("Library installation attempted on the driver node")


@pytest.mark.parametrize(
    "line",
    [
        "Workload failed, see run output for details",
        (
            "Task main failed with message: Workload failed, see run output for details. This "
            "caused all downstream tasks to get skipped."
        ),
        "Command exited with code 1",
        "Process completed with exit code 1.",
    ],
)
def test_a_text_that_names_no_cause_is_a_wrapper_and_is_quoted(line: str) -> None:
    report = parse_text(line, field="message")

    assert report.headline == line
    assert report.root is not None
    assert report.root.wrapper


@pytest.mark.parametrize(
    "state",
    [
        (
            "Task {} failed with message: Cluster was terminated: no capacity. This caused all "
            "downstream tasks to get skipped."
        ),
        (
            "Run result unavailable: job failed with error message Cluster was terminated: "
            "no capacity."
        ),
        "Cluster was terminated: no capacity.",
    ],
)
def test_what_is_said_about_the_run_is_not_part_of_the_message(state: str) -> None:
    line = state.format("load_orders")

    report = parse_text(line, field="message")

    assert report.headline == line
    assert report.root is not None
    assert report.root.message == "Cluster was terminated: no capacity."


def test_an_error_in_a_state_message_is_read_as_an_error() -> None:
    report = parse_text("Task a failed with message: ValueError: no rows", field="message")

    assert report.root is not None
    assert (report.root.type, report.root.message) == ("ValueError", "no rows")


@pytest.mark.parametrize(
    ("text", "error_condition", "sqlstate"),
    [
        ("[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012", "DIVIDE_BY_ZERO", "22012"),
        ("PERMISSION_DENIED: User may not MODIFY. SQLSTATE: 42501", "PERMISSION_DENIED", "42501"),
        ("ParseException: \n[PARSE_SYNTAX_ERROR] near 'FORM'", "PARSE_SYNTAX_ERROR", ""),
        ("Query error: [TABLE_OR_VIEW_NOT_FOUND] No `a`.", "TABLE_OR_VIEW_NOT_FOUND", ""),
        ("> SELECT secret('a', 'b');\n  Error: INVALID_LOOKUP.FAILED", "INVALID_LOOKUP.FAILED", ""),
        ("UC_COMMAND.WITH_HINT: not here. SQLSTATE: 0AKUC", "UC_COMMAND.WITH_HINT", "0AKUC"),
        ("Error: ERR_INVALID_ARG_TYPE", "", ""),
        ("[ERROR] something failed", "", ""),
        ("RestException: RESOURCE_DOES_NOT_EXIST: no model", "RESOURCE_DOES_NOT_EXIST", ""),
    ],
)
def test_error_conditions_and_sqlstates_are_read(
    text: str, error_condition: str, sqlstate: str
) -> None:
    report = parse_text(text, field="error")

    assert report.root is not None
    assert (report.root.error_condition, report.root.sqlstate) == (error_condition, sqlstate)


def test_snowflakes_place_in_the_statement_gives_way_to_what_is_wrong_there() -> None:
    text = (
        "Database Error in model sales (models/sales.sql)\n"
        "  000904 (42000): SQL compilation error: error line 3 at position 7\n"
        "  invalid identifier 'SOLD_ON'"
    )
    assert root_line(text) == "  invalid identifier 'SOLD_ON'"


def test_a_drawn_tree_of_causes_is_read_to_its_last_branch() -> None:
    text = (
        "  x Failed to download `foo==1.2`\n"
        "  ├─▶ I/O operation failed during extraction\n"
        "  ╰─▶ Failed to download distribution due to network timeout."
    )
    assert root_line(text).endswith("due to network timeout.")


def test_source_that_a_tool_draws_is_not_read_as_a_message() -> None:
    text = (
        "  CalledProcessError\n\n"
        "  Command '['pip', 'install']' could not be run: no such program\n\n"
        "  at /usr/lib/python3.10/subprocess.py:516 in run\n"
        "    → 516│             raise CalledProcessError(retcode, process.args)"
    )
    assert "no such program" in root_line(text)


def test_the_message_of_a_printed_answer_says_what_its_status_line_does_not() -> None:
    text = (
        "requests.exceptions.HTTPError: 400 Client Error: Bad Request for url: https://x/create\n"
        " Response from server: \n"
        " { 'error_code': 'QUOTA_EXCEEDED',\n"
        "   'message': 'The quota for the number of jobs has been reached.'}"
    )
    assert "The quota for the number of jobs" in root_line(text)


def test_a_type_made_bold_is_still_a_type() -> None:
    report = parse_text("**ValueError**: no such region", field="error")
    assert report.root is not None
    assert report.root.type == "ValueError"


def test_what_was_polled_says_less_than_what_the_server_answered() -> None:
    text = (
        "ERROR - Service deployment polling reached non-successful terminal state: Failed\n"
        "Error response from server:\nStatusCode: 400\nMessage: the region mars cannot be found."
    )
    assert root_line(text) == "Message: the region mars cannot be found."


def test_a_possible_cause_is_a_guess() -> None:
    text = (
        "* Possible cause = The cluster is not running, or not accessible\n"
        "* details = 'RESOURCE_DOES_NOT_EXIST: No cluster found matching: mars-7'"
    )
    assert root_line(text).startswith("* details")
