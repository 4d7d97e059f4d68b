"""Names that are found in the root cause, whatever rule fired."""

import pytest

from jobmon.diagnosis import Category
from rules.engine import classify
from rules.ruleset import RuleSet
from tests.rules.builders import a_failure, a_rule, when

ANYTHING = RuleSet([a_rule("PY900", when("line", regex="."))])


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("ModuleNotFoundError: No module named 'xgboost.core'", "module", "xgboost.core"),
        ("java.lang.ClassNotFoundException: org.acme.Driver", "module", "org.acme.Driver"),
        ("AnalysisException: Column 'age' does not exist.", "column", "age"),
        ("AnalysisException: Reference `id` is ambiguous, could be: `a`.`id`", "column", "id"),
        ("AnalysisException: The table or view `a`.`b` cannot be found", "table", "`a`.`b`"),
        ("NoSuchTableException: Table main.sales.orders not found", "table", "main.sales.orders"),
        ("AnalysisException: Path does not exist: dbfs:/raw/day=1", "path", "dbfs:/raw/day=1"),
        ("FileNotFoundError: No such file or directory: '/data/x.csv'", "path", "/data/x.csv"),
        ("ERROR: No matching distribution found for polarz==1", "library", "polarz==1"),
        ("java.net.UnknownHostException: db.acme.example", "host", "db.acme.example"),
        ("RuntimeError: the process exited with code 137", "exit_code", "137"),
        ("RestException: Registered Model with name=churn not found", "model", "churn"),
        ("NameError: name 'spark' is not defined", "function", "spark"),
        ("OSError: [Errno 13] Permission denied: '\u2018/data/x\u2019'", "path", "/data/x"),
        ("ERROR: Command errored out with exit status 1: setup.py", "exit_code", "1"),
        ("KafkaError: Unable to bootstrap from [('broker', 9092, 0)]", "host", "broker"),
        ("AcmeError: Failed to connect to Riva server: gpu:50051", "host", "gpu"),
        ("DeltaError: Object at location raw/a.parquet not found", "path", "raw/a.parquet"),
        ("ConnectError: connection broken: /simple/polars/", "library", "polars"),
        ("TimeoutException: Topic clicks not present in metadata after 9 ms.", "topic", "clicks"),
        ("IOException: Failed to connect to main_db/10.0.0.4:7337", "host", "main_db"),
        ("ERROR Backend: Driver 10.1.2.3:43941 disassociated! Exit.", "host", "10.1.2.3"),
        ("DataError: 2 of 4 checks failed for prod.sales.orders", "table", "prod.sales.orders"),
        (
            'IOException: "Not so.", 403, HEAD, https://a.example/b/c?timeout=90',
            "path",
            "https://a.example/b/c",
        ),
        ("CommitFailedException: Cannot commit db.orders because", "table", "db.orders"),
        ("AcmeError: The config 'warehouse' is required", "parameter", "warehouse"),
        ("RayError: the task died. Node IP: 10.0.0.7, node ID: 5f1c", "host", "10.0.0.7"),
        (
            "FileNotFoundException: C:\\in\\a.csv (The system cannot find it)",
            "path",
            "C:\\in\\a.csv",
        ),
    ],
)
def test_a_name_is_found(text: str, name: str, value: str) -> None:
    finding = classify(a_failure(text), ANYTHING).finding

    assert finding is not None
    assert dict(finding.entities)[name] == value


def test_a_statement_in_quotes_is_no_table() -> None:
    text = "Error: a file was deleted by hand rather than with the table `DELETE` statement"

    finding = classify(a_failure(text), ANYTHING).finding

    assert finding is not None
    assert "table" not in dict(finding.entities)


SCHEMAS = """\
AnalysisException: A schema mismatch detected when writing to the Delta table.
Table schema:
root
-- name: string (nullable = true)

Data schema:
root
-- name: string (nullable = true)
-- country: string (nullable = true)
"""


def test_the_column_that_only_one_of_two_printed_schemas_has_is_named() -> None:
    mismatch = a_rule("PY900", when("line", contains="mismatch"), category=Category.SCHEMA_MISMATCH)

    finding = classify(a_failure(SCHEMAS), RuleSet([mismatch])).finding

    assert finding is not None
    assert dict(finding.entities)["column"] == "country"


