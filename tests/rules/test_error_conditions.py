import pytest

from jobmon.diagnosis import Category, Confidence, Rerun
from rules.error_conditions import ErrorConditionInfo, error_condition_table, lookup


def known(error_condition: str, sqlstate: str = "") -> ErrorConditionInfo:
    found = lookup(error_condition, sqlstate)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("error_condition", "category"),
    [
        ("TABLE_OR_VIEW_NOT_FOUND", Category.TABLE_NOT_FOUND),
        ("UNRESOLVED_COLUMN.WITH_SUGGESTION", Category.UNRESOLVED_COLUMN),
        ("PATH_NOT_FOUND", Category.PATH_NOT_FOUND),
        ("DELTA_FAILED_TO_MERGE_FIELDS", Category.SCHEMA_MISMATCH),
        ("CAST_INVALID_INPUT", Category.DATA_TYPE_OR_CAST),
        ("PARSE_SYNTAX_ERROR", Category.SYNTAX_ERROR),
        ("DELTA_VIOLATE_CONSTRAINT_WITH_VALUES", Category.DATA_QUALITY),
        ("DELTA_CONCURRENT_APPEND", Category.CONCURRENT_MODIFICATION),
        ("CONCURRENT_STREAM_LOG_UPDATE", Category.STREAMING_FAILURE),
        ("KRYO_BUFFER_OVERFLOW", Category.SERIALIZATION),
        ("UNSUPPORTED_FEATURE.TABLE_OPERATION", Category.UNSUPPORTED_OPERATION),
        ("TABLE_OR_VIEW_ALREADY_EXISTS", Category.USER_CODE_EXCEPTION),
        ("INTERNAL_ERROR", Category.INTERNAL_ERROR),
        ("AGGREGATE_OUT_OF_MEMORY", Category.OUT_OF_MEMORY),
        ("LOCAL_RELATION_SIZE_LIMIT_EXCEEDED", Category.QUOTA_OR_LIMIT),
        ("CANNOT_CONFIGURE_SPARK_MASTER", Category.UNSUPPORTED_OPERATION),
        ("PANDAS_API_ON_SPARK_FAIL_ON_ANSI_MODE", Category.UNSUPPORTED_OPERATION),
        ("CONNECT_INVALID_PLAN.NO_HANDLER_FOR_EXTENSION", Category.UNSUPPORTED_OPERATION),
    ],
)
def test_a_listed_condition_says_what_kind_of_failure_it_is(
    error_condition: str, category: Category
) -> None:
    assert known(error_condition).category is category


@pytest.mark.parametrize(
    ("error_condition", "category"),
    [
        ("INSUFFICIENT_PERMISSIONS_STORAGE_CRED", Category.PERMISSION_DENIED),
        ("UC_VOLUME_NOT_FOUND", Category.PATH_NOT_FOUND),
        ("SOME_FUTURE_SCHEMA_NOT_FOUND", Category.TABLE_NOT_FOUND),
        ("DELTA_SHARING_NOT_SUPPORTED_HERE", Category.UNSUPPORTED_OPERATION),
        ("UDF_PYSPARK_ERROR.OOM", Category.OUT_OF_MEMORY),
        ("UDF_ENVIRONMENT_USER_ERROR.GENERIC", Category.LIBRARY_INSTALL),
        ("UDF_ENVIRONMENT_USER_ERROR.NETWORK_UNREACHABLE", Category.NETWORK),
        ("PS_MISSING_AUTH_INFO", Category.MISSING_PARAMETER_OR_SECRET),
        ("COPY_INTO_NON_BLIND_APPEND_NOT_ALLOWED", Category.CONCURRENT_MODIFICATION),
        ("NO_SUCH_RECIPIENT_EXCEPTION", Category.PATH_NOT_FOUND),
        ("DC_SOURCE_API_ERROR", Category.EXTERNAL_SERVICE),
    ],
)
def test_a_condition_that_nobody_listed_is_understood_by_the_words_of_its_name(
    error_condition: str, category: Category
) -> None:
    assert error_condition not in error_condition_table().known
    assert known(error_condition).category is category


