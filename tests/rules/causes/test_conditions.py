"""Error conditions of Spark: where they stand, and which of several counts."""

import pytest

from jobmon.diagnosis import ErrorReport
from rules.causes import parse_text


def read(text: str) -> ErrorReport:
    return parse_text(text, field="trace")


def root_line(text: str) -> str:
    return read(text).headline


@pytest.mark.parametrize("between", [" ", "\n"], ids=["on one line", "wrapped"])
@pytest.mark.parametrize("type_", ["", "StreamingQueryException: "], ids=["bare", "typed"])
def test_a_failing_stream_is_the_error_condition_it_carries(type_: str, between: str) -> None:
    report = read(
        f"{type_}[STREAM_FAILED] Query [id = 1, runId = 2] terminated with exception:{between}"
        "[DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE] The streaming query was reading from an "
        "unexpected Delta table (id = 'f1')."
    )

    assert report.root is not None
    assert report.root.error_condition == "DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE"
    assert not report.root.wrapper


@pytest.mark.parametrize("between", [" ", ": ", " -> ", ""])
def test_an_error_condition_beside_one_that_carries_is_what_it_carries(between: str) -> None:
    report = read(f"[STREAM_FAILED]{between}[DELTA_SOURCE_TABLE_IGNORE_CHANGES]")

    assert report.root is not None
    assert report.root.error_condition == "DELTA_SOURCE_TABLE_IGNORE_CHANGES"


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("DELTA_SCHEMA_NOT_SET", "DELTA_SCHEMA_NOT_SET"),
        ("AnalysisException: `AMBIGUOUS_REFERENCE`", "AMBIGUOUS_REFERENCE"),
        ("UNSUPPORTED_DATA_TYPE Unsupported DataType 'set'", "UNSUPPORTED_DATA_TYPE"),
        ("ValueError: HARBOR_TABLE_NAME", ""),
        ("RuntimeError: INTERNAL_ERROR", ""),
    ],
)
def test_error_conditions_of_spark_need_no_brackets(text: str, condition: str) -> None:
    report = read(text)

    assert report.root is not None
    assert report.root.error_condition == condition


def test_a_list_in_a_message_is_no_error_condition_of_its_own() -> None:
    report = read("[UNRESOLVED_COLUMN] Cannot resolve `ID`, given input columns: [ORDER_ID]")

    assert [cause.error_condition for cause in report.causes] == ["UNRESOLVED_COLUMN"]


def test_the_message_below_a_bare_condition_is_quoted() -> None:
    text = "SparkException: [CANNOT_MERGE_SCHEMAS] \nFailed merging schemas of two files:\n"

    assert root_line(text) == "Failed merging schemas of two files:"


def test_of_conditions_below_each_other_the_last_is_quoted() -> None:
    last = "[DELTA_MERGE_INCOMPATIBLE_DATATYPE] Failed to merge incompatible data types A and B"
    text = (
        "[CANNOT_UPDATE_TABLE_SCHEMA] Failed to merge the current and new schemas for table\n"
        "  main.bronze.orders\n"
        "[DELTA_FAILED_TO_MERGE_FIELDS] Failed to merge fields 'zip' and 'zip'\n"
        f"{last}\n"
    )

    assert root_line(text) == last