UNION = """\
AnalysisException: Union can only be performed on tables with the same number of columns: mismatch;
'Union false, false
:- SubqueryAlias sales
:  +- Relation[id#16,name#17] parquet
+- Project [id#21L, name#22, key#20 AS country#23]
   +- Relation[key#20,id#21L,name#22] parquet
"""


def test_the_column_that_only_one_branch_of_a_printed_plan_has_is_named() -> None:
    mismatch = a_rule("PY900", when("line", contains="mismatch"), category=Category.SCHEMA_MISMATCH)

    finding = classify(a_failure(UNION), RuleSet([mismatch])).finding

    assert finding is not None
    assert dict(finding.entities)["column"] == "country"


PLAN = """AnalysisException: a mismatch: the first table has 2 columns, the second 3;;
'Except false
:- Relation[id#16,name#17] parquet
+- Relation[id#18,name#19L,country#20] parquet
"""


def test_the_column_that_only_one_of_two_relations_has_is_named() -> None:
    mismatch = a_rule("PY900", when("line", contains="mismatch"), category=Category.SCHEMA_MISMATCH)

    finding = classify(a_failure(PLAN), RuleSet([mismatch])).finding

    assert finding is not None
    assert dict(finding.entities)["column"] == "country"


def test_the_users_own_function_is_named() -> None:
    text = 'File "/Workspace/etl/load.py", line 4, in load_orders\nValueError: no'

    finding = classify(a_failure(text), ANYTHING).finding

    assert finding is not None
    assert dict(finding.entities)["function"] == "load_orders"


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("s3://lake/orders:", "s3://lake/orders"),
        ("s3://lake/a.parquet]", "s3://lake/a.parquet"),
        ("/data/[2024]", "/data/[2024]"),
        ("/data/orders.", "/data/orders"),
        ("/data/a/very/lo...", "/data/a/very/lo..."),
    ],
)
def test_a_path_ends_where_the_sentence_goes_on(said: str, path: str) -> None:
    rule = a_rule("PY900", when("line", regex=r"looked at (?P<path>\S+)"))

    finding = classify(a_failure(f"ValueError: looked at {said}"), RuleSet([rule])).finding

    assert finding is not None
    assert dict(finding.entities)["path"] == path


def test_what_the_rule_captured_comes_first() -> None:
    rule = a_rule("PY900", when("message", regex=r"for (?P<path>\w+) at"))
    text = "FileNotFoundError: looked for orders at; No such file or directory: '/tmp/x'"

    finding = classify(a_failure(text), RuleSet([rule])).finding

    assert finding is not None
    assert dict(finding.entities)["path"] == "orders"


def test_a_captured_name_ends_where_its_sentence_does() -> None:
    rule = a_rule("PY900", when("line", regex=r"field: (?P<parameter>\S+) of (?P<table>\S+)"))
    said = "AcmeError: no field: settings.key. of orders`; nothing was written"

    found = classify(a_failure(said), RuleSet([rule]))

    assert found.entities == {"parameter": "settings.key", "table": "orders"}


def test_captures_with_other_names_only_fill_summaries() -> None:
    condition = when("message", regex=r"left (?P<share>\d+) percent")
    rule = a_rule("PY900", condition, summary=("Only $share % left.",))

    finding = classify(a_failure("ValueError: left 3 percent"), RuleSet([rule])).finding

    assert finding is not None
    assert finding.summary == "Only 3 % left."
    assert "share" not in dict(finding.entities)


def test_where_a_link_to_documentation_leads_is_no_host_that_failed() -> None:
    text = "IOException: no answer. See https://docs.databricks.com/delta/conflicts"

    finding = classify(a_failure(text), ANYTHING).finding

    assert finding is not None
    assert "host" not in dict(finding.entities)


def test_where_access_was_denied_is_said_above_what_denied_it() -> None:
    text = (
        "java.nio.file.AccessDeniedException: s3a://reports/daily: getFileStatus on s3a://reports:\n"
        "S3Exception: Forbidden (Service: Amazon S3; Status Code: 403)"
    )

    finding = classify(a_failure(text), ANYTHING).finding

    assert finding is not None
    assert dict(finding.entities)["path"] == "s3a://reports/daily"
