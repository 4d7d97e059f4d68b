"""Lines that only lead to the message: the one below them is quoted."""

import pytest

from rules.causes import parse_text


def root_line(text: str) -> str:
    return parse_text(text, field="logs").headline


def test_the_line_below_a_heading_is_the_error() -> None:
    text = (
        "Attempting to write with on_error='ABORT' to STAGE_ERRORS\n"
        "An unexpected error occurred: 001008 (22023): SQL compilation error:\n"
        "invalid value [?] for parameter 'ON_ERROR'\n"
    )

    assert root_line(text) == "invalid value [?] for parameter 'ON_ERROR'"


@pytest.mark.parametrize("heading", ["1 error(s) occurred:", "1 error occurred:"])
def test_the_first_of_errors_that_were_collected_is_the_error(heading: str) -> None:
    error = "* module.lake.aws_instance.edge: i/o timeout"
    text = (
        f"[WARN] retryable error: i/o timeout\nError: Error applying plan:\n\n{heading}\n\n{error}"
    )

    assert root_line(text) == error


def test_the_line_below_a_failed_dbt_operation_is_the_error() -> None:
    text = (
        "18:38:30  Running with dbt=1.8\n"
        "18:38:31  Encountered an error while running operation: Database Error\n"
        "  UNION types text and numeric cannot be matched\n"
    )

    assert root_line(text) == "  UNION types text and numeric cannot be matched"


def test_a_heading_of_dbt_on_the_same_line_is_not_part_of_the_message() -> None:
    line = "Database Error in model fct_refunds (models/fct_refunds.sql) the books are closed"

    report = parse_text(line, field="error")

    assert report.headline == line
    assert report.root is not None
    assert report.root.message == "the books are closed"
    assert not report.root.wrapper


def test_a_heading_of_dbt_before_the_place_of_its_code_stays_a_heading() -> None:
    line = "Database Error in model fct_a (models/fct_a.sql) compiled code at target/run/fct_a.sql"

    report = parse_text(line, field="error")

    assert report.root is not None
    assert report.root.wrapper


def test_what_a_process_printed_below_the_gateway_of_sparklyr_says_why() -> None:
    cause = "Error: Could not find or load main class org.apache.spark.deploy.SparkSubmit"
    text = (
        "Error in force(code) : \n  Failed while connecting to sparklyr to port (8881) for "
        "sessionid (77): Gateway in localhost:8881 did not respond.\n    Log: /tmp/spark.log\n\n"
        f"---- Output Log ----\n{cause}\n\n---- Error Log ----\n"
    )

    assert root_line(text) == cause


def test_a_condition_of_rs_tidyverse_is_told_below_its_heading() -> None:
    text = "Error in `ledger_open()`:\n! No ledger was given: \n - No 'LEDGER' variable is set\n"

    assert root_line(text) == "! No ledger was given: "


def test_a_condition_of_r_is_told_below_its_heading() -> None:
    text = "Error in if (nrow(days) > 0) { : \n  argument is of length zero\nExecution halted\n"

    assert root_line(text) == "  argument is of length zero"


def test_an_error_of_r_is_told_below_its_heading() -> None:
    text = "Error in eval(predvars, data, env) : \n  object 'orders' not found\nExecution halted\n"

    assert root_line(text) == "  object 'orders' not found"


def test_an_error_of_r_whose_call_was_cut_is_told_below_its_heading() -> None:
    text = (
        'Error in load_rates(day = "2024-02-30", table = "rates",  : \n'
        "  there are no such rates\nExecution halted\n"
    )

    assert root_line(text) == "  there are no such rates"


def test_a_failed_dbt_test_is_told_by_its_result() -> None:
    text = (
        "4 of 5 FAIL 1 unique_orders ................ [FAIL 1 in 0.09s]\n"
        "[ERROR]: in test unique_orders (models/schema.yml)\n"
        "  Got 1 result, configured to fail if != 0\n"
        "Done. PASS=4 WARN=0 ERROR=1 SKIP=0 TOTAL=5\n"
    )

    assert root_line(text) == "  Got 1 result, configured to fail if != 0"


def test_a_header_that_only_names_types_and_codes_gives_way_to_the_message() -> None:
    text = (
        "sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable)\n"
        'relation "orders" does not exist\n'
    )

    assert root_line(text) == 'relation "orders" does not exist'


def test_lines_that_only_lead_to_the_message_are_passed_over() -> None:
    text = (
        "dlt.pipeline.exceptions.PipelineStepFailed: Pipeline execution failed at `step=load` "
        "with exception:\n"
        "\n"
        "<class 'dlt.destinations.exceptions.DatabaseTerminalException'>\n"
        "no such column: fare\n"
    )

    assert root_line(text) == "no such column: fare"


def test_the_module_that_was_not_imported_is_told_below_the_announcement() -> None:
    text = (
        "RuntimeError: Failed to import transformers.trainer because of the following error "
        "(look up to see its traceback):\n"
        "cannot import name 'shards' from 'huggingface_hub' (/lib/huggingface_hub/__init__.py)\n"
    )

    assert root_line(text) == text.splitlines()[1]


def test_a_heading_gives_way_to_the_line_below_it() -> None:
    text = (
        "Azure Quota Exceeded Exception:\n"
        "Error code: QuotaExceeded, error message: Operation exceeds approved cores quota."
    )

    assert root_line(text).startswith("Error code: QuotaExceeded")


def test_what_was_not_found_is_told_below_the_line_that_says_so() -> None:
    text = "FileNotFoundError: \nInput not found:\n./inputs/ledger.csv\n\nPut it there.\n"

    assert root_line(text) == "./inputs/ledger.csv"


def test_an_announcement_gives_way_to_what_it_announces() -> None:
    text = "run failed with error message\n Failed to reach the driver"

    assert root_line(text) == " Failed to reach the driver"


def test_what_pydantic_says_of_a_field_is_told_below_its_name() -> None:
    text = (
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for Order\n"
        "lines.0.qty\n"
        "  Input should be a valid integer [type=int_type, input_value='x', input_type=str]\n"
    )

    assert root_line(text).startswith("  Input should be a valid integer")


def test_why_an_executor_left_is_told_below_the_sentence_about_it() -> None:
    text = (
        "ExecutorLostFailure (executor 5 exited caused by one of the running tasks)\n"
        "Reason: Executor heartbeat timed out after 120000 ms\n"
    )

    assert root_line(text) == "Reason: Executor heartbeat timed out after 120000 ms"


def test_the_fence_around_pasted_code_is_no_line_of_it() -> None:
    text = "```text\nRuntimeError: [LEDGER_CLOSED]\n```\nWe opened it again.\n"

    assert root_line(text) == "RuntimeError: [LEDGER_CLOSED]"


def test_what_dbt_made_an_error_of_is_told_below_it() -> None:
    text = (
        "Encountered an error:\n"
        "Runtime Error\n"
        "  Failed to read package at /srv/dbt/dbt_modules/harbor_utils: Runtime Error\n"
        "    at path []: 'version' is a required property\n"
    )

    assert root_line(text) == "    at path []: 'version' is a required property"


def test_below_the_bare_heading_of_an_old_dbt_stands_all_that_it_says() -> None:
    assert root_line("Running with dbt=0.15.2\nEncountered an error:\n'profile'\n") == "'profile'"