@pytest.mark.parametrize(
    ("error_condition", "category"),
    [
        ("DELTA_CANNOT_POLISH_TABLE", Category.UNSUPPORTED_OPERATION),
        ("TOO_MANY_LEDGERS", Category.QUOTA_OR_LIMIT),
        ("LEDGER_NOT_FOUND", Category.PATH_NOT_FOUND),
        ("INVALID_LEDGER", Category.USER_CODE_EXCEPTION),
    ],
)
def test_what_any_word_of_a_name_suggests_is_told_with_low_confidence(
    error_condition: str, category: Category
) -> None:
    found = known(error_condition)

    assert (found.category, found.confidence) == (category, Confidence.LOW)
    assert known(error_condition, "08001").category is Category.NETWORK


@pytest.mark.parametrize(
    ("sqlstate", "category"),
    [
        ("42601", Category.SYNTAX_ERROR),
        ("42P01", Category.TABLE_NOT_FOUND),
        ("42703", Category.UNRESOLVED_COLUMN),
        ("42501", Category.PERMISSION_DENIED),
        ("22003", Category.DATA_TYPE_OR_CAST),
        ("23505", Category.DATA_QUALITY),
        ("0AKUC", Category.UNSUPPORTED_OPERATION),
        ("08001", Category.NETWORK),
        ("39000", Category.USER_CODE_EXCEPTION),
        ("54000", Category.QUOTA_OR_LIMIT),
        ("XXKST", Category.INTERNAL_ERROR),
    ],
)
def test_a_name_that_says_nothing_is_understood_by_its_sqlstate(
    sqlstate: str, category: Category
) -> None:
    assert known("A_NAME_OF_ITS_OWN", sqlstate).category is category


def test_the_name_says_more_than_the_sqlstate() -> None:
    assert known("PATH_NOT_FOUND", "42000").category is Category.PATH_NOT_FOUND


def test_a_subcondition_says_more_than_the_condition() -> None:
    assert known("FAILED_READ_FILE.FILE_NOT_EXIST", "KD001").category is Category.PATH_NOT_FOUND


def test_words_are_whole_parts_of_a_name() -> None:
    assert lookup("BROADCASTING_ROOM") is None


def test_nothing_is_said_of_a_name_and_a_state_that_tell_nothing() -> None:
    assert lookup("A_NAME_OF_ITS_OWN", "ZZ999") is None
    assert lookup("", "") is None


def test_a_check_of_pysparks_own_is_the_codes_fault() -> None:
    assert known("ARGUMENT_REQUIRED").category is Category.USER_CODE_EXCEPTION


def test_the_sentence_names_the_condition() -> None:
    info = known("SCHEMA_NOT_FOUND", "42704")
    assert "SCHEMA_NOT_FOUND" in info.summary
    assert "$" not in info.summary
    assert info.remedy.endswith(".")


def test_without_a_name_the_sentence_names_the_sqlstate() -> None:
    assert "SQLSTATE 42P01" in known("", "42P01").summary


def test_a_rerun_is_advised_only_for_what_passes_by_itself() -> None:
    advised = {
        name
        for name, state in error_condition_table().known.items()
        if known_rerun(name, state) is Rerun.LIKELY_TO_HELP
    }
    assert advised == {
        "DELTA_SCHEMA_CHANGED",
        "DELTA_SCHEMA_CHANGED_WITH_STARTING_OPTIONS",
        "DELTA_SCHEMA_CHANGED_WITH_VERSION",
        "DELTA_SCHEMA_CHANGE_SINCE_ANALYSIS",
        "DELTA_STREAMING_METADATA_EVOLUTION",
    }


def known_rerun(error_condition: str, sqlstate: str) -> Rerun | None:
    info = lookup(error_condition, sqlstate)
    return info.rerun if info else None


def test_nearly_every_listed_condition_is_understood() -> None:
    table = error_condition_table().known
    silent = [name for name, state in table.items() if lookup(name, state) is None]
    assert len(table) > 1400
    assert len(silent) < 40
